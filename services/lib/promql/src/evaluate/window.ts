import { quantileOf } from "./quantile.ts";
import { add, type Sum, totalOf } from "./value.ts";

/** The samples of one series that lie in the window (start, end]: those of the columns from `from` to before `to`. */
export interface Window {
  readonly at: Float64Array;
  readonly values: Float64Array;
  from: number;
  to: number;
  start: number;
  end: number;
  /** The instant of evaluation. */
  now: number;
}

type OfWindow = (window: Window, ...parameters: number[]) => number | undefined;

const first = ({ values, from }: Window): number => values[from] ?? 0;
const last = ({ values, to }: Window): number => values[to - 1] ?? 0;

/** Undefined where the window has too few samples. A window given to one of these holds one at least. */
export const WINDOW_FUNCTIONS: Readonly<Record<string, OfWindow>> = {
  rate: (window) => extrapolated(window, { isCounter: true, isRate: true }),
  increase: (window) => extrapolated(window, { isCounter: true, isRate: false }),
  delta: (window) => extrapolated(window, { isCounter: false, isRate: false }),
  irate: (window) => instantly(window, true),
  idelta: (window) => instantly(window, false),
  count_over_time: ({ from, to }) => to - from,
  present_over_time: () => 1,
  last_over_time: last,
  sum_over_time: (window) => totalOf(summed(window)),
  avg_over_time: (window) => totalOf(summed(window)) / (window.to - window.from),
  min_over_time: (window) => extreme(window, (value, best) => value < best),
  max_over_time: (window) => extreme(window, (value, best) => value > best),
  stddev_over_time: (window) => Math.sqrt(variance(window)),
  stdvar_over_time: variance,
  quantile_over_time: (window, q = 0) => quantileOf(q, [...window.values.subarray(window.from, window.to)]),
  changes: (window) =>
    counted(window, (value, before) => value !== before && !(Number.isNaN(value) && Number.isNaN(before))),
  resets: (window) => counted(window, (value, before) => value < before),
  deriv: (window) => regression(window, window.at[window.from] ?? 0)?.slope,
  predict_linear: (window, ahead = 0) => {
    const line = regression(window, window.now);
    return line === undefined ? undefined : line.slope * ahead + line.intercept;
  },
  double_exponential_smoothing: smoothed,
};

/**
 * The growth between the first and last sample, stretched to the window's edges: by half the mean distance of samples where an
 * edge is farther off than one and a tenth of it, and never to before a counter was zero.
 */
function extrapolated(
  window: Window,
  { isCounter, isRate }: { isCounter: boolean; isRate: boolean },
): number | undefined {
  const { at, values, from, to, start, end } = window;
  if (to - from < 2) return undefined;
  let growth = last(window) - first(window);
  if (isCounter) {
    for (let index = from + 1; index < to; index += 1) {
      const before = values[index - 1] ?? 0;
      if ((values[index] ?? 0) < before) growth += before;
    }
  }
  const sampled = ((at[to - 1] ?? 0) - (at[from] ?? 0)) / 1_000;
  const distance = sampled / (to - from - 1);
  let toStart = ((at[from] ?? 0) - start) / 1_000;
  let toEnd = (end - (at[to - 1] ?? 0)) / 1_000;
  if (toStart >= distance * 1.1) toStart = distance / 2;
  if (isCounter && growth > 0 && first(window) >= 0) toStart = Math.min(toStart, sampled * (first(window) / growth));
  if (toEnd >= distance * 1.1) toEnd = distance / 2;
  const factor = (sampled + toStart + toEnd) / sampled;
  return growth * (isRate ? factor / ((end - start) / 1_000) : factor);
}

function instantly({ at, values, from, to }: Window, isRate: boolean): number | undefined {
  if (to - from < 2) return undefined;
  const [before = 0, now = 0] = [values[to - 2], values[to - 1]];
  if (!isRate) return now - before;
  return (now < before ? now : now - before) / (((at[to - 1] ?? 0) - (at[to - 2] ?? 0)) / 1_000);
}

function summed({ values, from, to }: Window): Sum {
  const sum = { total: 0, lost: 0 };
  for (let index = from; index < to; index += 1) add(sum, values[index] ?? 0);
  return sum;
}

function extreme(window: Window, isBetter: (value: number, best: number) => boolean): number {
  let best = first(window);
  for (let index = window.from + 1; index < window.to; index += 1) {
    const value = window.values[index] ?? 0;
    if (isBetter(value, best) || Number.isNaN(best)) best = value;
  }
  return best;
}

function variance({ values, from, to }: Window): number {
  let mean = 0;
  let squares = 0;
  for (let index = from; index < to; index += 1) {
    const value = values[index] ?? 0;
    const off = value - mean;
    mean += off / (index - from + 1);
    squares += off * (value - mean);
  }
  return squares / (to - from);
}

function counted({ values, from, to }: Window, happened: (value: number, before: number) => boolean): number {
  let count = 0;
  for (let index = from + 1; index < to; index += 1)
    if (happened(values[index] ?? 0, values[index - 1] ?? 0)) count += 1;
  return count;
}

/** The line of least squares through the samples, whose intercept is at `origin`. */
function regression(
  { at, values, from, to }: Window,
  origin: number,
): { slope: number; intercept: number } | undefined {
  const count = to - from;
  if (count < 2) return undefined;
  const [x, y, xy, xx] = [0, 1, 2, 3].map(() => ({ total: 0, lost: 0 })) as [Sum, Sum, Sum, Sum];
  let isConstant = true;
  for (let index = from; index < to; index += 1) {
    const value = values[index] ?? 0;
    const seconds = ((at[index] ?? 0) - origin) / 1_000;
    isConstant &&= value === values[from];
    add(x, seconds);
    add(y, value);
    add(xy, seconds * value);
    add(xx, seconds * seconds);
  }
  if (isConstant) {
    const value = values[from] ?? 0;
    return Number.isFinite(value) ? { slope: 0, intercept: value } : { slope: Number.NaN, intercept: Number.NaN };
  }
  const [sumX, sumY] = [totalOf(x), totalOf(y)];
  const slope = (totalOf(xy) - (sumX * sumY) / count) / (totalOf(xx) - (sumX * sumX) / count);
  return { slope, intercept: sumY / count - (slope * sumX) / count };
}

function smoothed({ values, from, to }: Window, smoothing = 0, trending = 0): number | undefined {
  if (to - from < 2) return undefined;
  let [before, now, trend] = [0, values[from] ?? 0, (values[from + 1] ?? 0) - (values[from] ?? 0)];
  for (let index = 1; index < to - from; index += 1) {
    if (index > 1) trend = trending * (now - before) + (1 - trending) * trend;
    [before, now] = [now, smoothing * (values[from + index] ?? 0) + (1 - smoothing) * (now + trend)];
  }
  return now;
}
