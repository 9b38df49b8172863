import { at, type Budget, iso, type Scope } from "@raingauge/domain";
import { budgetDigest, decodeBudget, encodeBudget } from "@raingauge/wire";
import { type Kysely, type Selectable, type SqlBool, sql } from "kysely";
import { refuseSuperseded } from "../account.ts";
import type { Budgets, Notice } from "../budgets/records.ts";
import type { LedgerOptions } from "../options.ts";
import type { Tables } from "./tables.ts";

export function budgets(db: Kysely<Tables>, clock: LedgerOptions["clock"]): Budgets {
  const oldestFirst = db.selectFrom("budget_notices").selectAll().orderBy("sequence");
  return {
    setBudget: (budget, over) => unlessSuperseded(db, budget.name, over, (writing) => set(writing, budget)),
    dropBudget: (name, over) =>
      unlessSuperseded(db, name, over, async (writing) => {
        const gone = writing.deleteFrom("budgets").where("name", "=", name).returning("name");
        return (await gone.executeTakeFirst()) !== undefined;
      }),
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

async function set(writing: Kysely<Tables>, budget: Budget): Promise<void> {
  const row = { name: budget.name, projects: [...budget.projects], document: encodeBudget(budget) };
  await writing
    .insertInto("budgets")
    .values(row)
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ projects: row.projects, document: row.document }))
    .execute();
}

/** Nobody sets or drops a budget between the look at what it is and the writing. */
async function unlessSuperseded<T>(
  db: Kysely<Tables>,
  name: string,
  over: string | undefined,
  write: (writing: Kysely<Tables>) => Promise<T>,
): Promise<T> {
  if (over === undefined) return write(db);
  return db.transaction().execute(async (writing) => {
    await sql`lock table budgets in share row exclusive mode`.execute(writing);
    const known = await writing.selectFrom("budgets").select("document").where("name", "=", name).executeTakeFirst();
    refuseSuperseded(known && { digest: budgetDigest(decodeBudget(known.document)) }, over);
    return write(writing);
  });
}

/** What is of no project is of an account, and of no reader. */
const permitted = (scope: Scope) =>
  scope.kind === "all"
    ? sql<SqlBool>`true`
    : sql<SqlBool>`cardinality(projects) > 0 and projects <@ ${[...scope.projects]}::text[]`;

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
