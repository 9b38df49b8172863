import { at, type IssuedInvoice, iso } from "@raingauge/domain";
import { encodeIssued } from "@raingauge/wire";
import { type Kysely, sql, type Transaction } from "kysely";
import { checkSamePeriod, type Frozen, frozen, sealed } from "../issuing.ts";
import type { Draft } from "../ledger.ts";
import type { LedgerOptions } from "../options.ts";
import { issuedOf } from "./invoices.ts";
import type { Tables } from "./tables.ts";

export type IssueTerms = LedgerOptions & { readonly series: string };

/** Number, document and evidence are written in one transaction or not at all. */
export function issue(db: Kysely<Tables>, terms: IssueTerms, draft: Draft): Promise<IssuedInvoice> {
  const usages = frozen(draft);
  const transaction = db.transaction().setIsolationLevel("read committed");
  return transaction.execute(async (writing) => {
    await queue(writing);
    return (await present(writing, terms, draft)) ?? draw(writing, terms, draft, usages);
  });
}

/**
 * One issuer at a time; readers pass. A number follows the last one that is committed, so who dies before the commit leaves
 * no gap. Who stops in the middle is thrown out by the server, and who waits too long for the others may try again.
 */
async function queue(writing: Transaction<Tables>): Promise<void> {
  await sql`set local lock_timeout = '20s'`.execute(writing);
  await sql`set local idle_in_transaction_session_timeout = '5s'`.execute(writing);
  await sql`lock table invoices in share row exclusive mode`.execute(writing);
}

async function present(
  writing: Transaction<Tables>,
  { series }: IssueTerms,
  draft: Draft,
): Promise<IssuedInvoice | undefined> {
  const { project, period } = draft.invoice;
  const row = await writing
    .selectFrom("invoices")
    .selectAll()
    .where("series", "=", series)
    .where("project", "=", project)
    .where("period_start", "<", new Date(period.end))
    .where("period_end", ">", new Date(period.start))
    .orderBy("id")
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const start = at(row.period_start.getTime());
  const end = at(row.period_end.getTime());
  checkSamePeriod({ number: row.number, period: { start, end } }, draft);
  return issuedOf(row);
}

async function draw(
  writing: Transaction<Tables>,
  { clock, series }: IssueTerms,
  draft: Draft,
  usages: Frozen,
): Promise<IssuedInvoice> {
  const last = await lastOf(writing, series);
  const sequence = BigInt(last?.sequence ?? 0) + 1n;
  const issued = sealed(draft, usages, { series, sequence, issuedAt: clock(), previousHash: last?.hash ?? "" });
  await writing.insertInto("invoices").values(rowOf(issued)).execute();
  await sql`
    insert into frozen_usages (number, position, document)
    select ${issued.number}, position, document
    from unnest(${[...usages.keys()]}::int[], ${[...usages.values()]}::text[]) as frozen (position, document)
  `.execute(writing);
  return issued;
}

const lastOf = (writing: Transaction<Tables>, series: string) =>
  writing
    .selectFrom("invoices")
    .select(["sequence", "hash"])
    .where("series", "=", series)
    .orderBy("sequence", "desc")
    .limit(1)
    .executeTakeFirst();

const rowOf = (issued: IssuedInvoice) => ({
  series: issued.series,
  sequence: issued.sequence,
  number: issued.number,
  project: issued.invoice.project,
  period_start: iso(issued.invoice.period.start),
  period_end: iso(issued.invoice.period.end),
  issued_at: iso(issued.issuedAt),
  hash: issued.hash,
  document: encodeIssued(issued),
});
