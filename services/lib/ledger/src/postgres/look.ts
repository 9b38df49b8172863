import { sql } from "kysely";
import { connection } from "./connection.ts";
import { MIGRATION_NAMES } from "./migrations.ts";
import { naming } from "./unavailable.ts";

/** What a database shows of the ledger in it. */
export interface LedgerLook {
  /** PostgreSQL's, as 170002. */
  readonly serverVersion: number;
  /** What the database's clock said, in milliseconds since the epoch, halfway through the question. */
  readonly clock: number;
  /** Steps of the tables that this release knows and the database does not have yet. */
  readonly pending: readonly string[];
  /** No ledger was ever in it. */
  readonly isEmpty: boolean;
  /** Steps that the database has and this release does not know: it was made by a newer one. */
  readonly unknown: readonly string[];
}

/** Looks without bringing the tables up to date. Throws LedgerUnavailable. */
export async function lookAtLedger(url: string): Promise<LedgerLook> {
  const db = connection(url);
  try {
    return await naming(async () => {
      const { rows } = await sql<{ version: number; clock: string; migrated: boolean }>`select
        current_setting('server_version_num')::int as version,
        (extract(epoch from clock_timestamp()) * 1000)::bigint::text as clock,
        to_regclass('kysely_migration') is not null as migrated`.execute(db);
      const [seen] = rows;
      const applied = seen?.migrated === true ? await appliedIn(db) : [];
      return {
        serverVersion: seen?.version ?? 0,
        clock: Number(seen?.clock ?? 0),
        isEmpty: applied.length === 0,
        pending: MIGRATION_NAMES.filter((name) => !applied.includes(name)),
        unknown: applied.filter((name) => !MIGRATION_NAMES.includes(name)),
      };
    });
  } finally {
    await db.destroy();
  }
}

async function appliedIn(db: ReturnType<typeof connection>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.map(({ name }) => name);
}
