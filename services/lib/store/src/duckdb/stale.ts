import type { DuckDBConnection } from "@duckdb/node-api";
import { type Noted, notedWatch, type Stale, staleMeters, type Watching } from "../sources.ts";
import { rowsOf, text } from "./answer.ts";
import { appendRows, type Row } from "./table.ts";

/** The meters whose roll-ups stand on other sources than confirm now. */
export async function staleNow(connection: DuckDBConnection, watching: Watching): Promise<Stale[]> {
  const rows = await rowsOf(connection, { sql: "select region, resource_type, confirmations from rolled_watch" });
  const noted = rows.map(
    ([region, type, confirmations]): Noted => [text(region), text(type), JSON.parse(text(confirmations))],
  );
  return staleMeters(noted, watching);
}

/** Notes which sources the roll-ups stand on from now on. */
export async function noteWatch(
  connection: DuckDBConnection,
  regions: Iterable<string>,
  watching: Watching,
): Promise<void> {
  const rows = notedWatch(regions, watching).map(
    ([region, type, confirmations]): Row => [region, type, JSON.stringify(confirmations)],
  );
  await connection.run("delete from rolled_watch");
  await appendRows(connection, "rolled_watch", rows);
}
