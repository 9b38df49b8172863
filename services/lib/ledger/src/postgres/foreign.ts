import pg from "pg";
import { checked } from "./connection.ts";

/** A row of a table that is not ours: every column as PostgreSQL writes it, so that no decimal becomes a float on the way. */
export type ForeignRow = Readonly<Record<string, string | null>>;

/** Why another's database could not be read, in the server's words. They never hold the address, and so no password. */
export class ForeignDatabaseUnread extends Error {
  override readonly name = "ForeignDatabaseUnread";
}

/**
 * All rows of those of these tables that are there, in the order of their first column, as they stood at one moment. Nothing is
 * written. Throws ForeignDatabaseUnread.
 */
export async function rowsOfTables(
  url: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly ForeignRow[]>> {
  const client = clientOf(url);
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("set datestyle to iso");
    await client.query("begin transaction isolation level repeatable read, read only");
    const tables = new Map<string, ForeignRow[]>();
    for (const name of names) {
      const table = pg.escapeIdentifier(name);
      const found = await client.query("select to_regclass($1) is not null as found", [table]);
      if (found.rows[0]?.found === "t")
        tables.set(name, (await client.query(`select * from ${table} order by 1`)).rows);
    }
    return tables;
  } catch (error) {
    throw unread(error);
  } finally {
    await client.end().catch(() => {});
  }
}

function clientOf(url: string): pg.Client {
  try {
    return new pg.Client({
      connectionString: checked(url),
      application_name: "raingauge import",
      connectionTimeoutMillis: CONNECT_TIMEOUT_MILLISECONDS,
      types: { getTypeParser: () => (written: string) => written },
    });
  } catch (error) {
    throw unread(error);
  }
}

const unread = (error: unknown): ForeignDatabaseUnread =>
  new ForeignDatabaseUnread(error instanceof Error ? error.message : String(error));

const CONNECT_TIMEOUT_MILLISECONDS = 10_000;
