import {
  at,
  type Coverage,
  condensed,
  HOUR_MS,
  type Instant,
  type Period,
  type Watching,
  watching,
  watchingAround,
} from "@raingauge/domain";
import type { SampleStore } from "@raingauge/store";

/** Who was watching while each bill's period ran, as of a watermark; each period is asked for once. */
export async function watchedMeanwhile(
  store: Pick<SampleStore, "coverage">,
  bills: readonly { readonly period: Period }[],
  asOf: Instant,
): Promise<(bill: { readonly period: Period }) => Watching | undefined> {
  const found = new Map<string, Watching>();
  for (const { period } of bills) {
    const key = periodKey(period);
    if (!found.has(key)) found.set(key, watching(await told(store, watchingAround(period), asOf), period));
  }
  return ({ period }) => found.get(periodKey(period));
}

/** Day by day: a thousand hosts tell of themselves millions of times a month, and nearly all of it joins on. */
async function told(store: Pick<SampleStore, "coverage">, { start, end }: Period, asOf: Instant): Promise<Coverage[]> {
  let known: Coverage[] = [];
  for (let day = start; day < end; day = at(day + DAY_MS)) {
    const period = { start: day, end: at(Math.min(day + DAY_MS, end)) };
    known = condensed([...known, ...(await store.coverage({ period, asOf }))]);
  }
  return known;
}

const DAY_MS = 24 * HOUR_MS;

const periodKey = ({ start, end }: Period): string => `${start} ${end}`;
