import { at, HOUR_MS, hourOf, type Instant, MINUTE_MS } from "@raingauge/domain";
import { integer, whole } from "../csv.ts";
import type { Newest } from "../newest.ts";
import type { Seen } from "../seen.ts";
import { momentOf } from "../slots.ts";

const DAY_MS = 24 * HOUR_MS;

/** What comes within it comes in the order of things; longer, and every question reads more; shorter, and more is made anew. */
const LAG_MS = 15 * MINUTE_MS;

/** How far the next part of a roll-up goes: to the latest reading, or of a long history a few days on. */
export async function nextHorizon(
  seen: Seen,
  newest: Newest,
  now: Instant,
  partReadings: number,
): Promise<Next | undefined> {
  let latest = Number.NEGATIVE_INFINITY;
  for (const instant of newest.values()) latest = Math.max(latest, instant);
  if (latest === Number.NEGATIVE_INFINITY) return undefined;
  const { rolled, frozen } = seen.commits;
  const target = hourOf(at(Math.max(0, Math.min(now, latest) - LAG_MS)));
  const from = at(Math.max(rolled?.horizon ?? 0, frozen?.horizon ?? 0));
  if (target - from <= DAY_MS) return { horizon: at(Math.max(target, from)), isMore: false };
  const horizon = at(Math.min(target, await enoughFrom(seen, { from, to: target, partReadings })));
  return { horizon, isMore: horizon < target };
}

interface Next {
  readonly horizon: Instant;
  /** Whether there is another part after it. */
  readonly isMore: boolean;
}

async function enoughFrom({ server }: Seen, { from, to, partReadings }: Stretch): Promise<number> {
  const rows = await server.ask(
    `select count("stored") as "readings" from "reading" where time >= ${from}000000 and time < ${to}000000
      group by time(1d) fill(none)`,
  );
  let readings = 0;
  for (const row of rows) {
    readings += integer(row, "readings");
    if (readings >= partReadings) return momentOf(whole(row, "time")) + DAY_MS;
  }
  return to;
}

interface Stretch {
  readonly from: Instant;
  readonly to: Instant;
  readonly partReadings: number;
}
