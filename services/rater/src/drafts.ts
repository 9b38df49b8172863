import { setImmediate } from "node:timers/promises";
import {
  type AvailableCredit,
  EVERYTHING,
  type Instant,
  type Period,
  permits,
  type Scope,
  type Usage,
  type Watching,
} from "@raingauge/domain";
import type { Ledger, PublishedBook } from "@raingauge/ledger";
import type { SampleStore } from "@raingauge/store";
import { askedOnce } from "./asked-once.ts";
import { type Bill, type BillingTerms, billsByProject, billsOf } from "./bill.ts";
import { calendarOf } from "./calendar.ts";
import { both, type Totals, totals } from "./cost-groups.ts";
import { creditsOf } from "./credits.ts";
import { type Drafted, draft, isDrafted, type Undrafted } from "./draft.ts";
import { watchedMeanwhile } from "./meanwhile.ts";
import { monthMs, monthsOnce } from "./months.ts";
import { measured } from "./parts.ts";
import { plainOnes, plainTotals, type Telling } from "./plain-costs.ts";
import { tzVersion } from "./tz-version.ts";

export interface DraftSources {
  readonly store: Pick<SampleStore, "measure" | "watermark" | "projects" | "coverage">;
  readonly ledger: Pick<Ledger, "bookAt" | "accounts" | "placements">;
}

/** Nothing was published that could price the period. */
export class PriceBookMissing extends Error {
  override readonly name = "PriceBookMissing";
}

/** Every account's invoice, in the order of their names, as of the store's watermark or of an earlier one. */
export const draftInvoices = (
  sources: IssuableSources,
  terms: BillingTerms,
  scope: Scope = EVERYTHING,
  asOf?: Instant,
): Promise<(Drafted | Undrafted)[]> => Array.fromAsync(eachInvoice(sources, { ...terms, scope, asOf }));

export type IssuableSources = DraftSources & { readonly ledger: Pick<Ledger, "credits" | "retirements"> };

export interface InvoiceTerms extends BillingTerms {
  readonly scope?: Scope | undefined;
  readonly asOf?: Instant | undefined;
  /** Only these accounts. */
  readonly accounts?: readonly string[] | undefined;
}

/** The same one after the other, measured together: whoever keeps none of them needs room for one at a time. */
export async function* eachInvoice(
  { store, ledger }: IssuableSources,
  { scope = EVERYTHING, asOf, accounts, ...terms }: InvoiceTerms,
): AsyncGenerator<Drafted | Undrafted> {
  const watermark = asOf ?? (await store.watermark());
  const asked = { store, ledger: askedOnce(ledger) };
  const wanted = accounts && new Set(accounts);
  const bills = (await billsFor(asked, terms, scope)).filter(({ account }) => wanted?.has(account.id) ?? true);
  yield* drafts(asked, bills, {
    scope,
    watermark,
    asOf: watermark,
    watchingOf: await watchedMeanwhile(store, bills, watermark, await ledger.retirements()),
    creditsFor: await creditsOf(ledger),
  });
}

/** What a project costs by itself. */
export interface ProjectCost extends Drafted {
  readonly project: string;
}

/**
 * What each project costs by itself, on the terms of its account: all that may be told to who sees one of several. With
 * whatever is stored by now, so it may use what was rolled up and is quick; it may have seen a reading later than its
 * watermark, so it is never issued.
 */
export async function liveCosts(sources: DraftSources, terms: BillingTerms, scope: Scope): Promise<ProjectCost[]> {
  const asked = { store: sources.store, ledger: askedOnce(sources.ledger) };
  const bills = (await billsFor(asked, terms, scope)).flatMap(billsByProject);
  return projectCosts(asked, bills, scope);
}

async function projectCosts(sources: DraftSources, bills: readonly Bill[], scope: Scope): Promise<ProjectCost[]> {
  const made = await Array.fromAsync(drafts(sources, bills, { scope, watermark: await sources.store.watermark() }));
  return made.filter(isDrafted).map((each) => ({ ...each, project: each.draft.invoice.projects[0]?.id ?? "" }));
}

/** What `totals` makes of `liveCosts`; bills whose lines do not stand on one another are not drafted for it. */
export async function liveTotals(
  sources: DraftSources,
  terms: BillingTerms,
  scope: Scope,
  telling: Telling,
): Promise<Totals> {
  const bills = (await billsFor(sources, terms, scope)).flatMap(billsByProject);
  const { plain, others } = await plainOnes(sources.ledger, bills);
  const usagesOf = await measured(
    sources.store,
    plain.map(({ bill }) => bill),
    scope,
  );
  const drafted = others.length === 0 ? [] : await projectCosts(sources, others, scope);
  if (telling.unpriced !== undefined) drafted.flatMap((each) => each.unpriced).forEach(telling.unpriced);
  return both(plainTotals(plain, usagesOf, telling), totals(drafted, telling.terms, telling.naming));
}

/** What some recorded accounts owe so far, as quickly as `liveCosts`, with the credit that they can draw; and as little to be issued. */
export async function liveBills(
  sources: DraftSources & { readonly ledger: Pick<Ledger, "credits"> },
  terms: BillingTerms,
  accounts: ReadonlySet<string>,
): Promise<Drafted[]> {
  const asked = { store: sources.store, ledger: askedOnce(sources.ledger) };
  const all = await billsOf(asked, terms, EVERYTHING);
  const bills = all.filter(({ account, accountDigest }) => accountDigest !== undefined && accounts.has(account.id));
  const creditsFor = await creditsOf(sources.ledger);
  const watermark = await sources.store.watermark();
  const made = await Array.fromAsync(drafts(asked, bills, { scope: EVERYTHING, watermark, creditsFor }));
  return made.filter(isDrafted);
}

