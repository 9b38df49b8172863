import type { Bus } from "@raingauge/bus";
import type { Log } from "@raingauge/runtime";
import type { SampleStore } from "@raingauge/store";
import { arrived } from "./arrived.ts";
import { type Collecting, collect } from "./collect.ts";
import { type CollectorMetrics, countedBus, countedStore } from "./metrics.ts";
import { retaining } from "./retention.ts";
import { rollUp, rollUps } from "./roll-up.ts";

export interface CollectorParts {
  readonly bus: Pick<Bus, "consume">;
  readonly store: Pick<SampleStore, "append" | "rollUp" | "freeze" | "frozen">;
  readonly log: Log;
  readonly metrics: CollectorMetrics;
  /** UTC milliseconds. */
  readonly now: () => number;
}

export interface CollectorOptions extends Collecting {
  /** When to roll up, as a cron expression. */
  readonly rollUpSchedule: string;
  /** How old readings become; for ever where nothing is said. */
  readonly retentionSeconds?: number | undefined;
}

/** All that a collector does, until the signal aborts. When one half fails the other ends too, and the failure is thrown. */
export async function collector(parts: CollectorParts, options: CollectorOptions): Promise<void> {
  const { log, metrics: counts } = parts;
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const halves = [
    collect(
      {
        bus: countedBus(parts.bus, counts),
        store: countedStore(parts.store, counts),
        log,
        arrived: arrived(counts, parts.now),
      },
      { ...options, signal },
    ),
    rollUps(
      [
        () => rollUp({ store: parts.store, log, counts }),
        ...retaining({ store: parts.store, log, counts, now: parts.now }, options.retentionSeconds),
      ],
      { expression: options.rollUpSchedule, log },
      signal,
    ),
  ];
  log.info("collector started", { consumer: options.consumer, rollUpSchedule: options.rollUpSchedule });
  try {
    await Promise.all(halves);
  } finally {
    failed.abort();
    await Promise.allSettled(halves);
  }
}
