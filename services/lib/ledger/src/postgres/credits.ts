import { at, EVERYTHING, type Invoice, type IssuedInvoice, iso, type Scope } from "@raingauge/domain";
import { creditDigest, decodeCredit, encodeCredit } from "@raingauge/wire";
import { type Insertable, type Kysely, type Selectable, sql, type Transaction } from "kysely";
import { refuseSuperseded, seesEveryVersion } from "../account.ts";
import { alreadyGrantedCredit, creditChanges, mayDraw, mustBeLeft, noCredit } from "../credits/drawing.ts";
import type { CreditEntry, Credits, GrantedCredit } from "../credits/records.ts";
import type { Ledger } from "../ledger.ts";
import type { LedgerOptions } from "../options.ts";
import type { Tables } from "./tables.ts";

/** What is left of a credit is always worked out from its entries, so that no sum beside them can be wrong. */
export function credits(db: Kysely<Tables>, clock: LedgerOptions["clock"], accounts: Ledger["accounts"]): Credits {
  const isSeen = async (account: string, scope: Scope): Promise<boolean> =>
    scope.kind === "all" ||
    seesEveryVersion(
      scope,
      (await accounts(EVERYTHING)).filter((version) => version.account.id === account),
    );
  return {
    grantCredit: (credit, by) =>
      db.transaction().execute(async (writing) => {
        const document = encodeCredit(credit);
        const now = iso(clock());
        const added = await writing
          .insertInto("credits")
          .values({ credit: credit.id, account: credit.account, document, granted_at: now, granted_by: by })
          .onConflict((conflict) => conflict.doNothing())
          .returning("credit")
          .executeTakeFirst();
        if (added !== undefined) {
          const entry = {
            kind: "granted",
            amount: String(credit.amount),
            at: now,
            said_by: by,
            note: credit.note,
          } as const;
          await writing
            .insertInto("credit_entries")
            .values({ credit: credit.id, number: null, ...entry })
            .execute();
        }
        const known = await locked(writing, credit.id);
        if (known === undefined || encodeCredit(known.credit) !== document) throw alreadyGrantedCredit(credit.id);
        return known;
      }),
    async credits({ account }, scope) {
      let wanted = granted(db).orderBy("credits.id");
      if (account !== undefined) wanted = wanted.where("credits.account", "=", account);
      const all = (await wanted.execute()).map(grantedOf);
      const seen = await Promise.all(all.map(({ credit }) => isSeen(credit.account, scope)));
      return all.filter((_, index) => seen[index]);
    },
    async creditEntries(credit, scope) {
      const row = await db.selectFrom("credits").select("account").where("credit", "=", credit).executeTakeFirst();
      return row === undefined || !(await isSeen(row.account, scope)) ? [] : entries(db, credit);
    },
    withdrawCredit: ({ credit, amount, by, note }, over) =>
      db.transaction().execute(async (writing) => {
        const known = await locked(writing, credit);
        if (known === undefined) throw noCredit(credit);
        refuseSuperseded({ digest: creditDigest(known.credit, await entries(writing, credit)) }, over);
        mustBeLeft(known, -amount);
        const entry = { kind: "withdrawn", amount: String(-amount), at: iso(clock()), said_by: by, note } as const;
        await writing
          .insertInto("credit_entries")
          .values({ credit, number: null, ...entry })
          .execute();
        return { ...known, left: known.left - amount };
      }),
  };
}

/** What the documents of one transaction draw of credits, each allowed before it has a number, and all written at once. */
export interface CreditDrawing {
  /** What a document would change of each credit. Throws LedgerConflict where it may not. */
  allowed(invoice: Invoice): Promise<ReadonlyMap<string, bigint>>;
  draw(issued: IssuedInvoice, changes: ReadonlyMap<string, bigint>): void;
  write(): Promise<void>;
}

export function creditDrawing(writing: Transaction<Tables>): CreditDrawing {
  const known = new Map<string, GrantedCredit | undefined>();
  const entries: Insertable<Tables["credit_entries"]>[] = [];
  const read = async (credit: string): Promise<GrantedCredit | undefined> => {
    if (!known.has(credit)) known.set(credit, await locked(writing, credit));
    return known.get(credit);
  };
  return {
    async allowed(invoice) {
      const changes = creditChanges(invoice);
      for (const [credit, amount] of changes) mayDraw(await read(credit), amount, invoice);
      return changes;
    },
    draw({ number, issuedAt }, changes) {
      for (const [credit, amount] of changes) {
        const granted = known.get(credit);
        if (granted !== undefined) known.set(credit, { ...granted, left: granted.left + amount });
        const kind = amount < 0n ? "drawn" : "returned";
        entries.push({ credit, number, kind, amount: String(amount), at: iso(issuedAt), said_by: null, note: null });
      }
    },
    async write() {
      if (entries.length > 0) await writing.insertInto("credit_entries").values(entries).execute();
    },
  };
}

const granted = (db: Kysely<Tables>) =>
  db
    .selectFrom("credits")
    .select(["document", "granted_at", "granted_by"])
    .select(
      sql<string>`(select coalesce(sum(amount), 0) from credit_entries where credit_entries.credit = credits.credit)`.as(
        "left",
      ),
    );

/** Nobody else changes what is left of it until the transaction ends. */
async function locked(writing: Transaction<Tables>, credit: string): Promise<GrantedCredit | undefined> {
  const found = writing.selectFrom("credits").select("id").where("credit", "=", credit).forUpdate();
  if ((await found.executeTakeFirst()) === undefined) return undefined;
  const row = await granted(writing).where("credits.credit", "=", credit).executeTakeFirst();
  return row && grantedOf(row);
}

interface GrantedRow {
  readonly document: string;
  readonly granted_at: Date;
  readonly granted_by: string;
  readonly left: string;
}

const grantedOf = ({ document, granted_at, granted_by, left }: GrantedRow): GrantedCredit => ({
  credit: decodeCredit(document),
  grantedAt: at(granted_at.getTime()),
  grantedBy: granted_by,
  left: BigInt(left),
});

async function entries(db: Kysely<Tables>, credit: string): Promise<CreditEntry[]> {
  const mine = db.selectFrom("credit_entries").selectAll().where("credit", "=", credit).orderBy("id");
  return entriesOf(await mine.execute());
}

function entriesOf(rows: readonly Selectable<Tables["credit_entries"]>[]): CreditEntry[] {
  let left = 0n;
  return rows.map(({ kind, amount, at: moment, number, said_by, note }) => {
    left += BigInt(amount);
    return {
      kind,
      amount: BigInt(amount),
      left,
      at: at(moment.getTime()),
      ...(number === null ? {} : { number }),
      ...(said_by === null ? {} : { by: said_by }),
      ...(note === null ? {} : { note }),
    };
  });
}
