import {
  at,
  type Check,
  drawn,
  EVERYTHING,
  HOUR_MS,
  type Instant,
  type IssuedInvoice,
  type Period,
  type Waiver,
} from "@raingauge/domain";
import {
  type IssuedBill,
  type Ledger,
  LedgerConflict,
  type NilPeriod,
  type PreparedDraft,
  prepare,
} from "@raingauge/ledger";
import type { BillingTerms } from "./bill.ts";
import { unpricedObstacles } from "./checks.ts";
import { type Drafted, isDrafted, type Undrafted } from "./draft.ts";
import { type DraftSources, eachInvoice } from "./drafts.ts";
import { eInvoiceObstacles } from "./electronic.ts";
import { checkOf, type Obstacle, reasonOf, saysOf } from "./obstacle.ts";

export interface ClosingSources {
  readonly store: DraftSources["store"];
  readonly ledger: DraftSources["ledger"] &
    Pick<Ledger, "issueAll" | "invoice" | "bills" | "recordNil" | "nils" | "credits" | "retirements">;
}

export interface ClosingTerms extends BillingTerms {
  /** Issue although something was used that no price names. That usage is then given away, so somebody has to say so. */
  readonly allowUnpriced: boolean;
  /** What is issued although a check would hold it, and who says so: it is written on the document. */
  readonly waiving?: Waiving;
  /** Only these accounts. */
  readonly accounts?: readonly string[];
  /** A period that came to nothing once is left at that, however late a reading comes: only by hand is it looked at again. */
  readonly leavesNils?: boolean;
}

export interface Waiving {
  readonly checks: readonly Check[];
  readonly by: string;
  readonly reason: string;
}

/** What closing did for one account. Closing again turns `issued` into `already issued` and changes nothing else. */
export type Closed =
  | { readonly account: string; readonly outcome: "issued" | "already issued"; readonly invoice: IssuedInvoice }
  | HeldClose
  | { readonly account: string; readonly outcome: "nothing to charge" };

interface HeldClose {
  readonly account: string;
  readonly outcome: "held";
  readonly obstacles: readonly Obstacle[];
  /** The same as operators read them. */
  readonly reasons: readonly string[];
  /** BCP 47: in which the account reads. */
  readonly locale: string;
}

/** A month is closed when it is over, not before: what is still to come would be missing from its invoices. */
export class PeriodOpen extends Error {
  override readonly name = "PeriodOpen";
}

/**
 * Issues the invoice of every account with usage in the period, in the order of their names, so that a number tells nothing
 * but its turn. Safe to run twice, and by two raters at once: the ledger issues an account's period once.
 * Throws PeriodOpen, or PriceBookMissing when nothing could price the period at all.
 */
export const closePeriod = (sources: ClosingSources, terms: ClosingTerms, now: Instant): Promise<Closed[]> =>
  Array.fromAsync(eachClosed(sources, terms, now));

/**
 * The same, told one after the other as soon as it is written: a lot of them in one transaction, while the next is worked out.
 * Whoever dies in the middle leaves whole lots, and closing again goes on from there.
 */
export async function* eachClosed(sources: ClosingSources, terms: ClosingTerms, now: Instant): AsyncGenerator<Closed> {
  if (terms.dueBy === undefined && terms.period.end > now) throw new PeriodOpen("the period is not over yet");
  const { ledger } = sources;
  const issued = standingBills(await billsIn(ledger, terms.period));
  const nils = terms.leavesNils === true ? await nilsIn(ledger, terms.period) : new Set<string>();
  const closing = { ...terms, issued, nils, now };
  let inHand: Promise<Closed[]> = Promise.resolve([]);
  for await (const lot of lots(eachInvoice(sources, terms), (drafted) => looked(drafted, closing))) {
    const before = await inHand;
    inHand = closeLot(ledger, lot);
    // Whoever reads on hears of it; until then it is nobody's.
    inHand.catch(() => {});
    yield* before;
  }
  yield* await inHand;
}

/** So many are numbered while no one else may issue: some hundreds of milliseconds. */
export const LOT = 100;

async function* lots<T, L>(each: AsyncIterable<T>, look: (one: T) => L): AsyncGenerator<L[]> {
  let lot: L[] = [];
  for await (const one of each) {
    lot.push(look(one));
    if (lot.length < LOT) continue;
    yield lot;
    lot = [];
  }
  if (lot.length > 0) yield lot;
}

/** Every document of a period, also where an account's month begins or ends elsewhere: invoices, and what corrects them. */
export const documentsOf = (
  ledger: Pick<Ledger, "invoices">,
  { start, end }: Period,
): Promise<readonly IssuedInvoice[]> =>
  ledger.invoices({ period: { start: at(start - ZONES_APART_MS), end: at(end + ZONES_APART_MS) } }, EVERYTHING);

/** The invoices among a period's documents that were not taken back, to be found by `billKey`. */
export function standing(documents: readonly IssuedInvoice[]): ReadonlyMap<string, IssuedInvoice> {
  const taken = new Set(
    documents.flatMap(({ invoice }) => (invoice.corrects?.entirely === true ? [invoice.corrects.number] : [])),
  );
  const invoices = documents.filter(({ invoice, number }) => invoice.kind === "invoice" && !taken.has(number));
  return new Map(
    invoices.map((each) => [billKey(each.invoice.account.id, each.pins.accountDigest, each.invoice.period), each]),
  );
}

/** What the documents around a period bill, also where an account's month begins or ends elsewhere. */
export const billsIn = (ledger: Pick<Ledger, "bills">, { start, end }: Period): Promise<readonly IssuedBill[]> =>
  ledger.bills({ start: at(start - ZONES_APART_MS), end: at(end + ZONES_APART_MS) }, EVERYTHING);

