import type { DuckDBConnection } from "@duckdb/node-api";
import { allMeters, type Confirmation, type Instant } from "@raingauge/domain";
import { firstDifference } from "../confirmed.ts";
import { rowsOf, text } from "./answer.ts";
import { appendRows, type Row } from "./table.ts";
import type { Watching } from "./watching.ts";

/** A meter of a region whose roll-ups, from an instant on, stand on limits that are no longer known to be right. */
export interface Stale {
  readonly region: string;
  readonly meter: string;
  readonly since: Instant;
}

/** Compares the sources that confirm now with those that did when usage was rolled up. */
export async function staleMeters(connection: DuckDBConnection, watching: Watching): Promise<Stale[]> {
  const rows = await rowsOf(connection, { sql: "select region, resource_type, confirmations from rolled_watch" });
  return rows.flatMap(([region, type, confirmations]) => {
    const before: Confirmation[] = JSON.parse(text(confirmations));
    const since = firstDifference(before, watching(text(region), text(type)).confirmations);
    if (since === undefined) return [];
    return allMeters()
      .filter(({ existence, resourceType }) => existence && resourceType === text(type))
      .map(({ name }) => ({
        region: text(region),
        meter: name,
        since,
      }));
  });
}

/** Notes which sources the roll-ups stand on from now on. */
export async function noteWatch(
  connection: DuckDBConnection,
  regions: Iterable<string>,
  watching: Watching,
): Promise<void> {
  const types = [
    ...new Set(
      allMeters()
        .filter(({ existence }) => existence)
        .map(({ resourceType }) => resourceType),
    ),
  ];
  const rows = [...regions].flatMap((region) =>
    types.map((type): Row => [region, type, JSON.stringify(watching(region, type).confirmations)]),
  );
  await connection.run("delete from rolled_watch");
  await appendRows(connection, "rolled_watch", rows);
}
