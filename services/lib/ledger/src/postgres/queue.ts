import { sql, type Transaction } from "kysely";
import type { Tables } from "./tables.ts";

/**
 * One issuer at a time; readers pass. A number follows the last one that is committed, so who dies before the commit leaves
 * no gap. Who stops in the middle is thrown out by the server, and who waits too long for the others may try again.
 */
export async function queue(writing: Transaction<Tables>): Promise<void> {
  await sql`set local lock_timeout = '20s'`.execute(writing);
  await sql`set local idle_in_transaction_session_timeout = '5s'`.execute(writing);
  await sql`lock table invoices in share row exclusive mode`.execute(writing);
}
