import { dropping, keeping, type LabelSet, labelSet, NAME, printed, unnamed } from "../label-set.ts";
import { QueryError } from "../query-error.ts";
import { COMPARISONS } from "../syntax/check.ts";
import type { Binary, Matching } from "../syntax/expression.ts";
import { distinct, emptyLine, type Line, mapped, put, type Value } from "./value.ts";

type Operator = (left: number, right: number) => number;

const ARITHMETIC: Readonly<Record<string, Operator>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "%": (left, right) => left % right,
  "^": power,
  atan2: Math.atan2,
};

/** One to any power is one, unlike in JavaScript. */
function power(left: number, right: number): number {
  return left === 1 || (left === -1 && !Number.isFinite(right) && !Number.isNaN(right)) ? 1 : left ** right;
}

const COMPARING: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  "==": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  ">": (left, right) => left > right,
  "<": (left, right) => left < right,
  ">=": (left, right) => left >= right,
  "<=": (left, right) => left <= right,
};

/** The result of one operation; undefined where a comparison filters it out, in which case the kept side is `keep`. */
function resultOf({ op, bool }: Binary, left: number, right: number, keep: number): number | undefined {
  const compare = COMPARING[op];
  if (compare === undefined) return (ARITHMETIC[op] as Operator)(left, right);
  const holds = compare(left, right);
  if (bool) return holds ? 1 : 0;
  return holds ? keep : undefined;
}

export function combined(binary: Binary, left: Value, right: Value): Value {
  if (left.kind === "scalar" && right.kind === "scalar")
    return {
      kind: "scalar",
      values: left.values.map((value, step) => resultOf(binary, value, right.values[step] ?? 0, value) ?? 0),
    };
  if (left.kind === "vector" && right.kind === "scalar") {
    const by = (value: number, step: number) => resultOf(binary, value, right.values[step] ?? 0, value);
    return withScalar(binary, left.lines, by);
  }
  if (left.kind === "scalar" && right.kind === "vector") {
    const by = (value: number, step: number) => resultOf(binary, left.values[step] ?? 0, value, value);
    return withScalar(binary, right.lines, by);
  }
  if (left.kind !== "vector" || right.kind !== "vector")
    throw new QueryError("bad_data", "an operator takes no string");
  const signature = signatures(binary.matching);
  if (binary.op === "and" || binary.op === "or" || binary.op === "unless")
    return { kind: "vector", lines: distinct(SETS[binary.op](left.lines, right.lines, signature)) };
  return { kind: "vector", lines: matched(binary, left.lines, right.lines, signature) };
}

function withScalar(
  binary: Binary,
  lines: readonly Line[],
  by: (value: number, step: number) => number | undefined,
): Value {
  const made = lines.map((line) => mapped(line, losesName(binary) ? unnamed(line.labels) : line.labels, by));
  return { kind: "vector", lines: distinct(made) };
}

/** A filter changes nothing of what it lets through; a computed value is another metric's. */
const losesName = ({ op, bool }: Binary): boolean => bool || !COMPARISONS.has(op);

type Signature = (labels: LabelSet) => string;

const signatures =
  ({ on, labels: names }: Matching): Signature =>
  (labels) =>
    (on ? keeping(labels, names) : dropping(labels, [...names, NAME])).key;

type SetOperation = (left: readonly Line[], right: readonly Line[], signature: Signature) => Line[];

/** What of `lines` is there at the steps at which one of the same signature among `others` is, or is not. */
function where(lines: readonly Line[], others: readonly Line[], signature: Signature, wanted: 0 | 1): Line[] {
  const presence = new Map<string, Uint8Array>();
  for (const { labels, present } of others) {
    const key = signature(labels);
    const known = presence.get(key);
    presence.set(key, known === undefined ? present : known.map((flag, step) => flag | (present[step] ?? 0)));
  }
  return lines.map((line) => {
    const other = presence.get(signature(line.labels));
    return mapped(line, line.labels, (value, step) => ((other?.[step] ?? 0) === wanted ? value : undefined));
  });
}

const SETS: Readonly<Record<"and" | "or" | "unless", SetOperation>> = {
  and: (left, right, signature) => where(left, right, signature, 1),
  unless: (left, right, signature) => where(left, right, signature, 0),
  or: (left, right, signature) => [...left, ...where(right, left, signature, 0)],
};

/** Pairs of series with one signature, step by step: a series may come and go, and only what is there at once must be unique. */
function matched(binary: Binary, left: readonly Line[], right: readonly Line[], signature: Signature): Line[] {
  const isSwapped = binary.matching.group === "right";
  const [manySide, oneSide] = isSwapped ? [right, left] : [left, right];
  const ones = Map.groupBy(oneSide, ({ labels }) => signature(labels));
  const made = new Map<string, Line>();
  const pairedOnce = binary.matching.group === undefined ? new Map<string, Uint8Array>() : undefined;
  for (const many of manySide) {
    const key = signature(many.labels);
    const candidates = ones.get(key);
    if (candidates === undefined) continue;
    for (let step = 0; step < many.values.length; step += 1) {
      if (many.present[step] === 0) continue;
      const one = onlyOne(candidates, step, isSwapped ? "left" : "right");
      if (one === undefined) continue;
      const [a, b] = [many.values[step] ?? 0, one.values[step] ?? 0];
      const value = isSwapped ? resultOf(binary, b, a, b) : resultOf(binary, a, b, a);
      if (pairedOnce !== undefined) pairOnce(pairedOnce, key, step, many.values.length);
      if (value === undefined) continue;
      const labels = resultLabels(binary, many.labels, one.labels);
      const line = made.get(labels.key) ?? emptyLine(labels, many.values.length);
      made.set(labels.key, line);
      if (line.present[step] === 1)
        throw new QueryError("execution", "multiple matches for labels: grouping labels must ensure unique matches");
      put(line, step, value);
    }
  }
  return [...made.values()];
}

function onlyOne(candidates: readonly Line[], step: number, side: string): Line | undefined {
  let found: Line | undefined;
  for (const line of candidates) {
    if (line.present[step] === 0) continue;
    if (found !== undefined)
      throw new QueryError(
        "execution",
        `found duplicate series for the match group on the ${side} hand-side of the operation: [${printed(line.labels)}, ${printed(found.labels)}];many-to-many matching not allowed: matching labels must be unique on one side`,
      );
    found = line;
  }
  return found;
}

function pairOnce(paired: Map<string, Uint8Array>, key: string, step: number, count: number): void {
  const steps = paired.get(key) ?? new Uint8Array(count);
  paired.set(key, steps);
  if (steps[step] === 1)
    throw new QueryError(
      "execution",
      "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)",
    );
  steps[step] = 1;
}

function resultLabels(binary: Binary, many: LabelSet, one: LabelSet): LabelSet {
  const { matching } = binary;
  const named = losesName(binary) ? unnamed(many) : many;
  if (matching.group === undefined)
    return matching.on ? keeping(named, matching.labels) : dropping(named, matching.labels);
  const labels = new Map(named.labels);
  for (const label of matching.include) labels.set(label, one.labels.get(label) ?? "");
  return labelSet(labels);
}
