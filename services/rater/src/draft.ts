import {
  dimensionsKey,
  EVERYTHING,
  type Instant,
  invoice,
  type Period,
  projects,
  rate,
  type Scope,
  type Usage,
} from "@raingauge/domain";
import type { Draft, Ledger, PublishedBook } from "@raingauge/ledger";
import type { SampleStore } from "@raingauge/store";
import { monthMs } from "./months.ts";

/** Names the rules by which usages become lines. It is pinned on every invoice and changes when any of them does. */
export const ENGINE = "raingauge-rater/1";

export interface DraftSources {
  readonly store: Pick<SampleStore, "measure" | "watermark">;
  readonly ledger: Pick<Ledger, "bookAt">;
}

/** What is billed, and by what. */
export interface BillingTerms {
  readonly period: Period;
  /** The account's zone, in which the period is a month. */
  readonly zone: string;
  /** The name of the price book. */
  readonly book: string;
}

/** An invoice as it would be issued now, with what stands in its way. */
export interface Drafted {
  readonly project: string;
  readonly draft: Draft;
  /** Used, and no price says what it costs. */
  readonly unpriced: readonly Usage[];
}

/** Nothing was published that could price the period. */
export class PriceBookMissing extends Error {
  override readonly name = "PriceBookMissing";
}

/** One project's invoice, as of the store's watermark or of an earlier one. */
export async function draftInvoice(
  sources: DraftSources,
  project: string,
  terms: BillingTerms,
  asOf?: Instant,
): Promise<Drafted> {
  const [drafted] = await draftInvoices(sources, terms, projects(project), asOf);
  return drafted ?? draft(project, [], await pinned(sources, terms, asOf));
}

/** Every project's invoice, in the order of their names, measured in one go. */
export async function draftInvoices(
  sources: DraftSources,
  terms: BillingTerms,
  scope: Scope = EVERYTHING,
  asOf?: Instant,
): Promise<Drafted[]> {
  const pins = await pinned(sources, terms, asOf);
  return drafts(await sources.store.measure({ period: terms.period, asOf: pins.watermark }, scope), pins);
}

/**
 * The same for looking at, with whatever is stored by now. It may use what was rolled up, so it is quick; it may have seen a
 * reading later than its watermark, so it is never issued.
 */
export async function liveInvoices(sources: DraftSources, terms: BillingTerms, scope: Scope): Promise<Drafted[]> {
  const pins = await pinned(sources, terms);
  return drafts(await sources.store.measure({ period: terms.period }, scope), pins);
}

function drafts(usages: readonly Usage[], pins: DraftPins): Drafted[] {
  return [...Map.groupBy(usages, ({ project }) => project).entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([project, own]) => draft(project, own, pins));
}

/** All that decides a draft besides its usages. */
export interface DraftPins {
  readonly period: Period;
  readonly zone: string;
  readonly published: Pick<PublishedBook, "book" | "digest">;
  readonly watermark: Instant;
  readonly monthMs: bigint;
}

/** The same usages and pins give the same draft, to the byte, in whatever order the usages come. Pure. */
export function draft(project: string, usages: readonly Usage[], pins: DraftPins): Drafted {
  const { period, zone, published } = pins;
  const { charges, unpriced, free } = rate(usages.toSorted(bySubject), published.book, pins.monthMs);
  return {
    project,
    unpriced,
    draft: {
      invoice: invoice({ charges }, { project, period, zone, book: published.book }),
      usages: new Map(charges.map((charge, index) => [index + 1, charge.usages])),
      // Whoever issues in spite of unpriced usage gives it away, and the evidence of that stays with the invoice.
      free: [...free, ...unpriced],
      pins: { watermark: pins.watermark, bookDigest: published.digest, engine: ENGINE, monthMs: pins.monthMs },
    },
  };
}

/**
 * The book in force when the period begins prices all of it: a price that changes within a month never reaches back, nor
 * forward into a month that was begun under another.
 */
async function pinned({ store, ledger }: DraftSources, terms: BillingTerms, asOf?: Instant): Promise<DraftPins> {
  const { period, zone, book } = terms;
  const published = await ledger.bookAt(book, period.start);
  if (published === undefined)
    throw new PriceBookMissing(`no price book named ${book} was in force at the start of the period`);
  return { period, zone, published, watermark: asOf ?? (await store.watermark()), monthMs: monthMs(period, zone) };
}

const bySubject = (a: Usage, b: Usage): number => (subject(a) < subject(b) ? -1 : 1);

const subject = ({ region, project, meter, resource, dimensions }: Usage): string =>
  JSON.stringify([region, project, meter, resource, dimensionsKey(dimensions)]);
