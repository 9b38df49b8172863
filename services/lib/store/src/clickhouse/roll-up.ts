import { allMeters, at, EVERYTHING, HOUR_MS, type Instant, meterNamed } from "@raingauge/domain";
import { FOREVER } from "../forever.ts";
import { type Recomputed, recompute } from "../recompute.ts";
import { notedWatch, staleMeters, type Watching } from "../sources.ts";
import type { RollUpReport } from "../store.ts";
import type { Catalogue, Series } from "./catalogue.ts";
import { readFrozen } from "./frozen.ts";
import type { Key } from "./key.ts";
import { type Lot, lotOf, storedAtOf, writerOf } from "./lot.ts";
import { type Extent, finishRollUp, putStates, putUsages, type Replacing } from "./replacing.ts";
import { lastRolled, type Rolled } from "./rolled.ts";
import { counted, look, type Seen } from "./seen.ts";
import type { ClickhouseServer } from "./server.ts";
import { every, packedKeys } from "./sql.ts";
import { type Standing, standings } from "./standing.ts";
import { type Asked, readStretches } from "./stretches.ts";
import { watching } from "./watching.ts";

export interface Rolling {
  readonly server: ClickhouseServer;
  readonly catalogue: Catalogue;
  /** Whose number the roll-up bears. */
  readonly writer: number;
  readonly now: Instant;
}

/**
 * Recomputes the hours that arrivals reached since the last roll-up, those of series whose confirming sources changed, and
 * those that a roll-up which was cut off had begun to replace. The states of the series come after all hours, and the word
 * that it is finished after those; until then whoever asks keeps to the hours before the first that it replaced.
 */
export async function rollUp({ server, catalogue, writer, now }: Rolling): Promise<RollUpReport> {
  const rolled = await lastRolled(server);
  const seen = await look(server);
  const watchOf = await watching(seen);
  const generation = await nextGeneration(server, rolled, writer, now);
  const selection = { meters: allMeters().map(({ name }) => name), scope: EVERYTHING };
  const stale = staleMeters(rolled.watch, watchOf);
  const horizon = (await readFrozen(server))?.horizon ?? at(0);
  const standing = await standings(seen, catalogue, rolled, { selection, stale, horizon });
  const torn = await tornFrom(server, rolled);
  const todo = standing.flatMap((each) => todoOf(each, torn.get(each.series), horizon));

  const report = { series: 0, hours: 0 };
  const states: Recomputed<Series>[] = [];
  const bench: Bench = { server, seen, catalogue, watchOf, rolled, generation };
  for (const part of await partsOf(seen, todo)) {
    const recomputed = await recomputePart(bench, part);
    await putUsages(bench, recomputed, await extentsOf(server, part));
    states.push(...recomputed.map((each) => ({ ...each, usages: [] })));
    report.series += recomputed.filter(({ hours }) => hours > 0).length;
    report.hours += recomputed.reduce((sum, { hours }) => sum + hours, 0);
  }
  await putStates(bench, states);
  const regions = await server.ask(`select distinct region from ${server.table("series")}`, (row) => row.text());
  await finishRollUp(bench, seen.lasts, notedWatch(regions, watchOf));
  return report;
}

interface Bench extends Replacing {
  readonly seen: Seen;
  readonly catalogue: Catalogue;
  readonly watchOf: Watching;
  readonly rolled: Rolled;
}

/** Later than every roll-up that was ever begun. */
export async function nextGeneration(
  server: ClickhouseServer,
  { generation }: Rolled,
  writer: number,
  now: Instant,
): Promise<Lot> {
  const [begun = 0n] = await server.ask(
    `select max(generation) from (select max(generation) as generation from ${server.table("usage_hour")}
      union all select max(generation) from ${server.table("rolled_series")})`,
    (row) => row.unsigned(),
  );
  const latest = begun > generation ? begun : generation;
  return lotOf(at(Math.max(now, storedAtOf(latest) + 1)), writerOf(BigInt(writer)));
}

