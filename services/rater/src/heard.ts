import { at, HOUR_MS, type Instant, iso, type Period, type Retirement, retiredAt } from "@raingauge/domain";
import type { SampleStore } from "@raingauge/store";

/**
 * Why a month must not be closed by itself yet: a listener that heard a part of it, or of the month before, has not told
 * so far that it heard the rest. After an outage the rest still waits with RabbitMQ, in a spool or on the bus, and an invoice is for ever. A
 * listener tells how far it got only when what waited is through. Undefined where nothing stands in the way.
 */
export async function unheard(
  store: Pick<SampleStore, "coverage">,
  { start, end }: Period,
  retirements: readonly Retirement[] = [],
): Promise<string | undefined> {
  const coverage = await store.coverage({ period: { start: at(start - MONTH_MS), end: LATEST } });
  const heardUntil = new Map<string, Instant>();
  const listeners = coverage.filter(({ confirms }) => confirms === undefined);
  for (const [region, told] of Map.groupBy(listeners, (each) => each.region)) {
    // A region that was given up says nothing any more, and keeps nobody's month open.
    if (retiredAt(told, retirements) !== undefined) continue;
    heardUntil.set(region, at(told.reduce((latest, { period }) => Math.max(latest, period.end), 0)));
  }
  const behind = [...heardUntil].filter(([, until]) => until < end).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (behind.length === 0) return undefined;
  return behind
    .map(([region, until]) => `what was said in ${region} after ${iso(until)} has not been heard yet`)
    .join("; ");
}

const MONTH_MS = 31 * 24 * HOUR_MS;

/** Later than any reading that is taken. */
const LATEST = at(4_102_444_800_000);
