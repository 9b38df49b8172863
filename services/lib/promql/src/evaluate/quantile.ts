/** Between the two nearest ranks; NaN is the smallest value. `values` is put in order. */
export function quantileOf(q: number, values: number[]): number {
  if (values.length === 0 || Number.isNaN(q)) return Number.NaN;
  if (q < 0) return Number.NEGATIVE_INFINITY;
  if (q > 1) return Number.POSITIVE_INFINITY;
  values.sort(ascending);
  const rank = q * (values.length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const weight = rank - Math.floor(rank);
  return (values[lower] ?? 0) * (1 - weight) + (values[Math.min(values.length - 1, lower + 1)] ?? 0) * weight;
}

/** NaN first. */
export const ascending = (a: number, b: number): number =>
  Number.isNaN(a) ? (Number.isNaN(b) ? 0 : -1) : Number.isNaN(b) ? 1 : a - b;

export interface Bucket {
  readonly upTo: number;
  count: number;
}

/** The quantile of a classic histogram, linear within a bucket. */
export function bucketQuantile(q: number, given: readonly Bucket[]): number {
  if (Number.isNaN(q)) return Number.NaN;
  if (q < 0) return Number.NEGATIVE_INFINITY;
  if (q > 1) return Number.POSITIVE_INFINITY;
  const buckets = monotonic(given);
  const last = buckets.at(-1);
  if (last === undefined || last.upTo !== Number.POSITIVE_INFINITY || buckets.length < 2 || last.count === 0)
    return Number.NaN;
  const rank = q * last.count;
  const found = buckets.slice(0, -1).findIndex(({ count }) => count >= rank);
  if (found < 0) return buckets.at(-2)?.upTo ?? Number.NaN;
  const { upTo, count } = buckets[found] as Bucket;
  const below = buckets[found - 1];
  if (below === undefined) return upTo <= 0 ? upTo : upTo * (rank / count);
  return below.upTo + (upTo - below.upTo) * ((rank - below.count) / (count - below.count));
}

/** In order, equal bounds added, and never less than the bucket below: scrapes are not atomic. */
function monotonic(given: readonly Bucket[]): Bucket[] {
  const buckets: Bucket[] = [];
  for (const { upTo, count } of given.toSorted((a, b) => a.upTo - b.upTo)) {
    const last = buckets.at(-1);
    if (last?.upTo === upTo) last.count += count;
    else buckets.push({ upTo, count });
  }
  let most = Number.NEGATIVE_INFINITY;
  for (const bucket of buckets) {
    most = Math.max(most, bucket.count);
    bucket.count = most;
  }
  return buckets;
}
