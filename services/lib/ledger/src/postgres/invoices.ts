import { at, type IssuedHead, type IssuedInvoice, type Scope } from "@raingauge/domain";
import { decodeIssued, decodeUsages } from "@raingauge/wire";
import { type ExpressionBuilder, type Kysely, sql } from "kysely";
import type { InvoiceQuery, Ledger } from "../ledger.ts";
import type { Tables } from "./tables.ts";

export function invoices(db: Kysely<Tables>): Pick<Ledger, "invoices" | "heads" | "invoice" | "bills" | "usages"> {
  const documents = (scope: Scope) => db.selectFrom("invoices").select(["document", "hash"]).where(visible(scope));
  return {
    async invoices({ period, project, account, corrects, limit, after, by = "issue", newestFirst = false }, scope) {
      const direction = newestFirst ? "desc" : "asc";
      let wanted = documents(scope);
      if (by !== "issue") wanted = wanted.orderBy(PLACES[by], direction);
      wanted = wanted.orderBy("id", direction);
      if (project !== undefined) wanted = wanted.where(billing([project]));
      if (account !== undefined) wanted = wanted.where("account", "=", account);
      if (corrects !== undefined) wanted = wanted.where("corrects", "=", corrects);
      if (period !== undefined) wanted = wanted.where("period_start", ">=", new Date(period.start));
      if (period !== undefined) wanted = wanted.where("period_end", "<=", new Date(period.end));
      if (after !== undefined) wanted = wanted.where(beyond(after, by, newestFirst));
      if (limit !== undefined) wanted = wanted.limit(limit);
      return (await wanted.execute()).map(issuedOf);
    },
    async heads({ period, until }, scope) {
      let wanted = db
        .selectFrom("invoices")
        .select([WITHOUT_LINES.as("document"), "hash"])
        .where(visible(scope));
      if (period !== undefined) wanted = wanted.where("period_start", ">=", new Date(period.start));
      if (period !== undefined) wanted = wanted.where("period_end", "<=", new Date(period.end));
      if (until !== undefined) wanted = wanted.where("issued_at", "<=", new Date(until));
      return (await wanted.orderBy("id").execute()).map(headOf);
    },
    async bills({ start, end }, scope) {
      const rows = await db
        .selectFrom("invoices")
        .select(["number", "account", "period_start", "period_end", "corrects"])
        .select([PINNED.as("account_digest"), ENTIRELY.as("entirely")])
        .where(visible(scope))
        .where("period_start", ">=", new Date(start))
        .where("period_end", "<=", new Date(end))
        .orderBy("id")
        .execute();
      return rows.map(({ number, account, account_digest, period_start, period_end, corrects, entirely }) => ({
        number,
        account,
        ...(account_digest === null ? {} : { accountDigest: account_digest }),
        period: { start: at(period_start.getTime()), end: at(period_end.getTime()) },
        ...(corrects === null ? {} : { corrects: { number: corrects, entirely } }),
      }));
    },
    async invoice(number, scope) {
      const row = await documents(scope).where("number", "=", number).executeTakeFirst();
      return row && issuedOf(row);
    },
    async usages(number, position, scope) {
      const all = db
        .selectFrom("frozen_usages")
        .innerJoin("invoices", "invoices.number", "frozen_usages.number")
        .select("frozen_usages.document")
        .where("frozen_usages.number", "=", number)
        .where(visible(scope))
        .orderBy("position");
      const rows = await (position === undefined ? all : all.where("position", "=", position)).execute();
      return rows.flatMap(({ document }) => decodeUsages(document));
    },
  };
}

/**
 * Out of the canonical text as it rests, whose keys have one order and whose texts hold no bare quote: so no name can look like
 * one of these, and a document of fifty lines need not be parsed for its pin.
 */
const PINNED = sql<string | null>`substring(document from '"pins":\\{"accountDigest":"([0-9a-f]{64})"')`;
const ENTIRELY = sql<boolean>`corrects is not null and strpos(document, '"entirely":true') > 0`;

/** An invoice's lines are objects, an address's are texts, in which a quotation mark is escaped; behind the former stands what they come to. */
const WITHOUT_LINES = sql<string>`case when strpos(document, '"lines":[{') = 0 then document
  else left(document, strpos(document, '"lines":[{') + 8) || substr(document, strpos(document, '],"net":')) end`;

const headOf = (row: { readonly document: string; readonly hash: string }): IssuedHead => {
  const { invoice, ...rest } = issuedOf(row);
  const { lines: _, ...head } = invoice;
  return { ...rest, invoice: head };
};

/** Each has an index of its own (`migrations.ts`), which is used only by these very words. */
const PLACES = {
  account: sql<string>`account collate "C"`,
  total: sql<string>`split_part(split_part(document, '"total":"', 2), '"', 1)::numeric`,
} as const;

/** Behind a document in the order that was asked for. Two questions and not one, so that their answers can be sought in the index. */
function beyond(after: string, by: NonNullable<InvoiceQuery["by"]>, isReversed: boolean) {
  const than = sql.raw(isReversed ? "<" : ">");
  const id = sql`(select id from invoices where number = ${after})`;
  if (by === "issue") return sql<boolean>`id ${than} ${id}`;
  return sql<boolean>`(${PLACES[by]}, id) ${than} ((select ${PLACES[by]} from invoices where number = ${after}), ${id})`;
}

export const issuedOf = ({ document, hash }: { readonly document: string; readonly hash: string }): IssuedInvoice =>
  decodeIssued(document, hash);

/** Bills at least one of these projects. */
export const billing = (projects: readonly string[]) => (row: ExpressionBuilder<Tables, "invoices">) =>
  row(sql`${sql.ref("invoices.projects")}`, "&&", sql`${[...projects]}::text[]`);

/**
 * In the query itself, so that a foreign invoice cannot be told from one that does not exist. All of its projects, and one
 * at least: an invoice of none is nobody's in particular.
 */
export const visible = (scope: Scope) => (row: ExpressionBuilder<Tables, "invoices">) =>
  scope.kind === "all"
    ? sql<boolean>`true`
    : row.and([
        sql<boolean>`cardinality(invoices.projects) > 0`,
        sql<boolean>`invoices.projects <@ ${[...scope.projects]}::text[]`,
      ]);
