import { at, iso, type Scope } from "@raingauge/domain";
import { type Kysely, sql } from "kysely";
import type { Ledger } from "../ledger.ts";
import { visible } from "./invoices.ts";
import type { Tables } from "./tables.ts";

/** What happened after issue, and what came to nothing: rows that are only ever added. */
export function afterIssue(db: Kysely<Tables>): Pick<Ledger, "recordEvent" | "events" | "recordNil" | "nils"> {
  return {
    async recordEvent({ number, kind, amount, at: moment, by, note }) {
      const row = { number, kind, amount: String(amount), happened_at: iso(moment), said_by: by, note };
      await db.insertInto("invoice_events").values(row).execute();
    },
    async events(number, scope: Scope) {
      const all = db
        .selectFrom("invoice_events")
        .innerJoin("invoices", "invoices.number", "invoice_events.number")
        .selectAll("invoice_events")
        .where(visible(scope))
        .orderBy("invoice_events.id");
      const wanted = number === undefined ? all : all.where("invoice_events.number", "=", number);
      return (await wanted.execute()).map((row) => ({
        number: row.number,
        kind: row.kind,
        amount: BigInt(row.amount),
        at: at(row.happened_at.getTime()),
        by: row.said_by,
        note: row.note,
      }));
    },
    async recordNil({ account, accountDigest, period }) {
      const row = {
        account,
        account_digest: accountDigest ?? "",
        period_start: iso(period.start),
        period_end: iso(period.end),
      };
      await db
        .insertInto("nil_periods")
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async nils({ start, end }) {
      const rows = await db
        .selectFrom("nil_periods")
        .selectAll()
        .where("period_start", ">=", new Date(start))
        .where("period_end", "<=", new Date(end))
        .orderBy(sql`account, period_start`)
        .execute();
      return rows.map((row) => ({
        account: row.account,
        ...(row.account_digest === "" ? {} : { accountDigest: row.account_digest }),
        period: { start: at(row.period_start.getTime()), end: at(row.period_end.getTime()) },
      }));
    },
  };
}
