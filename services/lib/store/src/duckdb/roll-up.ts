import type { DuckDBConnection } from "@duckdb/node-api";
import { allMeters, EVERYTHING, meterNamed } from "@raingauge/domain";
import { type Recomputed, recompute } from "../recompute.ts";
import type { Watching } from "../sources.ts";
import type { RollUpReport } from "../store.ts";
import { integer, moment, rowsOf } from "./answer.ts";
import type { Catalogue, Series } from "./catalogue.ts";
import { noteDays } from "./days.ts";
import { type Arrived, firstOf } from "./first-of.ts";
import { holderBook, readHolders } from "./holders.ts";
import { rollUpPlain } from "./plain.ts";
import { beginReplacing, replace, stage } from "./replacing.ts";
import { noteWatch, staleNow } from "./stale.ts";
import { standing } from "./standing.ts";
import { readPicked } from "./stretches.ts";
import { forgetOthers, noteTails, noteThrough, type Tail, tailOf } from "./tails.ts";
import { parts, pickTodo, type Todo } from "./todo.ts";
import { watching } from "./watching.ts";

/** Of a roll-up that may have taken the first of what arrived alone. */
export interface RolledUp extends RollUpReport {
  readonly isAll: boolean;
}

/**
 * Recomputes the hours that arrivals reached since the last roll-up, and those of series whose confirming sources changed.
 * In the caller's transaction, so that roll-ups and what they stand on change together. Of more readings than `most` it takes the
 * first, as if nothing had come since: whatever a transaction makes it holds until it ends, and so its memory is bounded.
 */
export async function rollUp(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  most = Number.POSITIVE_INFINITY,
): Promise<RolledUp> {
  const [marks] = await rowsOf(connection, {
    sql: `select (select coalesce(max(telling_id), 0) from rolled), (select coalesce(max(telling_id), 0) from telling),
      (select coalesce(max(stored_at), 0) from position)`,
  });
  const all = { rolledTo: integer(marks?.[0]), arrivedTo: integer(marks?.[1]), storedAt: moment(marks?.[2]) };
  const first = await firstOf(connection, all, most);
  const watchOf = await watching(connection, first?.storedAt);
  const report = await rollUpTo(connection, catalogue, first ?? all, watchOf);
  return { ...report, isAll: first === undefined };
}

async function rollUpTo(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  { rolledTo, arrivedTo, storedAt }: Arrived,
  watchOf: Watching,
): Promise<RollUpReport> {
  const all = { meters: allMeters().map(({ name }) => name), scope: EVERYTHING };
  await standing(connection, all, await staleNow(connection, watchOf));

  await forgetOthers(connection, rolledTo);
  const report = await recomputeAll({ connection, catalogue, watchOf, rolledTo });
  const regions = new Set(catalogue.series.flatMap((series) => series?.region ?? []));
  await noteWatch(connection, regions, watchOf);
  await connection.run("delete from rolled");
  await connection.run("insert into rolled values ($1, $2)", [BigInt(storedAt), BigInt(arrivedTo)]);
  await noteThrough(connection, { rolledTo, arrivedTo });
  await noteDays(connection);
  return report;
}

interface Bench {
  readonly connection: DuckDBConnection;
  readonly catalogue: Catalogue;
  readonly watchOf: Watching;
  /** The last telling that the roll-ups know. */
  readonly rolledTo: number;
}

async function recomputeAll(bench: Bench): Promise<RollUpReport> {
  const { connection, catalogue } = bench;
  const holders = holderBook(await readHolders(connection));
  await beginReplacing(connection);
  const plain = await rollUpPlain({ ...bench, holders });
  const report = { series: plain.series, hours: plain.hours };
  const tails: Tail[] = [];
  for (const part of parts(await pickTodo(connection))) {
    const done = await recomputePart(bench, part);
    const recomputed = done.map((each) => each.recomputed);
    await stage(connection, recomputed, holders);
    tails.push(...done.flatMap(({ tail }) => tail ?? []));
    report.series += recomputed.filter(({ hours }) => hours > 0).length;
    report.hours += recomputed.reduce((sum, { hours }) => sum + hours, 0);
  }
  await noteTails(connection, tails);
  await replace(connection, catalogue, holders);
  return report;
}

async function recomputePart(
  { connection, catalogue, watchOf, rolledTo }: Bench,
  part: readonly Todo[],
): Promise<Done[]> {
  const todoOf = new Map(part.map((todo) => [todo.seriesId, todo]));
  const [first, last] = [part.at(0)?.seriesId ?? 0, part.at(-1)?.seriesId ?? -1];
  return (await readPicked(connection, catalogue, first, last)).flatMap((stretch) => {
    const { id, region, meter: name } = stretch.series;
    const meter = meterNamed(name);
    const todo = todoOf.get(id);
    if (meter === undefined || todo === undefined) return [];
    const { series, period, readings, replaced } = stretch;
    const known = [...readings, ...replaced].filter(({ tellingId }) => tellingId <= rolledTo);
    const { since, staleFrom } = todo;
    const work = { series, period, readings, known, since, staleFrom };
    const recomputed = recompute(meter, work, watchOf(region, meter.resourceType));
    return [{ recomputed, tail: tailOf(meter, id, readings) }];
  });
}

interface Done {
  readonly recomputed: Recomputed<Series>;
  readonly tail: Tail | undefined;
}
