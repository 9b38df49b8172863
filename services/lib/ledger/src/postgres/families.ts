import { type IssuedInvoice, iso, type Period } from "@raingauge/domain";
import { type Kysely, sql } from "kysely";
import { projectsOf } from "../account.ts";
import type { Draft } from "../ledger.ts";
import { billing, issuedOf } from "./invoices.ts";
import type { Tables } from "./tables.ts";

/** What is written that may stand in a draft's way, whoever wrote it and however shortly before. */
export interface Families {
  /** Every document that may bill the same time, with what takes it back; or the one to be corrected, with its corrections. */
  of(draft: Draft): readonly IssuedInvoice[];
  add(issued: IssuedInvoice): void;
}

/** Asked for all drafts at once. */
export async function families(writing: Kysely<Tables>, drafts: readonly Draft[]): Promise<Families> {
  const documents: IssuedInvoice[] = [];
  const numbers = new Map<string, number>();
  const byAccount = new Map<string, Set<number>>();
  const byProject = new Map<string, Set<number>>();
  const byCorrected = new Map<string, Set<number>>();
  const add = (issued: IssuedInvoice): void => {
    if (numbers.has(issued.number)) return;
    const index = documents.push(issued) - 1;
    numbers.set(issued.number, index);
    note(byAccount, issued.invoice.account.id, index);
    for (const project of projectsOf(issued)) note(byProject, project, index);
    if (issued.invoice.corrects !== undefined) note(byCorrected, issued.invoice.corrects.number, index);
  };
  for (const issued of await known(writing, drafts)) add(issued);
  return {
    of({ invoice: { account, corrects, projects } }) {
      const own = numbers.get(corrects?.number ?? "");
      const found =
        corrects === undefined
          ? [byAccount.get(account.id), ...projects.map(({ id }) => byProject.get(id))]
          : [own === undefined ? [] : [own], byCorrected.get(corrects.number)];
      const mine = new Set(found.flatMap((indexes) => [...(indexes ?? [])]));
      return [...mine].toSorted((a, b) => a - b).flatMap((index) => documents[index] ?? []);
    },
    add,
  };
}

const note = (map: Map<string, Set<number>>, key: string, index: number): unknown =>
  map.get(key)?.add(index) ?? map.set(key, new Set([index]));

/** In the order of their issue, each once. What the indexes find is looked at once more, bill by bill: months of other zones overlap. */
async function known(writing: Kysely<Tables>, drafts: readonly Draft[]): Promise<IssuedInvoice[]> {
  const corrected = drafts.flatMap(({ invoice }) => invoice.corrects?.number ?? []);
  const bills = drafts.flatMap(({ invoice }) => (invoice.corrects === undefined ? billed(invoice) : []));
  const accounts = [...new Set(bills.map(({ account }) => account))];
  const projects = [...new Set(bills.map(({ project }) => project))];
  const rows = await writing
    .selectFrom("invoices")
    .select(["document", "hash"])
    .where((row) =>
      row.or([
        sql<boolean>`number = any(${corrected}::text[])`,
        sql<boolean>`corrects = any(${corrected}::text[])`,
        row.and([
          row.or([sql<boolean>`account = any(${accounts}::text[])`, billing(projects)(row)]),
          overlapping(bills),
        ]),
      ]),
    )
    .orderBy("id")
    .execute();
  return rows.map(issuedOf);
}

interface Billed extends Period {
  readonly account: string;
  readonly project: string;
}

/** An account without a project is billed all the same; no project has that name. */
const billed = ({ account, projects, period }: Draft["invoice"]): Billed[] =>
  ["", ...projects.map(({ id }) => id)].map((project) => ({ account: account.id, project, ...period }));

const overlapping = (bills: readonly Billed[]) => sql<boolean>`exists (
  select from unnest(
    ${bills.map(({ account }) => account)}::text[], ${bills.map(({ project }) => project)}::text[],
    ${bills.map(({ start }) => iso(start))}::timestamptz[], ${bills.map(({ end }) => iso(end))}::timestamptz[]
  ) as bill (account, project, starts, ends)
  where (bill.account = invoices.account or bill.project = any(invoices.projects))
    and period_start < bill.ends and period_end > bill.starts)`;
