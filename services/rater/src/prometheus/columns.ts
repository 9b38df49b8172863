import { type LabelSet, labelSet, type SourceSeries } from "@raingauge/promql";

export type Labels = Readonly<Record<string, string>>;

export interface Columns {
  /** In the order of time, series by series; two samples of one instant are one sum. */
  put(labels: Labels, moment: number, value: number): void;
  /** Says that a series is over: what was told of it before holds no longer. */
  end(labels: Labels, moment: number): void;
  series(holdsMs?: number): SourceSeries[];
}

interface Column {
  readonly labels: LabelSet;
  readonly at: number[];
  readonly values: number[];
  readonly ends: number[];
}

/** Samples gathered one by one, by their labels. */
export function columns(): Columns {
  const byKey = new Map<string, Column>();
  const columnOf = (given: Labels): Column => {
    const labels = labelSet(Object.entries(given));
    const column = byKey.get(labels.key) ?? { labels, at: [], values: [], ends: [] };
    byKey.set(labels.key, column);
    return column;
  };
  return {
    put(given, moment, value) {
      const { at, values } = columnOf(given);
      const last = at.length - 1;
      if (at[last] === moment) values[last] = (values[last] ?? 0) + value;
      else {
        at.push(moment);
        values.push(value);
      }
    },
    end: (given, moment) => void columnOf(given).ends.push(moment),
    series: (holdsMs) =>
      [...byKey.values()].map(({ labels, at, values, ends }) => ({
        labels,
        at: Float64Array.from(at),
        values: Float64Array.from(values),
        ...(ends.length === 0 ? {} : { ends: Float64Array.from(ends) }),
        ...(holdsMs === undefined ? {} : { holdsMs }),
      })),
  };
}
