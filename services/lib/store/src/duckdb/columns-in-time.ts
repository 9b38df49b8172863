/** Readings of one series as they came out of DuckDB: cells of one list each, in any order. */
export interface Cells {
  readonly at: Float64Array;
  readonly values: Float64Array;
}

export interface Columns {
  readonly at: Float64Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer>;
}

/**
 * Copies of both columns, oldest first; undefined where an instant is there twice. What lies in a table lies there nearly in the
 * order of time, and each of DuckDB's threads takes some of it: so there are a few stretches, each in order, that only need to be
 * put one after the other.
 */
export function inTime({ at, values }: Cells): Columns | undefined {
  const starts = stretchesOf(at);
  if (starts.length < 2) return { at: new Float64Array(at), values: new Float64Array(values) };
  const stretches = starts
    .map((from, index) => [from, starts[index + 1] ?? at.length] as const)
    .toSorted(([a], [b]) => (at[a] ?? 0) - (at[b] ?? 0));
  const touching = stretches.every(
    ([from], index) => index === 0 || (at[from] ?? 0) > (at[(stretches[index - 1]?.[1] ?? 0) - 1] ?? 0),
  );
  return touching ? joined({ at, values }, stretches) : sorted({ at, values });
}

/** Where a cell is not later than the one before it; and the beginning. */
function stretchesOf(at: Float64Array): number[] {
  const starts = at.length === 0 ? [] : [0];
  for (let index = 1; index < at.length; index += 1) if ((at[index] ?? 0) <= (at[index - 1] ?? 0)) starts.push(index);
  return starts;
}

function joined({ at, values }: Cells, stretches: readonly (readonly [number, number])[]): Columns {
  const made = { at: new Float64Array(at.length), values: new Float64Array(at.length) };
  let next = 0;
  for (const [from, to] of stretches) {
    made.at.set(at.subarray(from, to), next);
    made.values.set(values.subarray(from, to), next);
    next += to - from;
  }
  return made;
}

function sorted({ at, values }: Cells): Columns | undefined {
  const order = Uint32Array.from(at, (_, index) => index).sort((a, b) => (at[a] ?? 0) - (at[b] ?? 0));
  const made = {
    at: Float64Array.from(order, (index) => at[index] ?? 0),
    values: Float64Array.from(order, (index) => values[index] ?? 0),
  };
  return made.at.some((moment, index) => index > 0 && moment === made.at[index - 1]) ? undefined : made;
}
