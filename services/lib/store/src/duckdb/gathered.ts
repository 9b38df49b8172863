import type { Period } from "@raingauge/domain";
import type { Columns } from "./columns-in-time.ts";

/** What a period holds of one series, as columns. */
export interface Gathered {
  readonly claim: number;
  /** What each of its readings is; undefined where they are not alike, or are something of which more is to be known. */
  readonly stance: number | undefined;
  /** Nothing, where the stance is undefined. */
  readonly columns: Columns;
}

/** Of a series that goes by the specification. */
export const NOTHING: Columns = { at: new Float64Array(), values: new Float64Array() };

/** The same of a part of the period; undefined where nothing is there. Of a series that is not alike nobody knows. */
export function within(gathered: Gathered, { start, end }: Period): Gathered | undefined {
  if (gathered.stance === undefined) return gathered;
  const { at, values } = gathered.columns;
  const [from, to] = [firstFrom(at, start), firstFrom(at, end)];
  return from === to
    ? undefined
    : { ...gathered, columns: { at: at.subarray(from, to), values: values.subarray(from, to) } };
}

/** Two parts of one series, the second later than the first, in columns of their own. */
export function joined(earlier: Gathered | undefined, later: Gathered | undefined): Gathered | undefined {
  if (earlier === undefined || later === undefined) {
    const only = earlier ?? later;
    return only === undefined ? undefined : { ...only, columns: inOne([only.columns]) };
  }
  const isAlike = earlier.claim === later.claim && earlier.stance !== undefined && earlier.stance === later.stance;
  if (!isAlike) return { claim: later.claim, stance: undefined, columns: NOTHING };
  return { ...later, columns: inOne([earlier.columns, later.columns]) };
}

function inOne(parts: readonly Columns[]): Columns {
  const length = parts.reduce((sum, { at }) => sum + at.length, 0);
  const made = { at: new Float64Array(length), values: new Float64Array(length) };
  let next = 0;
  for (const { at, values } of parts) {
    made.at.set(at, next);
    made.values.set(values, next);
    next += at.length;
  }
  return made;
}

/** The first cell that is not earlier. */
function firstFrom(at: Float64Array, moment: number): number {
  let [low, high] = [0, at.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((at[middle] ?? 0) < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}
