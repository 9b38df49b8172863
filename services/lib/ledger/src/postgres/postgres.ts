import { type Kysely, sql } from "kysely";
import type { Ledger } from "../ledger.ts";
import { DEFAULT_SERIES, type LedgerOptions } from "../options.ts";
import { accounts } from "./accounts.ts";
import { afterIssue } from "./after-issue.ts";
import { books } from "./books.ts";
import { budgets } from "./budgets.ts";
import { connection } from "./connection.ts";
import { credits } from "./credits.ts";
import { invoices } from "./invoices.ts";
import { issuing } from "./issue.ts";
import { leases } from "./leases.ts";
import { migrate } from "./migrations.ts";
import { proposals } from "./proposals.ts";
import { ratingRecords } from "./rating-records.ts";
import { requestRecords } from "./request-records.ts";
import { retirements } from "./retirements.ts";
import type { Tables } from "./tables.ts";
import { tokens } from "./tokens.ts";
import { naming, reachable } from "./unavailable.ts";

export { LEDGER_URL } from "./connection.ts";

export interface PostgresOptions extends LedgerOptions {
  /** `postgresql://user:password@host:port/database`; the role must own the database or be allowed to create tables in it. */
  readonly url: string;
}

/** The ledger in a PostgreSQL, whoever runs it. Its tables are made or brought up to date before this resolves. */
export async function postgresLedger({ url, clock, series = DEFAULT_SERIES }: PostgresOptions): Promise<Ledger> {
  const db = connection(url);
  try {
    await naming(() => prepare(db));
  } catch (error) {
    await db.destroy();
    throw error;
  }
  const versions = accounts(db, clock);
  return {
    ...reachable({
      ...versions,
      ...credits(db, clock, versions.accounts),
      ...afterIssue(db),
      ...books(db, clock),
      ...issuing(db, { clock, series }),
      ...invoices(db),
      ...tokens(db),
      ...leases(db),
      ...requestRecords(db, clock),
      ...ratingRecords(db, clock),
      ...budgets(db, clock),
      ...proposals(db, clock),
      ...retirements(db, clock),
    }),
    [Symbol.asyncDispose]: () => db.destroy(),
  };
}

async function prepare(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ version: number }>`select current_setting('server_version_num')::int as version`.execute(
    db,
  );
  const version = Math.floor((rows[0]?.version ?? 0) / 10_000);
  if (version < OLDEST) throw new Error(`the ledger needs PostgreSQL ${OLDEST} or newer; this server is ${version}`);
  await migrate(db);
}

/** The oldest that the suite is run on; older ones may work, and a ledger is no place to find out. */
const OLDEST = 15;
