/**
 * What a price asks of a dimension: a value as it stands, a pattern in which `*` stands for any run of characters, or a
 * list of these, of which one must fit.
 */
export type Pattern = string | readonly string[];

export const fits = (pattern: Pattern, value: string | undefined): boolean =>
  value !== undefined && alternatives(pattern).some((one) => (isExact(one) ? one === value : glob(one).test(value)));

export const alternatives = (pattern: Pattern): readonly string[] =>
  typeof pattern === "string" ? [pattern] : pattern;

/** How much a pattern leaves open: one value, one of several, or whatever its stars stand for. */
export const looseness = (pattern: Pattern): 0 | 1 | 2 => {
  if (!alternatives(pattern).every(isExact)) return 2;
  return typeof pattern === "string" ? 0 : 1;
};

const isExact = (one: string): boolean => !one.includes("*");

/** Whether one value can fit both: two patterns leave everything open but what stands before the first and after the last star. */
export const meet = (a: Pattern, b: Pattern): boolean =>
  alternatives(a).some((one) => alternatives(b).some((other) => meetOne(one, other)));

function meetOne(a: string, b: string): boolean {
  if (isExact(a)) return fits(b, a);
  if (isExact(b)) return fits(a, b);
  const [heads, tails] = [
    [head(a), head(b)],
    [tail(a), tail(b)],
  ] as const;
  return (
    (heads[0].startsWith(heads[1]) || heads[1].startsWith(heads[0])) &&
    (tails[0].endsWith(tails[1]) || tails[1].endsWith(tails[0]))
  );
}

/** Whether all that fits the inner fits the outer too. A star of the inner can only lie within one of the outer. */
export const covers = (outer: Pattern, inner: Pattern): boolean => alternatives(inner).every((one) => fits(outer, one));

const head = (pattern: string): string => pattern.slice(0, pattern.indexOf("*"));

const tail = (pattern: string): string => pattern.slice(pattern.lastIndexOf("*") + 1);

const glob = (pattern: string): RegExp => new RegExp(`^${pattern.split("*").map(escaped).join(".*")}$`, "s");

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
