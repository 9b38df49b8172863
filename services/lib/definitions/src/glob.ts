/** A pattern with `*`, `?` and `[…]`, as file names have them, for all of a text. */
const globbed = (pattern: string): RegExp => {
  const parts = pattern.split(/(\*|\?|\[!?[^\]]+\])/).map((part) => {
    if (part === "*") return ".*";
    if (part === "?") return ".";
    if (/^\[.+\]$/.test(part)) return part.replace(/^\[!/, "[^");
    return part.replaceAll(/[.+^${}()|\\[\]*?]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`, "s");
};

/** Whether a name is meant: with a `!` before it a pattern excludes, and exclusions alone leave everything else. */
export function selecting(patterns: readonly string[]): (name: string) => boolean {
  const excluded = patterns.filter((each) => each.startsWith("!")).map((each) => globbed(each.slice(1)));
  const included = patterns.filter((each) => !each.startsWith("!")).map(globbed);
  return (name) =>
    (included.length === 0 || included.some((each) => each.test(name))) && !excluded.some((each) => each.test(name));
}
