import { EVERYTHING, type Invoice, type Period, type PriceBook, type Usage } from "@raingauge/domain";
import type { Ledger, PublishedBook } from "@raingauge/ledger";
import type { SampleStore } from "@raingauge/store";
import { priceBookDigest } from "@raingauge/wire";
import { type BillingTerms, ownBill } from "./bill.ts";
import { calendarOf } from "./calendar.ts";
import { draft, PriceBookMissing } from "./draft.ts";
import { monthMs } from "./months.ts";

export interface WhatIfSources {
  readonly store: Pick<SampleStore, "measure" | "watermark">;
  readonly ledger: Pick<Ledger, "bookAt">;
}

/** What a period costs under the book that was in force, and what it would under another. In minor units. */
export interface WhatIf {
  readonly period: Period;
  readonly currency: string;
  readonly present: Book;
  readonly candidate: Book;
  readonly projects: readonly ProjectDifference[];
}

type Book = { readonly name: string; readonly version: string };

export interface Difference {
  readonly before: bigint;
  readonly after: bigint;
}

export interface ProjectDifference extends Difference {
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
 * Bills a period twice from the same usage: under the book in force at its start, and under a candidate. The same book gives
 * no difference anywhere. Nothing is written.
 */
export async function whatIf(
  { store, ledger }: WhatIfSources,
  candidate: PriceBook,
  terms: BillingTerms,
): Promise<WhatIf> {
  const { period, zone } = terms;
  const present = await ledger.bookAt(terms.book, period.start);
  if (present === undefined)
    throw new PriceBookMissing(`no price book named ${terms.book} was in force at the start of the period`);
  const { currency } = present.book;
  if (candidate.currency !== currency)
    throw new CurrencyDiffers(`the candidate is in ${candidate.currency} and the book in force in ${currency}`);
  const pins = {
    watermark: await store.watermark(),
    monthMs: monthMs(period, zone),
    tzVersion: process.versions.tz ?? "",
    calendar: calendarOf(zone),
  };
  const usages = await store.measure({ period }, EVERYTHING);
  const under = (project: string, used: readonly Usage[], published: Pick<PublishedBook, "book" | "digest">) => {
    const { draft: drafted, unpriced } = draft(ownBill(project, [period], terms), used, { ...pins, published });
    return { invoice: drafted.invoice, unpriced: unpriced.length };
  };
  const other = { book: candidate, digest: priceBookDigest(candidate) };
  const projects = [...Map.groupBy(usages, ({ project }) => project)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([project, used]) => difference(project, under(project, used, present), under(project, used, other)));
  return { period, currency, present: nameOf(present.book), candidate: nameOf(candidate), projects };
}

const nameOf = ({ name, version }: PriceBook): Book => ({ name, version });

interface Billed {
  readonly invoice: Invoice;
  readonly unpriced: number;
}

function difference(project: string, before: Billed, after: Billed): ProjectDifference {
  const [old, fresh] = [bySku(before.invoice), bySku(after.invoice)];
  const skus = [...new Set([...old.keys(), ...fresh.keys()])].toSorted();
  return {
    project,
    before: before.invoice.total,
    after: after.invoice.total,
    skus: skus.map((sku) => ({ sku, before: old.get(sku) ?? 0n, after: fresh.get(sku) ?? 0n })),
    unpriced: { before: before.unpriced, after: after.unpriced },
  };
}

/** What each article comes to, with what is off it. */
function bySku({ lines }: Invoice): ReadonlyMap<string, bigint> {
  const groups = Map.groupBy(lines, ({ sku }) => sku);
  return new Map([...groups].map(([sku, mine]) => [sku, mine.reduce((total, { amount }) => total + amount, 0n)]));
}
