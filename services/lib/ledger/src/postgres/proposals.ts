import { at, iso, type Person } from "@raingauge/domain";
import type { Kysely, Transaction } from "kysely";
import type { LedgerOptions } from "../options.ts";
import { mustBeOpen, noProposal } from "../proposals/approving.ts";
import type { Proposal, Proposals } from "../proposals/records.ts";
import { issuedOf } from "./invoices.ts";
import { queue } from "./queue.ts";
import type { Tables } from "./tables.ts";

export function proposals(db: Kysely<Tables>, clock: LedgerOptions["clock"]): Proposals {
  return {
    async propose({ corrects, document, by, expiresAt }) {
      const row = {
        corrects,
        document,
        said_by: by.name,
        said_by_id: by.id ?? null,
        proposed_at: iso(clock()),
        expires_at: iso(expiresAt),
      };
      const { sequence } = await db.insertInto("proposals").values(row).returning("sequence").executeTakeFirstOrThrow();
      return (await proposalAt(db, BigInt(sequence))) as Proposal;
    },
    async proposals({ corrects }) {
      const all = selected(db).orderBy("proposals.sequence");
      const rows = await (corrects === undefined ? all : all.where("corrects", "=", corrects)).execute();
      return rows.map(proposalOf);
    },
    proposal: (sequence) => proposalAt(db, sequence),
    rejectProposal: (sequence, { by, note }) =>
      db.transaction().execute(async (writing) => {
        // In the queue of those who issue, so that nothing is rejected while it is written.
        await queue(writing);
        const proposal = await proposalAt(writing, sequence);
        if (proposal === undefined) throw noProposal(sequence);
        const written = writing
          .selectFrom("invoices")
          .select(["document", "hash"])
          .where("corrects", "=", proposal.corrects);
        mustBeOpen(proposal, (await written.execute()).map(issuedOf));
        const rejected = { by, note, at: clock() };
        const row = {
          proposal: String(sequence),
          said_by: by.name,
          said_by_id: by.id ?? null,
          rejected_at: iso(rejected.at),
          note,
        };
        await writing.insertInto("proposal_rejections").values(row).execute();
        return { ...proposal, rejected };
      }),
  };
}

export async function proposalAt(
  db: Kysely<Tables> | Transaction<Tables>,
  sequence: bigint,
): Promise<Proposal | undefined> {
  const row = await selected(db).where("proposals.sequence", "=", String(sequence)).executeTakeFirst();
  return row && proposalOf(row);
}

const selected = (db: Kysely<Tables> | Transaction<Tables>) =>
  db
    .selectFrom("proposals")
    .leftJoin("proposal_rejections", "proposal_rejections.proposal", "proposals.sequence")
    .select(["proposals.sequence", "corrects", "document", "proposals.said_by", "proposals.said_by_id"])
    .select(["proposed_at", "expires_at", "rejected_at", "note"])
    .select(["proposal_rejections.said_by as rejected_by", "proposal_rejections.said_by_id as rejected_by_id"]);

type Row = Awaited<ReturnType<ReturnType<typeof selected>["executeTakeFirstOrThrow"]>>;

function proposalOf({ rejected_at, rejected_by, note, ...row }: Row): Proposal {
  return {
    sequence: BigInt(row.sequence),
    corrects: row.corrects,
    document: row.document,
    by: personOf(row.said_by, row.said_by_id),
    proposedAt: at(row.proposed_at.getTime()),
    expiresAt: at(row.expires_at.getTime()),
    ...(rejected_at === null
      ? {}
      : {
          rejected: {
            by: personOf(rejected_by ?? "", row.rejected_by_id),
            at: at(rejected_at.getTime()),
            note: note ?? "",
          },
        }),
  };
}

const personOf = (name: string, id: string | null): Person => ({ name, ...(id === null ? {} : { id }) });
