/** What a price asks of a dimension: a value as it stands, or a pattern in which `*` stands for any run of characters. */
export const fits = (pattern: string, value: string | undefined): boolean =>
  value !== undefined && (isExact(pattern) ? pattern === value : glob(pattern).test(value));

export const isExact = (pattern: string): boolean => !pattern.includes("*");

/** Whether one value can fit both: two patterns leave everything open but what stands before the first and after the last star. */
export function meet(a: string, b: string): boolean {
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

const head = (pattern: string): string => pattern.slice(0, pattern.indexOf("*"));

const tail = (pattern: string): string => pattern.slice(pattern.lastIndexOf("*") + 1);

const glob = (pattern: string): RegExp => new RegExp(`^${pattern.split("*").map(escaped).join(".*")}$`, "s");

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
