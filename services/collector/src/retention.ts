import { at, type Instant, iso } from "@raingauge/domain";
import type { Log } from "@raingauge/runtime";
import { type SampleStore, StoreUnavailable } from "@raingauge/store";
import type { CollectorMetrics } from "./metrics.ts";

export interface Retaining {
  readonly store: Pick<SampleStore, "freeze" | "frozen">;
  readonly log: Log;
  readonly counts: Pick<CollectorMetrics, "readingsRemoved" | "horizon">;
  readonly now: () => number;
}

const DAY_MS = 24 * 60 * 60 * 1_000;

/** The work of a retention, if there is one: it moves the horizon once a day, by whole UTC days. */
export const retaining = (parts: Retaining, seconds: number | undefined): (() => Promise<void>)[] =>
  seconds === undefined ? [] : [() => retain(parts, seconds)];

async function retain({ store, log, counts, now }: Retaining, seconds: number): Promise<void> {
  const wanted = dayOf(now() - seconds * 1_000);
  try {
    const before = (await store.frozen())?.horizon;
    if (before !== undefined && before >= wanted) {
      counts.horizon.set(before / 1_000);
      return;
    }
    const { horizon, removed } = await store.freeze(wanted);
    counts.readingsRemoved.add(removed);
    counts.horizon.set(horizon / 1_000);
    log.info("hours frozen", { horizon: iso(horizon), removed });
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    log.warn("retention put off", { reason: error.message });
  }
}

const dayOf = (ms: number): Instant => at(ms - (ms % DAY_MS));