/**
 * What one account owes so far, with the credit that it can draw; as quickly as `liveCosts`, and as little to be issued. Undefined where it owes nothing, or is
 * not there, or not all of it the caller's to see. An account that somebody recorded goes before a project of its name.
 */
export async function liveBill(
  sources: IssuableSources,
  terms: BillingTerms,
  { account, scope, now }: { readonly account: string; readonly scope: Scope; readonly now: Instant },
): Promise<Drafted | Undrafted | undefined> {
  const mine = (await billsOf(sources, terms, EVERYTHING)).filter((bill) => bill.account.id === account);
  const bill = mine.find(({ accountDigest }) => accountDigest !== undefined) ?? mine[0];
  if (bill === undefined || !seesBill(scope, bill)) return undefined;
  const watermark = await sources.store.watermark();
  const isOver = bill.period.end <= now;
  const [drafted] = await Array.fromAsync(
    drafts(sources, [bill], {
      scope: EVERYTHING,
      watermark,
      creditsFor: await creditsOf(sources.ledger),
      // Who falls silent before the end may yet speak up.
      ...(isOver
        ? { watchingOf: await watchedMeanwhile(sources.store, [bill], watermark, await sources.ledger.retirements()) }
        : {}),
    }),
  );
  return drafted;
}

/**
 * Of an account over several projects somebody who sees one of them learns nothing, not even that it is there: nor by how long
 * the answer took, so that nothing of it is worked out.
 */
const seesBill = (scope: Scope, { projects }: Bill): boolean =>
  scope.kind === "all" || (projects.length > 0 && projects.every(({ id }) => permits(scope, id)));

/** Throws PriceBookMissing where nobody used anything and nothing could have priced it: then the question is wrong. */
async function billsFor(sources: DraftSources, terms: BillingTerms, scope: Scope): Promise<Bill[]> {
  const bills = await billsOf(sources, terms, scope);
  if (bills.length === 0) await bookInForce(sources.ledger, terms.book, terms.period);
  return bills;
}

interface Looking {
  readonly scope: Scope;
  readonly watermark: Instant;
  readonly asOf?: Instant;
  readonly watchingOf?: (bill: Bill) => Watching | undefined;
  readonly creditsFor?: (bill: Bill) => readonly AvailableCredit[];
}

/** Others have their turn between one and the next: a month's close takes a minute, and the API answers meanwhile. */
async function* drafts(
  sources: DraftSources,
  bills: readonly Bill[],
  { scope, watermark, asOf, watchingOf, creditsFor }: Looking,
): AsyncGenerator<Drafted | Undrafted> {
  const usagesOf = await measured(sources.store, bills, scope, asOf);
  const monthOf = monthsOnce();
  for (const bill of bills) {
    const usages = usagesOf(bill);
    if (usages.length === 0 && bill.disputes.length === 0 && bill.owesAnyway !== true) continue;
    const known = { watermark, watching: watchingOf?.(bill), credits: creditsFor?.(bill), monthOf };
    yield await draftOf(sources.ledger, bill, usages, known);
    await setImmediate();
  }
}

/**
 * The book in force when the period begins prices all of it: a price that changes within a month never reaches back, nor
 * forward into a month that was begun under another. Throws PriceBookMissing where the installation's own is missing.
 */
export async function draftOf(
  ledger: Pick<Ledger, "bookAt">,
  bill: Bill,
  usages: readonly Usage[],
  { watermark, watching, credits, byRegion, splitsByLine, monthOf = monthMs }: Known,
): Promise<Drafted | Undrafted> {
  const { account, accountDigest, period } = bill;
  const published = await (accountDigest === undefined
    ? bookInForce(ledger, account.book, period)
    : ledger.bookAt(account.book, period.start));
  const { id, locale } = account;
  if (published === undefined)
    return { account: id, locale, obstacles: [{ code: "book-missing", figures: { book: account.book } }] };
  const { currency } = published.book;
  if ("currency" in account && account.currency !== currency)
    return {
      account: id,
      locale,
      obstacles: [{ code: "currencies-differ", figures: { book: currency, account: account.currency } }],
    };
  const pins = { published, watermark, monthMs: monthOf(period, account.zone), tzVersion: tzVersion() };
  return draft(bill, usages, {
    ...pins,
    calendar: calendarOf(account.zone),
    byRegion,
    splitsByLine,
    credits,
    watched: watching?.watched,
    silent: watching?.silent,
  });
}

/** What was known when a bill was worked out, and of who was watching meanwhile, where somebody looked. */
export interface Known {
  /** Whether lines say in which region; absent where that follows from what was used. */
  readonly byRegion?: boolean | undefined;
  /** Whether an account's shared amounts are split as documents of before are. */
  readonly splitsByLine?: boolean | undefined;
  readonly watermark: Instant;
  readonly watching?: Watching | undefined;
  /** What the account can draw. */
  readonly credits?: readonly AvailableCredit[] | undefined;
  /** Where months are looked up that many bills share. */
  readonly monthOf?: typeof monthMs;
}

/** Throws PriceBookMissing where there is none. */
export async function bookInForce(
  ledger: Pick<Ledger, "bookAt">,
  name: string,
  period: Period,
): Promise<PublishedBook> {
  const published = await ledger.bookAt(name, period.start);
  if (published === undefined) throw new PriceBookMissing(bookMissing(name));
  return published;
}

const bookMissing = (name: string): string => `no price book named ${name} was in force at the start of the period`;
