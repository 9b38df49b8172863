import { at, iso, type Scope } from "@raingauge/domain";
import { decodeBudget, encodeBudget } from "@raingauge/wire";
import { type Kysely, type Selectable, type SqlBool, sql } from "kysely";
import type { Budgets, Notice } from "../budgets/records.ts";
import type { LedgerOptions } from "../options.ts";
import type { Tables } from "./tables.ts";

export function budgets(db: Kysely<Tables>, clock: LedgerOptions["clock"]): Budgets {
  const oldestFirst = db.selectFrom("budget_notices").selectAll().orderBy("sequence");
  return {
    async setBudget(budget) {
      const row = { name: budget.name, projects: [...budget.projects], document: encodeBudget(budget) };
      await db
        .insertInto("budgets")
        .values(row)
        .onConflict((conflict) =>
          conflict.column("name").doUpdateSet({ projects: row.projects, document: row.document }),
        )
        .execute();
    },
    async dropBudget(name) {
      const gone = db.deleteFrom("budgets").where("name", "=", name).returning("name");
      return (await gone.executeTakeFirst()) !== undefined;
    },
    async budgets(scope) {
      const open = db.selectFrom("budgets").select("document").where(permitted(scope));
      return (await open.orderBy(sql`name collate "C"`).execute()).map(({ document }) => decodeBudget(document));
    },
    async raiseNotices(notices) {
      if (notices.length === 0) return 0;
      const raised_at = iso(clock());
      const rows = notices.map(({ projects, ...notice }) => ({ ...notice, projects: [...projects], raised_at }));
      const added = db
        .insertInto("budget_notices")
        .values(rows)
        .onConflict((conflict) => conflict.column("key").doNothing());
      return (await added.returning("sequence").execute()).length;
    },
    async dueNotices(now, limit) {
      const due = oldestFirst.where("state", "=", "pending").where("next_at", "<=", new Date(now)).limit(limit);
      return (await due.execute()).map(noticeOf);
    },
    async settleNotice(sequence, settled) {
      const next = settled.state === "pending" ? { next_at: iso(settled.nextAt) } : {};
      const error = settled.state === "delivered" ? {} : { error: settled.error };
      await db
        .updateTable("budget_notices")
        .set({ state: settled.state, ...next, ...error, attempts: sql`attempts + 1` })
        .where("sequence", "=", String(sequence))
        .execute();
    },
    async notices(scope) {
      return (await oldestFirst.where(permitted(scope)).execute()).map(noticeOf);
    },
    async replayNotice(sequence) {
      const dead = db
        .updateTable("budget_notices")
        .set({ state: "pending", attempts: 0, next_at: iso(at(0)) })
        .where("sequence", "=", String(sequence))
        .where("state", "=", "dead");
      return (await dead.returning("sequence").executeTakeFirst()) !== undefined;
    },
  };
}

const permitted = (scope: Scope) =>
  scope.kind === "all" ? sql<SqlBool>`true` : sql<SqlBool>`projects <@ ${[...scope.projects]}::text[]`;

const noticeOf = ({ error, ...row }: Selectable<Tables["budget_notices"]>): Notice => ({
  key: row.key,
  budget: row.budget,
  projects: row.projects,
  channel: row.channel,
  document: row.document,
  sequence: BigInt(row.sequence),
  raisedAt: at(row.raised_at.getTime()),
  state: row.state,
  attempts: row.attempts,
  ...(error === null ? {} : { error }),
});
