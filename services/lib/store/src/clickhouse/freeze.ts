import { allMeters, EVERYTHING, hourly, type Instant, meterNamed, retained } from "@raingauge/domain";
import type { FreezeReport, Frozen } from "../store.ts";
import type { Catalogue } from "./catalogue.ts";
import { putFrozen, readFrozen } from "./frozen.ts";
import { lotOf } from "./lot.ts";
import { keys, numbers, unsigned, wholes } from "./native.ts";
import { finishRollUp, putUsages } from "./replacing.ts";
import { nextGeneration, type Rolling, rollUp } from "./roll-up.ts";
import { lastRolled } from "./rolled.ts";
import { counted, look, type Seen } from "./seen.ts";
import { seriesSelected } from "./selection.ts";
import type { ClickhouseServer } from "./server.ts";
import { every } from "./sql.ts";
import { standings } from "./standing.ts";
import type { Reading } from "./stored.ts";
import { readStretches } from "./stretches.ts";
import { watching } from "./watching.ts";

export interface Freezing extends Rolling {
  /** Stores nothing, and so makes what comes later than all that was stored; resolves to the watermark before it. */
  readonly mark: () => Promise<Instant>;
}

/**
 * Makes roll-ups before a horizon the last word on their hours, then removes readings that decide none after it. Cut off
 * before the word that hours are frozen, it has only rolled up; after it, readings stay for the next one to remove.
 */
export async function freeze(freezing: Freezing, horizon: Instant): Promise<FreezeReport> {
  const { server, catalogue, mark } = freezing;
  const before = await readFrozen(server);
  if (before !== undefined && horizon <= before.horizon) return { horizon: before.horizon, removed: 0 };
  await rollUp(freezing);
  await rollUpOpen(freezing, horizon);
  const frozen: Frozen = { horizon, since: await mark() };
  await putFrozen(server, frozen);
  return { horizon, removed: await removeReadings(await look(server), catalogue, horizon) };
}

const known = (): string[] => allMeters().map(({ name }) => name);

/** What only a listener holds open is rolled up no further than it is firm; a frozen hour stands all the same. */
async function rollUpOpen({ server, catalogue, writer, now }: Rolling, horizon: Instant): Promise<void> {
  const rolled = await lastRolled(server);
  const seen = await look(server);
  const standing = await standings(seen, catalogue, rolled, {
    selection: { meters: known(), scope: EVERYTHING },
    stale: [],
  });
  const asked = standing.flatMap(({ series, openFrom }) =>
    openFrom !== undefined && openFrom < horizon ? [{ series, period: { start: openFrom, end: horizon } }] : [],
  );
  if (asked.length === 0) return;
  const watchOf = await watching(seen);
  const computed = (await readStretches(seen, catalogue, asked)).flatMap(({ series, readings, period }) => {
    const meter = meterNamed(series.meter);
    if (meter === undefined) return [];
    const usages = hourly(meter, readings, period, watchOf(series.region, meter.resourceType));
    return [{ series, spans: [period], usages }];
  });
  const replacing = { server, generation: await nextGeneration(server, rolled, writer, now) };
  await putUsages(replacing, computed, new Map());
  await finishRollUp(replacing, rolled.lasts, rolled.watch);
}

/** How many series are looked at at a time: of each a few readings stay. */
const PART_SERIES = 10_000;

/**
 * What was stored since the horizon stays for now, so that a watermark since then still finds what it found; and with it what
 * decides beside it, since an end that was told late has a statement in force.
 */
async function removeReadings(seen: Seen, catalogue: Catalogue, horizon: Instant): Promise<number> {
  const { server } = seen;
  const until = lotOf(horizon, 0);
  const past: Seen = {
    ...seen,
    lasts: new Map([...seen.lasts].map(([writer, lot]) => [writer, lot < until ? lot : until - 1n])),
  };
  const ofKnown = `series in (select series from ${server.table("series")} where meter in (${known()
    .map((name) => `'${name}'`)
    .join(", ")}))`;
  const late = every(`moment < ${horizon}`, `lot >= ${until}`, counted(seen.lasts), ofKnown);
  for (const [told, series] of [
    [past, await seriesSelected(server, { meters: known(), scope: EVERYTHING })],
    [
      seen,
      await server.ask(`select distinct series from ${server.table("reading")} where ${late}`, (row) => row.key()),
    ],
  ] as const) {
    for (let start = 0; start < series.length; start += PART_SERIES) {
      const asked = series
        .slice(start, start + PART_SERIES)
        .map((key) => ({ series: key, period: { start: horizon, end: horizon } }));
      await putKept(server, await keptOf(told, catalogue, { asked, horizon }), horizon);
    }
  }
  const gone = every(
    `moment < ${horizon}`,
    counted(past.lasts),
    ofKnown,
    `(series, moment, lot, telling, mark) not in
      (select series, moment, lot, telling, mark from ${server.table("kept")} where horizon = ${horizon})`,
  );
  const [removed = 0] = await server.ask(`select count() from ${server.table("reading")} where ${gone}`, (row) =>
    row.integer(),
  );
  if (removed > 0) await server.remove("reading", gone);
  await server.remove(
    "telling",
    every(`lot < ${until}`, `lot not in (select lot from ${server.table("reading")} where lot < ${until})`),
  );
  await server.remove("kept", `horizon <= ${horizon}`);
  return removed;
}

interface Keeping {
  readonly asked: Parameters<typeof readStretches>[2];
  readonly horizon: Instant;
}

async function keptOf(told: Seen, catalogue: Catalogue, { asked, horizon }: Keeping): Promise<Kept[]> {
  const stretches = await readStretches(told, catalogue, asked, "or moment = first_at");
  return stretches.flatMap(({ series, readings }) => {
    const meter = meterNamed(series.meter);
    if (meter === undefined) return [];
    return retained(meter, readings, horizon).map((reading) => ({ series: series.key, reading }));
  });
}

interface Kept {
  readonly series: string;
  readonly reading: Reading;
}

const putKept = (server: ClickhouseServer, kept: readonly Kept[], horizon: Instant): Promise<void> =>
  server.put(
    "kept",
    kept.length,
    [
      wholes(
        "horizon",
        kept.map(() => horizon),
      ),
      keys(
        "series",
        kept.map(({ series }) => series),
      ),
      wholes(
        "moment",
        kept.map(({ reading }) => reading.at),
      ),
      unsigned(
        "lot",
        kept.map(({ reading }) => reading.tellingId.lot),
      ),
      numbers(
        "telling",
        Uint32Array.from(kept, ({ reading }) => reading.tellingId.telling),
      ),
      numbers(
        "mark",
        Uint8Array.from(kept, ({ reading }) => reading.mark),
      ),
    ],
    `${horizon} ${Buffer.from(kept[0]?.series ?? "", "latin1").toString("hex")}`,
  );
