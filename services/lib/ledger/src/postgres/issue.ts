import { type IssuedInvoice, iso } from "@raingauge/domain";
import { type Kysely, sql, type Transaction } from "kysely";
import { projectsOf } from "../account.ts";
import { LedgerConflict } from "../conflict.ts";
import { answering, type Frozen, type PreparedDraft, prepare, sealed, seriesOf } from "../issuing.ts";
import type { Ledger } from "../ledger.ts";
import type { LedgerOptions } from "../options.ts";
import { mustBeApproved } from "../proposals/approving.ts";
import { type CreditDrawing, creditDrawing } from "./credits.ts";
import { type Families, families } from "./families.ts";
import { proposalAt } from "./proposals.ts";
import { queue } from "./queue.ts";
import type { Tables } from "./tables.ts";

export type IssueTerms = LedgerOptions & { readonly series: string };

export const issuing = (db: Kysely<Tables>, terms: IssueTerms): Pick<Ledger, "issue" | "issueAll"> => ({
  issueAll: (prepared) => issueAll(db, terms, prepared),
  async issue(draft) {
    const [result] = await issueAll(db, terms, [prepare(draft)]);
    if (result === undefined || result instanceof LedgerConflict) throw result;
    return result;
  },
});

/**
 * Numbers, documents and evidence are written in one transaction or not at all. All that is left to do while others have to wait
 * is to number, to chain and to write, all rows of a kind at once.
 */
function issueAll(
  db: Kysely<Tables>,
  terms: IssueTerms,
  prepared: readonly PreparedDraft[],
): Promise<readonly (IssuedInvoice | LedgerConflict)[]> {
  const transaction = db.transaction().setIsolationLevel("read committed");
  return transaction.execute(async (writing) => {
    await queue(writing);
    const known = await families(
      writing,
      prepared.map(({ draft }) => draft),
    );
    const hand: Hand = { writing, terms, known, credits: creditDrawing(writing), last: new Map(), drawn: [] };
    const results: (IssuedInvoice | LedgerConflict)[] = [];
    for (const each of prepared) results.push(await refusing(() => issueOne(hand, each)));
    await write(hand);
    return results;
  });
}

/** A draft that contradicts what is written keeps none of the others back. */
async function refusing(issue: () => Promise<IssuedInvoice>): Promise<IssuedInvoice | LedgerConflict> {
  try {
    return await issue();
  } catch (error) {
    if (error instanceof LedgerConflict) return error;
    throw error;
  }
}

/** What is numbered, and not yet written. */
interface Drawn {
  readonly issued: IssuedInvoice;
  readonly text: string;
  readonly usages: Frozen;
}

interface Hand {
  readonly writing: Transaction<Tables>;
  readonly terms: IssueTerms;
  readonly known: Families;
  readonly credits: CreditDrawing;
  /** Of each series that was asked for, its last document. */
  readonly last: Map<string, Last | undefined>;
  readonly drawn: Drawn[];
}

interface Last {
  readonly sequence: bigint;
  readonly hash: string;
}

async function issueOne(hand: Hand, prepared: PreparedDraft): Promise<IssuedInvoice> {
  const { writing, terms, known } = hand;
  const { draft, usages } = prepared;
  const { approval } = draft.pins;
  const family = known.of(draft);
  mustBeApproved(draft, approval && (await proposalAt(writing, approval.proposal)), family, terms.clock());
  const there = answering(family, draft);
  if (there !== undefined) return there;
  const changes = await hand.credits.allowed(draft.invoice);
  const issuedAt = terms.clock();
  const series = seriesOf(draft, terms.series, issuedAt);
  const last = hand.last.has(series) ? hand.last.get(series) : await lastOf(writing, series);
  const sequence = (last?.sequence ?? 0n) + 1n;
  const made = sealed(prepared, { series, sequence, issuedAt, previousHash: last?.hash ?? "" });
  hand.last.set(series, { sequence, hash: made.issued.hash });
  hand.credits.draw(made.issued, changes);
  known.add(made.issued);
  hand.drawn.push({ ...made, usages });
  return made.issued;
}

async function lastOf(writing: Transaction<Tables>, series: string): Promise<Last | undefined> {
  const row = await writing
    .selectFrom("invoices")
    .select(["sequence", "hash"])
    .where("series", "=", series)
    .orderBy("sequence", "desc")
    .limit(1)
    .executeTakeFirst();
  return row && { sequence: BigInt(row.sequence), hash: row.hash };
}

async function write({ writing, credits, drawn }: Hand): Promise<void> {
  if (drawn.length === 0) return;
  await writing.insertInto("invoices").values(drawn.map(rowOf)).execute();
  await credits.write();
  const frozen = drawn.flatMap(({ issued, usages }) =>
    [...usages].map(([position, text]) => ({ number: issued.number, position, text })),
  );
  await sql`
    insert into frozen_usages (number, position, document)
    select * from unnest(
      ${frozen.map(({ number }) => number)}::text[], ${frozen.map(({ position }) => position)}::int[],
      string_to_array(${frozen.map(({ text }) => text).join(BETWEEN)}, ${BETWEEN}))
  `.execute(writing);
}

/** No JSON holds a line's end as it stands, and a list of texts in PostgreSQL's own form would have to be quoted once more. */
const BETWEEN = "\n";

const rowOf = ({ issued, text }: Drawn) => ({
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
  document: text,
});