/** The numbers of the invoices among them that were not taken back, by `billKey`. */
export function standingBills(bills: readonly IssuedBill[]): ReadonlyMap<string, string> {
  const taken = new Set(bills.flatMap(({ corrects }) => (corrects?.entirely === true ? [corrects.number] : [])));
  const invoices = bills.filter(({ corrects, number }) => corrects === undefined && !taken.has(number));
  return new Map(
    invoices.map(({ account, accountDigest, period, number }) => [billKey(account, accountDigest, period), number]),
  );
}

/** The bills that came to nothing in or around a period. */
export async function nilsIn(ledger: Pick<Ledger, "nils">, { start, end }: Period): Promise<ReadonlySet<string>> {
  const around = { start: at(start - ZONES_APART_MS), end: at(end + ZONES_APART_MS) };
  const nils = await ledger.nils(around);
  return new Set(nils.map(({ account, accountDigest, period }) => billKey(account, accountDigest, period)));
}

/** No two zones' calendars are further apart. */
export const ZONES_APART_MS = 26 * HOUR_MS;

/** One bill a period: that of an account, or that of a project which has none and whose name an account may bear. */
export const billKey = (account: string, accountDigest: string | undefined, { start, end }: Period): string =>
  JSON.stringify([accountDigest === undefined, account, start, end]);

interface Closing {
  readonly issued: ReadonlyMap<string, string>;
  readonly nils: ReadonlySet<string>;
  readonly allowUnpriced: boolean;
  readonly waiving?: Waiving;
  readonly now: Instant;
}

/** What is to become of an account: settled without the ledger, or still to be written. */
type Looked =
  | Closed
  | { readonly account: string; readonly number: string }
  | { readonly account: string; readonly nil: NilPeriod }
  | { readonly account: string; readonly prepared: PreparedDraft };

function looked(drafted: Drafted | Undrafted, { issued, nils, allowUnpriced, waiving, now }: Closing): Looked {
  const { account, obstacles } = drafted;
  if (!isDrafted(drafted)) return heldBy(account, obstacles, drafted.locale);
  const { draft, unpriced, givesAway } = drafted;
  const { accountDigest } = draft.pins;
  const { period, total } = draft.invoice;
  const key = billKey(account, accountDigest, period);
  const known = issued.get(key);
  if (known !== undefined) return { account, number: known };
  if (nils.has(key)) return { account, outcome: "nothing to charge" };
  const holding: Obstacle[] = [
    ...obstacles,
    ...(draft.invoice.period.end > now ? [MONTH_OPEN] : []),
    ...(allowUnpriced || givesAway ? [] : unpricedObstacles(unpriced)),
    ...eInvoiceObstacles(draft.invoice),
  ];
  const waived = holding.flatMap((each) => waivedBy(each, waiving));
  if (waived.length < holding.length)
    return heldBy(
      account,
      holding.filter((each) => waivedBy(each, waiving).length === 0),
      draft.invoice.account.locale,
    );
  // What promotional credit paid whole is no period in which there was nothing: the document says what it drew.
  if (total === 0n && drawn(draft.invoice).length === 0)
    return { account, nil: { account, ...(accountDigest === undefined ? {} : { accountDigest }), period } };
  return { account, prepared: prepare(waived.length === 0 ? draft : { ...draft, pins: { ...draft.pins, waived } }) };
}

const MONTH_OPEN: Obstacle = { code: "month-open", figures: {} };

const heldBy = (account: string, obstacles: readonly Obstacle[], locale: string): HeldClose => ({
  account,
  outcome: "held",
  obstacles,
  reasons: obstacles.map(reasonOf),
  locale,
});

/** An account whose time was billed already under another period is held, and the others are not. */
async function closeLot(
  ledger: Pick<Ledger, "issueAll" | "invoice" | "recordNil">,
  lot: readonly Looked[],
): Promise<Closed[]> {
  for (const each of lot) if ("nil" in each) await ledger.recordNil(each.nil);
  const prepared = lot.flatMap((each) => ("prepared" in each ? [each.prepared] : []));
  const results = (prepared.length === 0 ? [] : await ledger.issueAll(prepared)).values();
  const before = new Map<string, IssuedInvoice>();
  for (const each of lot) {
    const found = "number" in each ? await ledger.invoice(each.number, EVERYTHING) : undefined;
    if (found !== undefined) before.set(found.number, found);
  }
  return lot.map((each): Closed => {
    const { account } = each;
    if ("outcome" in each) return each;
    if ("number" in each) return alreadyIssued(account, before.get(each.number));
    if ("nil" in each) return { account, outcome: "nothing to charge" };
    const { value: result } = results.next();
    if (result === undefined) throw new Error(`the ledger said nothing of account ${account}`);
    const { locale } = each.prepared.draft.invoice.account;
    return result instanceof LedgerConflict
      ? heldBy(account, [{ code: "refused", figures: { says: result.message } }], locale)
      : { account, outcome: "issued", invoice: result };
  });
}

function alreadyIssued(account: string, invoice: IssuedInvoice | undefined): Closed {
  if (invoice === undefined) throw new Error(`the ledger lost the invoice of account ${account}`);
  return { account, outcome: "already issued", invoice };
}

function waivedBy(obstacle: Obstacle, waiving: Waiving | undefined): Waiver[] {
  const check = checkOf(obstacle);
  if (check === undefined || waiving === undefined || !waiving.checks.includes(check)) return [];
  return [{ check, says: saysOf(obstacle), by: waiving.by, reason: waiving.reason }];
}