/** From which hour on the roll-ups of a series are those of a roll-up that never said that it was finished. */
async function tornFrom(server: ClickhouseServer, { generation }: Rolled): Promise<ReadonlyMap<Key, Instant>> {
  const rows = await server.ask(
    `select series, min(hour) from ${server.table("usage_hour")} where generation > ${generation} group by series`,
    (row) => [row.key(), row.moment()] as const,
  );
  return new Map(rows);
}

interface Todo extends Asked {
  readonly staleFrom: Instant | undefined;
  /** Its beginning, where it was rolled up before. */
  readonly since: Instant | undefined;
}

function todoOf(
  { series, since, dirtyFrom, staleFrom }: Standing,
  torn: Instant | undefined,
  horizon: Instant,
): Todo[] {
  const isUnknown = dirtyFrom !== undefined && since === undefined;
  const stale = earliest(staleFrom, torn);
  const from = earliest(dirtyFrom, stale);
  if (from === undefined) return [];
  return [
    {
      series,
      period: { start: from, end: at(FOREVER) },
      staleFrom: isUnknown && torn !== undefined ? horizon : stale,
      since,
    },
  ];
}

const earliest = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  a === undefined || b === undefined ? (a ?? b) : at(Math.min(a, b));

/** How many readings are held in memory at a time; a series is never split. */
const PART_READINGS = 200_000;

async function partsOf({ server, lasts }: Seen, todo: readonly Todo[]): Promise<Todo[][]> {
  if (todo.length === 0) return [];
  const from = todo.reduce((least, { period }) => Math.min(least, period.start), FOREVER);
  const where = every(
    `moment >= ${from}`,
    todo.length > NAMED_MAX ? undefined : `series in ${packedKeys(todo.map(({ series }) => series))}`,
    counted(lasts),
  );
  const rows = await server.ask(
    `select series, count() from ${server.table("reading")} where ${where} group by series`,
    (row) => [row.key(), row.integer()] as const,
  );
  const counts = new Map(rows);
  const parts: Todo[][] = [];
  let readings = 0;
  // Beside each other as they lie on the disk.
  for (const each of todo.toSorted((a, b) => compareKeys(a.series, b.series))) {
    const mine = counts.get(each.series) ?? 1;
    const last = parts.at(-1);
    if (last === undefined || readings + mine > PART_READINGS) {
      parts.push([each]);
      readings = 0;
    } else last.push(each);
    readings += mine;
  }
  return parts;
}

/** Past so many names it costs less to read what lies between. */
const NAMED_MAX = 20_000;

/** As numbers: the last byte is the highest. */
function compareKeys(a: Key, b: Key): number {
  for (let index = a.length - 1; index >= 0; index -= 1) {
    const difference = a.charCodeAt(index) - b.charCodeAt(index);
    if (difference !== 0) return difference;
  }
  return 0;
}

async function recomputePart({ seen, catalogue, watchOf, rolled }: Bench, part: readonly Todo[]) {
  const todo = new Map(part.map((each) => [each.series, each]));
  return (await readStretches(seen, catalogue, part)).flatMap(({ series, period, readings }) => {
    const meter = meterNamed(series.meter);
    const mine = todo.get(series.key);
    if (meter === undefined || mine === undefined) return [];
    const known = readings.filter(({ tellingId: { lot } }) => lot <= (rolled.lasts.get(writerOf(lot)) ?? 0n));
    const { since, staleFrom } = mine;
    const work = { series, period, readings, known, since, staleFrom };
    return [recompute(meter, work, watchOf(series.region, meter.resourceType))];
  });
}

/** From which hour to which hour anything was ever rolled up of some series. */
async function extentsOf(server: ClickhouseServer, part: readonly Todo[]): Promise<ReadonlyMap<Key, Extent>> {
  const rows = await server.ask(
    `select series, min(hour), max(hour) from ${server.table("usage_hour")}
      where series in ${packedKeys(part.map(({ series }) => series))} group by series`,
    (row) => [row.key(), { start: row.moment(), end: at(row.moment() + HOUR_MS) }] as const,
  );
  return new Map(rows);
}
