import type { Coverage, Instant } from "@raingauge/domain";
import { hoursUntil, survivors } from "../from-readings.ts";
import type { FreezeReport } from "../store.ts";
import type { Memory } from "./append.ts";
import { coverages } from "./coverages.ts";
import { hourLine } from "./hours.ts";
import { noneOf, oneOf } from "./line.ts";
import { metersOf } from "./newest.ts";
import type { Prefixes } from "./prefixes.ts";
import { keptPrefix, readingLine, storedReadings } from "./readings.ts";
import type { Seen } from "./seen.ts";
import { slots } from "./slots.ts";
import { transact, type Writing } from "./transaction.ts";

/**
 * Usage of the hours before a horizon is written down, and what stays of their readings is written beside; from the last word
 * on only that is seen. Then the readings before the horizon are deleted. Should that not come to pass, the next freezing does it.
 */
export async function freeze(seen: Seen, memory: Memory, horizon: Instant, writing: Writing): Promise<FreezeReport> {
  const { frozen: before, rolled } = seen.commits;
  if (before !== undefined && horizon <= before.horizon) return { horizon: before.horizon, removed: 0 };
  // Roll-ups that the horizon has overtaken stand on readings that are gone; of others only the frozen part is of no use any more.
  const isBeyond = rolled !== undefined && rolled.horizon < horizon;
  const coverage = await coverages(seen, {});
  const { since, removed } = await transact(seen, writing, async (storedAt) => {
    let total = 0;
    for (const where of eachMeter(memory)) {
      const { lines, removed } = await frozenPart(seen, memory.prefix, { where, coverage, horizon, storedAt });
      await seen.server.write(lines);
      total += removed;
    }
    return {
      lines: [],
      result: { since: storedAt, removed: total },
      changes: { frozen: { horizon, since: storedAt }, rolled: isBeyond ? undefined : rolled },
    };
  });
  await seen.server.ask(`delete from "reading" where time < ${horizon}000000`);
  await seen.server.tidy(`delete from "rolled"${isBeyond ? "" : ` where time < ${horizon}000000`}`);
  await seen.server.ask(`delete from "kept" where "freezing" != '${since}'`);
  return { horizon, removed };
}

/** One meter after the other, for the sake of memory; and whatever the catalogue does not know. */
function eachMeter({ newest }: Memory): string[] {
  const known = metersOf(newest).map(({ name }) => name);
  return [...known.map((name) => oneOf("meter", [name])), ...noneOf("meter", known)];
}

interface Part {
  readonly where: string;
  readonly coverage: readonly Coverage[];
  readonly horizon: Instant;
  readonly storedAt: Instant;
}

async function frozenPart(
  seen: Seen,
  prefix: Prefixes,
  { where, coverage, horizon, storedAt }: Part,
): Promise<{ readonly lines: readonly string[]; readonly removed: number }> {
  const samples = await storedReadings(seen, [where]);
  const hours = hoursUntil(horizon, seen.commits.frozen?.horizon, { samples, coverage });
  const left = survivors(samples, horizon);
  const taken = slots();
  const kept = left.filter(({ at }) => at < horizon);
  return {
    lines: [
      ...kept.map((sample) => {
        const series = keptPrefix(prefix, sample, storedAt);
        const isLate = sample.isLate && sample.storedAt >= horizon;
        return readingLine(series, { ...sample, isLate }, taken.take(series, sample.at, sample.id));
      }),
      ...hours.map((usage) => hourLine(prefix, "hour", usage, { slots: taken, storedAt })),
    ],
    removed: samples.length - left.length,
  };
}
