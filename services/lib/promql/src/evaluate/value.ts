import { type LabelSet, printed } from "../label-set.ts";
import { QueryError } from "../query-error.ts";

/** A series over the grid: where `present` is 0 it has no value there. */
export interface Line {
  readonly labels: LabelSet;
  readonly values: Float64Array;
  readonly present: Uint8Array;
}

export type Value =
  | { readonly kind: "scalar"; readonly values: Float64Array }
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "vector"; readonly lines: readonly Line[] };

export const emptyLine = (labels: LabelSet, count: number): Line => ({
  labels,
  values: new Float64Array(count),
  present: new Uint8Array(count),
});

export function put({ values, present }: Line, step: number, value: number): void {
  values[step] = value;
  present[step] = 1;
}

/** Each present value by a function; undefined leaves none. */
export function mapped(line: Line, labels: LabelSet, by: (value: number, step: number) => number | undefined): Line {
  const made = emptyLine(labels, line.values.length);
  for (let step = 0; step < line.values.length; step += 1) {
    if (line.present[step] === 0) continue;
    const value = by(line.values[step] ?? 0, step);
    if (value !== undefined) put(made, step, value);
  }
  return made;
}

/** Lines that came to have equal labels become one, if they are never there at once. */
export function distinct(lines: readonly Line[]): Line[] {
  const byKey = new Map<string, Line>();
  for (const line of lines) {
    const known = byKey.get(line.labels.key);
    byKey.set(line.labels.key, known === undefined ? line : joined(known, line));
  }
  return [...byKey.values()];
}

function joined(a: Line, b: Line): Line {
  const made: Line = { labels: a.labels, values: a.values.slice(), present: a.present.slice() };
  for (let step = 0; step < b.values.length; step += 1) {
    if (b.present[step] === 0) continue;
    if (made.present[step] === 1)
      throw new QueryError("execution", `vector cannot contain metrics with the same labelset: ${printed(a.labels)}`);
    put(made, step, b.values[step] ?? 0);
  }
  return made;
}

/** A sum that loses nothing to the order of its terms (Kahan and Neumaier). */
export interface Sum {
  total: number;
  lost: number;
}

export function add(sum: Sum, value: number): void {
  const next = sum.total + value;
  if (!Number.isFinite(next)) sum.lost = 0;
  else if (Math.abs(sum.total) >= Math.abs(value)) sum.lost += sum.total - next + value;
  else sum.lost += value - next + sum.total;
  sum.total = next;
}

export const totalOf = ({ total, lost }: Sum): number => total + lost;
