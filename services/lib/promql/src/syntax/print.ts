import { NAME } from "../label-set.ts";
import type { Matcher } from "../matcher.ts";
import { formatted } from "../number-text.ts";
import type { Aggregation, Binary, Expression, Matching, Selector, Shift, Subquery } from "./expression.ts";
import { parse } from "./parse.ts";

/** Longer than that, a part is laid out over several lines, as Prometheus does it. */
const WIDTH = 100;

/** A query as it should be laid out. Throws QueryError for what is no query; what it means stays the same. */
export const laidOut = (text: string): string => lines(parse(text), 0);

const indent = (level: number): string => "  ".repeat(level);

function lines(expression: Expression, level: number): string {
  const short = print(expression);
  if (short.length <= WIDTH) return indent(level) + short;
  switch (expression.kind) {
    case "aggregation": {
      const parts = [expression.parameter, expression.of].flatMap((part) => part ?? []);
      return `${indent(level)}${aggregator(expression)}(\n${inside(parts, level)}\n${indent(level)})`;
    }
    case "call":
      return `${indent(level)}${expression.name}(\n${inside(expression.args, level)}\n${indent(level)})`;
    case "binary": {
      const { left, right } = expression;
      const operator = `${indent(level)}${operatorOf(expression)}`;
      return [
        sideLines(left, expression, "left", level + 1),
        operator,
        sideLines(right, expression, "right", level + 1),
      ].join("\n");
    }
    default:
      return indent(level) + short;
  }
}

const inside = (parts: readonly Expression[], level: number): string =>
  parts.map((part) => lines(part, level + 1)).join(",\n");

function sideLines(side: Expression, of: Binary, where: "left" | "right", level: number): string {
  if (!needsParens(side, of, where)) return lines(side, level);
  return `${indent(level)}(\n${lines(side, level + 1)}\n${indent(level)})`;
}

function print(expression: Expression): string {
  switch (expression.kind) {
    case "number":
      return formatted(expression.value);
    case "string":
      return JSON.stringify(expression.text);
    case "negation":
      return `-${expression.of.kind === "binary" && expression.of.op !== "^" ? `(${print(expression.of)})` : print(expression.of)}`;
    case "selector":
      return selector(expression);
    case "subquery":
      return subquery(expression);
    case "aggregation": {
      const parts = [expression.parameter, expression.of].flatMap((part) => part ?? []);
      return `${aggregator(expression)}(${parts.map(print).join(", ")})`;
    }
    case "call":
      return `${expression.name}(${expression.args.map(print).join(", ")})`;
    case "binary":
      return `${side(expression, "left")} ${operatorOf(expression)} ${side(expression, "right")}`;
  }
}

function side(binary: Binary, where: "left" | "right"): string {
  const of = binary[where];
  return needsParens(of, binary, where) ? `(${print(of)})` : print(of);
}

const PRECEDENCE: readonly (readonly string[])[] = [
  ["or"],
  ["and", "unless"],
  ["==", "!=", "<=", "<", ">=", ">"],
  ["+", "-"],
  ["*", "/", "%", "atan2"],
  ["^"],
];

const rank = (op: string): number => PRECEDENCE.findIndex((ops) => ops.includes(op));

/** Of equal operators the left comes first, but for powers. A negation binds more loosely than a power. */
function needsParens(child: Expression, { op }: Binary, where: "left" | "right"): boolean {
  const isNegative = child.kind === "negation" || (child.kind === "number" && child.value < 0);
  if (isNegative) return op === "^" && where === "left";
  if (child.kind !== "binary") return false;
  if (rank(child.op) !== rank(op)) return rank(child.op) < rank(op);
  return where === (op === "^" ? "left" : "right");
}

const operatorOf = ({ op, bool, matching }: Binary): string => `${op}${bool ? " bool" : ""}${matched(matching)}`;

function matched({ on, labels, group, include }: Matching): string {
  const grouped = group === undefined ? "" : ` group_${group} (${include.join(", ")})`;
  // Grouping needs a matching to stand after.
  const among =
    on || labels.length > 0 || group !== undefined ? ` ${on ? "on" : "ignoring"} (${labels.join(", ")})` : "";
  return among + grouped;
}

function aggregator({ op, grouping: { without, labels } }: Aggregation): string {
  if (without) return `${op} without (${labels.join(", ")}) `;
  return labels.length === 0 ? op : `${op} by (${labels.join(", ")}) `;
}

function selector({ matchers, range, ...shift }: Selector): string {
  const named = matchers.find(
    ({ label, op, value }) => label === NAME && op === "=" && /^[a-zA-Z_:][\w:]*$/.test(value),
  );
  const others = matchers
    .filter((matcher) => matcher !== named)
    .map(matcherText)
    .toSorted();
  const braces = others.length === 0 && named !== undefined ? "" : `{${others.join(",")}}`;
  return `${named?.value ?? ""}${braces}${range === undefined ? "" : `[${duration(range)}]`}${shifted(shift)}`;
}

const matcherText = ({ label, op, value }: Matcher): string => {
  const name = /^[a-zA-Z_]\w*$/.test(label) ? label : JSON.stringify(label);
  return `${name}${op}${JSON.stringify(value)}`;
};

function subquery({ of, range, step, ...shift }: Subquery): string {
  const inner = of.kind === "binary" || of.kind === "negation" ? `(${print(of)})` : print(of);
  return `${inner}[${duration(range)}:${step === undefined ? "" : duration(step)}]${shifted(shift)}`;
}

function shifted({ offset, pin }: Shift): string {
  const at = pin === undefined ? "" : ` @ ${typeof pin === "number" ? (pin / 1_000).toFixed(3) : `${pin}()`}`;
  return at + (offset === 0 ? "" : ` offset ${offset < 0 ? "-" : ""}${duration(Math.abs(offset))}`);
}

const UNITS = [
  ["y", 365 * 86_400_000],
  ["w", 7 * 86_400_000],
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
] as const;

/** `1h30m`; years, weeks and days by themselves alone, as Prometheus writes them. */
function duration(ms: number): string {
  if (ms === 0) return "0s";
  let rest = ms;
  return UNITS.map(([unit, size], index) => {
    const count = index < 3 && rest % size !== 0 ? 0 : Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? "" : `${count}${unit}`;
  }).join("");
}
