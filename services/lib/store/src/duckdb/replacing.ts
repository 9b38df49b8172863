import type { DuckDBConnection } from "@duckdb/node-api";
import type { Recomputed } from "../recompute.ts";
import type { Catalogue, Series } from "./catalogue.ts";
import { placeNew, sumDays } from "./days.ts";
import type { HolderBook } from "./holders.ts";
import { insertFound } from "./insert.ts";
import { reachOfSpans, within } from "./reach.ts";
import { appendRows, type Row } from "./table.ts";

/** Roll-ups are gathered in temporary tables and take the place of the old ones in one sweep each. */
export async function beginReplacing(connection: DuckDBConnection): Promise<void> {
  await connection.run("create or replace temp table span (series_id integer, starts bigint, ends bigint)");
  await connection.run("create or replace temp table new_usage_hour as from usage_hour limit 0");
  await connection.run("create or replace temp table new_rolled_series as from rolled_series limit 0");
  await connection.run("create or replace temp table new_rolled_tail as from rolled_tail limit 0");
}

export async function stage(
  connection: DuckDBConnection,
  recomputed: readonly Recomputed<Series>[],
  holders: HolderBook,
): Promise<void> {
  await appendRows(connection, "span", recomputed.flatMap(spanRows));
  await appendRows(
    connection,
    "usage_hour",
    recomputed.flatMap((each) => usageRows(each, holders)),
    "new_usage_hour",
  );
  await appendRows(connection, "rolled_series", recomputed.map(stateRow), "new_rolled_series");
}

/** Puts the staged hours in the place of the old ones, makes their days anew, and stages nothing any more. */
export async function putInPlace(connection: DuckDBConnection): Promise<void> {
  const reach = await reachOfSpans(connection);
  if (reach === undefined) return;
  await connection.run(`
    delete from usage_hour using span
    where usage_hour.series_id = span.series_id and usage_hour.hour >= span.starts and usage_hour.hour < span.ends
      and ${within(reach, "usage_hour.series_id", "usage_hour.hour")}`);
  await sumDays(connection);
  // Hour by hour, as they are put there when they are rolled up each by itself: who looks for one hour need not read the month.
  await insertFound(connection, "usage_hour", "from new_usage_hour", "order by hour, series_id");
  await connection.run("truncate span");
  await connection.run("truncate new_usage_hour");
}

export async function replace(connection: DuckDBConnection, catalogue: Catalogue, holders: HolderBook): Promise<void> {
  await appendRows(connection, "holder", holders.entered);
  await placeNew(connection, catalogue, "span");
  await putInPlace(connection);
  await connection.run("delete from rolled_series where series_id in (select series_id from new_rolled_series)");
  await insertFound(connection, "rolled_series", "from new_rolled_series");
  await connection.run("delete from rolled_tail where series_id in (select series_id from new_rolled_series)");
  await insertFound(connection, "rolled_tail", "from new_rolled_tail");
}

const spanRows = ({ series, spans }: Recomputed<Series>): Row[] =>
  spans.map(({ start, end }) => [series.id, BigInt(start), BigInt(end)]);

export const usageRows = (
  { series, usages }: Pick<Recomputed<Series>, "series" | "usages">,
  holders: HolderBook,
): Row[] =>
  usages.map((usage) => {
    const { readings, observedMs, inferredMs, afterEnd, counterDropped, end } = usage.evidence;
    return [
      series.id,
      BigInt(usage.period.start),
      holders.idOf(usage),
      usage.quantity,
      readings,
      observedMs,
      inferredMs,
      afterEnd,
      counterDropped,
      end === undefined ? null : BigInt(end.at),
      end === undefined ? null : end.kind === "final",
    ];
  });

const stateRow = ({ series, state }: Recomputed<Series>): Row => [
  series.id,
  BigInt(state.since),
  BigInt(state.until),
  BigInt(state.lastAt),
  state.firmAt === undefined ? null : BigInt(state.firmAt),
  state.stated,
  state.open,
];
