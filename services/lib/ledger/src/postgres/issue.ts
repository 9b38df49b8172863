import { type IssuedInvoice, iso } from "@raingauge/domain";
import { encodeIssued } from "@raingauge/wire";
import { type Kysely, sql, type Transaction } from "kysely";
import { projectsOf } from "../account.ts";
import { answering, type Frozen, frozen, sealed, seriesOf } from "../issuing.ts";
import type { Draft } from "../ledger.ts";
import type { LedgerOptions } from "../options.ts";
import { mustBeApproved } from "../proposals/approving.ts";
import { drawCredits } from "./credits.ts";
import { billing, issuedOf } from "./invoices.ts";
import { proposalAt } from "./proposals.ts";
import { queue } from "./queue.ts";
import type { Tables } from "./tables.ts";

export type IssueTerms = LedgerOptions & { readonly series: string };

/** Number, document and evidence are written in one transaction or not at all. */
export function issue(db: Kysely<Tables>, terms: IssueTerms, draft: Draft): Promise<IssuedInvoice> {
  const usages = frozen(draft);
  const transaction = db.transaction().setIsolationLevel("read committed");
  return transaction.execute(async (writing) => {
    await queue(writing);
    const known = await family(writing, draft);
    const { approval } = draft.pins;
    mustBeApproved(draft, approval && (await proposalAt(writing, approval.proposal)), known, terms.clock());
    return answering(known, draft) ?? (await draw(writing, terms, draft, usages));
  });
}

/** Every document that may bill the same time, with what takes it back; or the one to be corrected, with its corrections. */
async function family(writing: Transaction<Tables>, { invoice }: Draft): Promise<IssuedInvoice[]> {
  const number = invoice.corrects?.number;
  const documents = writing.selectFrom("invoices").select(["document", "hash"]).orderBy("id");
  const wanted =
    number === undefined
      ? documents
          .where("period_start", "<", new Date(invoice.period.end))
          .where("period_end", ">", new Date(invoice.period.start))
          .where((row) =>
            row.or([row("account", "=", invoice.account.id), billing(invoice.projects.map(({ id }) => id))(row)]),
          )
      : documents.where((row) => row.or([row("number", "=", number), row("corrects", "=", number)]));
  return (await wanted.execute()).map(issuedOf);
}

async function draw(
  writing: Transaction<Tables>,
  { clock, series: usual }: IssueTerms,
  draft: Draft,
  usages: Frozen,
): Promise<IssuedInvoice> {
  const issuedAt = clock();
  const series = seriesOf(draft, usual, issuedAt);
  const last = await lastOf(writing, series);
  const sequence = BigInt(last?.sequence ?? 0) + 1n;
  const issued = sealed(draft, usages, { series, sequence, issuedAt, previousHash: last?.hash ?? "" });
  await writing.insertInto("invoices").values(rowOf(issued)).execute();
  await drawCredits(writing, issued);
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
  account: issued.invoice.account.id,
  projects: projectsOf(issued),
  corrects: issued.invoice.corrects?.number ?? null,
  after: issued.invoice.corrects?.after ?? null,
  period_start: iso(issued.invoice.period.start),
  period_end: iso(issued.invoice.period.end),
  issued_at: iso(issued.issuedAt),
  hash: issued.hash,
  document: encodeIssued(issued),
});
