import { EVERYTHING, type Invoice, type Period, type PriceBook, type Usage } from "@raingauge/domain";
import type { Ledger, PublishedBook } from "@raingauge/ledger";
import type { SampleStore } from "@raingauge/store";
import { priceBookDigest } from "@raingauge/wire";
import { type Bill, type BillingTerms, billsOf } from "./bill.ts";
import { calendarOf } from "./calendar.ts";
import { draft } from "./draft.ts";
import { PriceBookMissing } from "./drafts.ts";
import { monthMs } from "./months.ts";
import { measured } from "./parts.ts";
import { tzVersion } from "./tz-version.ts";

export interface WhatIfSources {
  readonly store: Pick<SampleStore, "measure" | "watermark" | "projects">;
  readonly ledger: Pick<Ledger, "bookAt" | "accounts" | "placements">;
}

/** What a period costs under the books that were in force, and what it would with another in one's place. In minor units, without tax. */
export interface WhatIf {
  readonly period: Period;
  readonly currency: string;
  readonly present: Book;
  readonly candidate: Book;
  /** Everybody who is billed by the book whose place the candidate takes; what is of an account as a whole is among its sums. */
  readonly accounts: readonly (Difference & { readonly account: string })[];
  readonly projects: readonly ProjectDifference[];
}

type Book = { readonly name: string; readonly version: string };

export interface Difference {
  readonly before: bigint;
  readonly after: bigint;
}

export interface ProjectDifference extends Difference {
  readonly account: string;
  readonly project: string;
  /** By article; `discount` and `minimum` are what adjusts the others. */
  readonly skus: readonly (Difference & { readonly sku: string })[];
  /** How many usages find no price, under either. */
  readonly unpriced: { readonly before: number; readonly after: number };
}

/** Amounts of two currencies have no difference. */
export class CurrencyDiffers extends Error {
  override readonly name = "CurrencyDiffers";
}

/**
 * Bills a period twice from the same usage: under the books in force at its start, and with a candidate in the place of the one
 * of its name, or of the installation's where nobody is billed by one of that name. Each account is billed as it is: in its own
 * zone, on its own terms, with what was agreed with it. The same book gives no difference anywhere. Nothing is written, and no
 * credit is drawn.
 */
export async function whatIf(sources: WhatIfSources, candidate: PriceBook, terms: BillingTerms): Promise<WhatIf> {
  const { store, ledger } = sources;
  const all = await billsOf(sources, terms, EVERYTHING);
  const name = all.some(({ account }) => account.book === candidate.name) ? candidate.name : terms.book;
  const present = await inForce(ledger, name, terms.period, candidate);
  const bills = all.filter(({ account }) => account.book === name);
  const usagesOf = await measured(store, bills, EVERYTHING);
  const watermark = await store.watermark();
  const other = { book: candidate, digest: priceBookDigest(candidate) };
  const found: Compared[] = [];
  for (const bill of bills) {
    const own = await inForce(ledger, name, bill.period, candidate);
    const under = (published: Pick<PublishedBook, "book" | "digest">): Billed => {
      const { zone } = bill.account;
      const pins = { published, watermark, monthMs: monthMs(bill.period, zone), tzVersion: tzVersion() };
      const { draft: drafted, unpriced } = draft(bill, usagesOf(bill), { ...pins, calendar: calendarOf(zone) });
      return { invoice: drafted.invoice, unpriced };
    };
    found.push({ bill, before: under(own), after: under(other) });
  }
  return {
    period: terms.period,
    currency: present.book.currency,
    present: nameOf(present.book),
    candidate: nameOf(candidate),
    accounts: found.map(({ bill, before, after }) => ({
      account: bill.account.id,
      before: before.invoice.net,
      after: after.invoice.net,
    })),
    projects: found.flatMap(projectsOf),
  };
}

async function inForce(
  ledger: WhatIfSources["ledger"],
  name: string,
  { start }: Period,
  { currency }: PriceBook,
): Promise<PublishedBook> {
  const present = await ledger.bookAt(name, start);
  if (present === undefined)
    throw new PriceBookMissing(`no price book named ${name} was in force at the start of the period`);
  if (present.book.currency !== currency)
    throw new CurrencyDiffers(`the candidate is in ${currency} and the book in force in ${present.book.currency}`);
  return present;
}

const nameOf = ({ name, version }: PriceBook): Book => ({ name, version });

interface Billed {
  readonly invoice: Invoice;
  readonly unpriced: readonly Usage[];
}

interface Compared {
  readonly bill: Bill;
  readonly before: Billed;
  readonly after: Billed;
}

function projectsOf({ bill, before, after }: Compared): ProjectDifference[] {
  const projects = [...new Set(before.invoice.projects.map(({ id }) => id))];
  return projects.map((project) => {
    const [old, fresh] = [bySku(before.invoice, project), bySku(after.invoice, project)];
    const skus = [...new Set([...old.keys(), ...fresh.keys()])].toSorted();
    const unpricedIn = ({ unpriced }: Billed): number => unpriced.filter((usage) => usage.project === project).length;
    return {
      account: bill.account.id,
      project,
      before: total(old),
      after: total(fresh),
      skus: skus.map((sku) => ({ sku, before: old.get(sku) ?? 0n, after: fresh.get(sku) ?? 0n })),
      unpriced: { before: unpricedIn(before), after: unpricedIn(after) },
    };
  });
}

/** What each article comes to for a project, with what is off it. */
function bySku({ lines }: Invoice, project: string): ReadonlyMap<string, bigint> {
  const mine = Map.groupBy(
    lines.filter((line) => line.project === project),
    ({ sku }) => sku,
  );
  return new Map([...mine].map(([sku, its]) => [sku, its.reduce((sum, { amount }) => sum + amount, 0n)]));
}

const total = (amounts: ReadonlyMap<string, bigint>): bigint =>
  [...amounts.values()].reduce((sum, each) => sum + each, 0n);
