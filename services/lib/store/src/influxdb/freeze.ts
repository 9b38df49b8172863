import type { Instant } from "@raingauge/domain";
import { hoursUntil, survivors } from "../from-readings.ts";
import type { FreezeReport } from "../store.ts";
import { coverages } from "./coverages.ts";
import { hourLine } from "./hours.ts";
import type { Prefixes } from "./prefixes.ts";
import { keptPrefix, readingLine, storedReadings } from "./readings.ts";
import type { Seen } from "./seen.ts";
import { slots } from "./slots.ts";
import { transact, type Writing } from "./transaction.ts";

/**
 * Usage of the hours before a horizon is written down, and what stays of their readings is written beside; from the last word
 * on only that is seen. Then the readings before the horizon are deleted. Should that not come to pass, the next freezing does it.
 */
export async function freeze(seen: Seen, prefix: Prefixes, horizon: Instant, writing: Writing): Promise<FreezeReport> {
  const before = seen.commits.frozen;
  if (before !== undefined && horizon <= before.horizon) return { horizon: before.horizon, removed: 0 };
  const samples = await storedReadings(seen);
  const hours = hoursUntil(horizon, before?.horizon, { samples, coverage: await coverages(seen, {}) });
  const left = survivors(samples, horizon);
  const taken = slots();
  const since = await transact(seen, writing, async (storedAt) => {
    const kept = left.filter(({ at }) => at < horizon);
    return {
      lines: [
        ...kept.map((sample) => {
          const series = keptPrefix(prefix, sample, storedAt);
          const isLate = sample.isLate && sample.storedAt >= horizon;
          return readingLine(series, { ...sample, isLate }, taken.take(series, sample.at, sample.id));
        }),
        ...hours.map((usage) => hourLine(prefix, usage, taken, storedAt)),
      ],
      result: storedAt,
      frozen: { horizon, since: storedAt },
    };
  });
  await seen.server.ask(`delete from "reading" where time < ${horizon}000000`);
  await seen.server.ask(`delete from "kept" where "freezing" != '${since}'`);
  return { horizon, removed: samples.length - left.length };
}
