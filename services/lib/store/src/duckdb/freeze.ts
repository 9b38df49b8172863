import { BIGINT, type DuckDBConnection, LIST, listValue, VARCHAR } from "@duckdb/node-api";
import { allMeters, at, EVERYTHING, hourly, type Instant, meterNamed, retained } from "@raingauge/domain";
import { FOREVER } from "../forever.ts";
import type { FreezeReport } from "../store.ts";
import type { Catalogue } from "./catalogue.ts";
import { noteDays, placeNew } from "./days.ts";
import { readFrozen } from "./frozen.ts";
import { holderBook, readHolders } from "./holders.ts";
import { insertFound } from "./insert.ts";
import { beginReplacing, putInPlace, usageRows } from "./replacing.ts";
import { rollUp } from "./roll-up.ts";
import { standing } from "./standing.ts";
import { lastTelling, pickWithFirst, readPicked, readStretches } from "./stretches.ts";
import { appendRows, type Row } from "./table.ts";
import { watching } from "./watching.ts";

/** Makes roll-ups before a horizon the last word on their hours, and removes readings that decide none after it. */
export async function freeze(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  horizon: Instant,
  now: Instant,
): Promise<FreezeReport> {
  const before = await readFrozen(connection);
  if (before !== undefined && horizon <= before.horizon) return { horizon: before.horizon, removed: 0 };
  await rollUp(connection, catalogue);
  await rollUpOpen(connection, catalogue, horizon);
  const removed = await removeReadings(connection, catalogue, horizon);
  catalogue.storedAt = at(Math.max(now, catalogue.storedAt + 1));
  await connection.run("delete from late where stored_at < $1", [BigInt(horizon)]);
  await connection.run("delete from frozen");
  await connection.run("insert into frozen values ($1, $2)", [BigInt(horizon), BigInt(catalogue.storedAt)]);
  await noteDays(connection);
  return { horizon, removed };
}

const known = (): string[] => allMeters().map(({ name }) => name);

/** What only a listener holds open is rolled up no further than it is firm; a frozen hour stands all the same. */
async function rollUpOpen(connection: DuckDBConnection, catalogue: Catalogue, horizon: Instant): Promise<void> {
  await standing(connection, { meters: known(), scope: EVERYTHING }, []);
  await connection.run(
    `create or replace temp table stretch as
      select series_id, open_from as starts, $1::bigint as ends from standing where open_from < $1`,
    [BigInt(horizon)],
  );
  const watchOf = await watching(connection, undefined);
  const holders = holderBook(await readHolders(connection));
  const rows = (await readStretches(connection, catalogue, undefined)).flatMap(({ series, readings, period }) => {
    const meter = meterNamed(series.meter);
    if (meter === undefined) return [];
    const usages = hourly(meter, readings, period, watchOf(series.region, meter.resourceType));
    return usageRows({ series, usages }, holders);
  });
  await appendRows(connection, "holder", holders.entered);
  await beginReplacing(connection);
  await insertFound(connection, "span", "from stretch");
  await appendRows(connection, "usage_hour", rows, "new_usage_hour");
  await placeNew(connection, catalogue, "span");
  await putInPlace(connection);
}

/** How many series are looked at at a time: of each a few readings stay. */
const PART_SERIES = 10_000;

/**
 * What was stored since the horizon stays for now, so that a watermark since then still finds what it found; and with it what
 * decides beside it, since an end that was told late has a statement in force.
 */
async function removeReadings(connection: DuckDBConnection, catalogue: Catalogue, horizon: Instant): Promise<number> {
  const upTo = await lastTelling(connection, at(horizon - 1));
  await connection.run(
    "create or replace temp table kept (series_id integer, moment bigint, telling_id bigint, mark utinyint)",
  );
  const keep = async (series: "telling_id <= $upTo" | "telling_id > $upTo", told: bigint): Promise<void> => {
    await connection.run(
      `create or replace temp table stretch as
        select distinct series_id, $horizon as starts, $horizon as ends from reading
        where moment < $horizon and ${series}
          and series_id in (select series_id from series where meter in (select unnest($meters)))`,
      { horizon: BigInt(horizon), upTo, meters: listValue(known()) },
      { horizon: BIGINT, upTo: BIGINT, meters: LIST(VARCHAR) },
    );
    await pickWithFirst(connection, told);
    for (let first = 0; first < catalogue.series.length; first += PART_SERIES)
      await appendRows(connection, "kept", await keptRows(connection, catalogue, first, horizon));
  };
  await keep("telling_id > $upTo", BigInt(FOREVER));
  await keep("telling_id <= $upTo", upTo);
  const removed = await connection.run(
    `delete from reading where moment < $horizon and telling_id <= $upTo
      and series_id in (select series_id from stretch)
      and not exists (
        select 1 from kept k where k.series_id = reading.series_id and k.moment = reading.moment
          and k.telling_id = reading.telling_id and k.mark = reading.mark)`,
    { horizon: BigInt(horizon), upTo },
    { horizon: BIGINT, upTo: BIGINT },
  );
  await connection.run(
    `delete from telling where telling_id <= $1 and telling_id < (select max(telling_id) from telling)
      and telling_id not in (select telling_id from reading where telling_id <= $1)`,
    [upTo],
  );
  return removed.rowsChanged;
}

async function keptRows(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  first: number,
  horizon: Instant,
): Promise<Row[]> {
  const stretches = await readPicked(connection, catalogue, first, first + PART_SERIES - 1);
  return stretches.flatMap(({ series, readings }) => {
    const meter = meterNamed(series.meter);
    if (meter === undefined) return [];
    return retained(meter, readings, horizon).map(
      ({ at: moment, tellingId, mark }): Row => [series.id, BigInt(moment), BigInt(tellingId), mark],
    );
  });
}
