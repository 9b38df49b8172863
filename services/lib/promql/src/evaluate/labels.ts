import { replacing } from "../label-set.ts";
import { compiled } from "../matcher.ts";
import { QueryError } from "../query-error.ts";
import { distinct, type Line } from "./value.ts";

const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

function checkLabel(label: string, where: string): void {
  if (!LABEL.test(label)) throw new QueryError("execution", `invalid destination label name in ${where}(): ${label}`);
}

export function labelReplace(lines: readonly Line[], target = "", replacement = "", source = "", pattern = ""): Line[] {
  checkLabel(target, "label_replace");
  const regex = compiled(pattern);
  const made = lines.map((line): Line => {
    const matcher = regex.matcher(line.labels.labels.get(source) ?? "");
    if (!matcher.matches()) return line;
    const group = (name: string): string => {
      if (/^\d+$/.test(name)) return Number(name) <= matcher.groupCount() ? (matcher.group(Number(name)) ?? "") : "";
      return name in regex.namedGroups() ? (matcher.group(name) ?? "") : "";
    };
    return { ...line, labels: replacing(line.labels, target, expanded(replacement, group)) };
  });
  return distinct(made);
}

/** `$1`, `${1}`, `${name}`, and `$$` for itself, as Go's Expand has them. */
const expanded = (template: string, group: (name: string) => string): string =>
  template.replaceAll(/\$(?:\$|\{(\w+)\}|(\w+))/g, (all, braced?: string, bare?: string) =>
    all === "$$" ? "$" : group(braced ?? bare ?? ""),
  );

export function labelJoin(lines: readonly Line[], target = "", separator = "", ...sources: string[]): Line[] {
  checkLabel(target, "label_join");
  return distinct(
    lines.map((line): Line => {
      const joined = sources.map((source) => line.labels.labels.get(source) ?? "").join(separator);
      return { ...line, labels: replacing(line.labels, target, joined) };
    }),
  );
}

/** At an instant, by labels as people count: `v2` before `v10`. */
export function sortedByLabel(lines: readonly Line[], names: readonly string[], isAscending: boolean): Line[] {
  if (lines[0]?.values.length !== 1) return [...lines];
  const collator = new Intl.Collator("en", { numeric: true });
  return lines.toSorted((a, b) => {
    for (const name of names) {
      const order = collator.compare(a.labels.labels.get(name) ?? "", b.labels.labels.get(name) ?? "");
      if (order !== 0) return isAscending ? order : -order;
    }
    const order = a.labels.key < b.labels.key ? -1 : 1;
    return isAscending ? order : -order;
  });
}
