import {
  at,
  type Coverage,
  condensed,
  HOUR_MS,
  type Instant,
  overlapMs,
  type Period,
  type Retirement,
  type Watching,
  watching,
  watchingAround,
} from "@raingauge/domain";
import type { SampleStore } from "@raingauge/store";

/** Who was watching while each bill's period ran, as of a watermark. Nearly all periods are the same month, so it is asked for once. */
export async function watchedMeanwhile(
  store: Pick<SampleStore, "coverage">,
  bills: readonly { readonly period: Period }[],
  asOf: Instant,
  retirements: readonly Retirement[],
): Promise<(bill: { readonly period: Period }) => Watching | undefined> {
  const periods = new Map(bills.map(({ period }) => [`${period.start} ${period.end}`, period]));
  const coverage = periods.size === 0 ? [] : await told(store, widest([...periods.values()]), asOf);
  const found = new Map(
    [...periods].map(([key, period]) => [key, watching(during(coverage, period), period, retirements)]),
  );
  return ({ period }) => found.get(`${period.start} ${period.end}`);
}

/** Whoever was first heard of later says nothing of a period. */
const during = (coverage: readonly Coverage[], period: Period): Coverage[] => {
  const around = watchingAround(period);
  return coverage.filter((each) => overlapMs(each.period, around) > 0);
};

function widest(periods: readonly Period[]): Period {
  const around = periods.map(watchingAround);
  return {
    start: at(Math.min(...around.map(({ start }) => start))),
    end: at(Math.max(...around.map(({ end }) => end))),
  };
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
