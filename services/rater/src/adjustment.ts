import {
  adjust,
  type CorrectionRules,
  compare,
  EVERYTHING,
  familyOf,
  formatMinor,
  fromMinor,
  type Invoice,
  type IssuedInvoice,
  takeBack,
  type Usage,
} from "@raingauge/domain";
import { type Draft, type Ledger, LedgerConflict, prepare } from "@raingauge/ledger";
import { type Bill, type BillingTerms, billsOf } from "./bill.ts";
import { billKey, documentsOf, LOT, standing } from "./close.ts";
import { creditsAgain } from "./credits.ts";
import { isDrafted } from "./draft.ts";
import { type DraftSources, draftOf, type Known } from "./drafts.ts";
import { watchedMeanwhile } from "./meanwhile.ts";
import { checkOf } from "./obstacle.ts";
import { measured } from "./parts.ts";
import { billAgain } from "./pinned.ts";
import { asWas } from "./regions.ts";

export interface AdjustmentSources {
  readonly store: DraftSources["store"];
  readonly ledger: DraftSources["ledger"] &
    Pick<Ledger, "invoices" | "issue" | "issueAll" | "accountByDigest" | "credits" | "retirements">;
}

/** What was found to differ from what was billed for a period, and what becomes of it by itself. */
export interface Adjustment {
  readonly original: IssuedInvoice;
  readonly draft: Draft;
  /** Why it waits for somebody; absent where it is written by schedule. */
  readonly waits?: string;
  /** One person has to propose it, and another to approve. */
  readonly needsApproval: boolean;
}

/**
 * Holds every invoice of a period against what should have been billed by what is known now. `exactly`: as of the
 * watermark, as it must be to be written; otherwise with whatever is stored, which is quick. `only`: the number of the one invoice to look at.
 */
export async function adjustments(
  sources: AdjustmentSources,
  terms: BillingTerms,
  { exactly, only }: { readonly exactly: boolean; readonly only?: string },
): Promise<Adjustment[]> {
  const documents = await documentsOf(sources.ledger, terms.period);
  const originals = [...standing(documents)].filter(([, { number }]) => only === undefined || only === number);
  if (originals.length === 0) return [];
  const present = await billsOf(sources, terms, EVERYTHING);
  const byKey = new Map(present.map((bill) => [billKey(bill.account.id, bill.accountDigest, bill.period), bill]));
  const due: { readonly original: IssuedInvoice; readonly bill: Bill }[] = [];
  for (const [key, original] of originals) {
    const bill = byKey.get(key) ?? (await withoutUsage(sources.ledger, original, present));
    if (bill !== undefined) due.push({ original, bill });
  }
  const watermark = await sources.store.watermark();
  const bills = due.map(({ bill }) => bill);
  const usagesOf = await measured(sources.store, bills, EVERYTHING, exactly ? watermark : undefined);
  const found: Adjustment[] = [];
  const granted = await sources.ledger.credits({}, EVERYTHING);
  const watchingOf = exactly
    ? await watchedMeanwhile(sources.store, bills, watermark, await sources.ledger.retirements())
    : () => undefined;
  for (const { original, bill } of due) {
    const family = familyOf(original.number, documents);
    const known = { watermark, watching: watchingOf(bill), credits: creditsAgain(family, granted) };
    const adjustment = await adjustmentOf(sources.ledger, family, { bill, usages: usagesOf(bill), known });
    if (adjustment !== undefined) found.push(adjustment);
  }
  return found;
}

/** Nobody has a reading of it any more. Where its projects are billed to somebody else by now, that is for a person to settle. */
async function withoutUsage(
  ledger: AdjustmentSources["ledger"],
  original: IssuedInvoice,
  bills: readonly Bill[],
): Promise<Bill | undefined> {
  const ids = new Set(original.invoice.projects.map(({ id }) => id));
  const moved = bills.some(({ projects }) => projects.some(({ id }) => ids.has(id)));
  return moved ? undefined : billAgain(ledger, original);
}

interface Recomputing {
  readonly bill: Bill;
  readonly usages: readonly Usage[];
  readonly known: Known;
}

async function adjustmentOf(
  ledger: AdjustmentSources["ledger"],
  family: readonly IssuedInvoice[],
  { bill, usages, known }: Recomputing,
): Promise<Adjustment | undefined> {
  const [original] = family;
  const drafted = await draftOf(ledger, bill, usages, { ...known, ...asWas(original) });
  if (original === undefined || !isDrafted(drafted)) return undefined;
  // What a check would hold was looked at when the original was issued; what it owes is owed all the same.
  if (drafted.obstacles.some((each) => checkOf(each) === undefined)) return undefined;
  const invoice = adjust(family, drafted.draft.invoice, reasonOf(family, drafted.draft));
  if (invoice === undefined) return undefined;
  const { corrections } = bill.account;
  const waits = waiting(invoice, corrections);
  return {
    original,
    draft: correction(invoice, drafted.draft),
    needsApproval: corrections.approval,
    ...(waits === undefined ? {} : { waits }),
  };
}

/** All usages are frozen again, so that the correction can be worked out from itself: those behind no changed line at 0. */
export function correction(invoice: Invoice, { invoice: due, usages, free, ...rest }: Draft): Draft {
  const behind = new Map<number, readonly Usage[]>();
  const left = new Map(usages);
  for (const line of invoice.lines) {
    if (line.of !== undefined) continue;
    const position = due.lines.find(
      (each) =>
        each.kind === undefined &&
        each.project === line.project &&
        each.region === line.region &&
        each.sku === line.sku &&
        each.resource === line.resource,
    )?.position;
    const mine = position === undefined ? undefined : left.get(position);
    if (position === undefined || mine === undefined) continue;
    behind.set(line.position, mine);
    left.delete(position);
  }
  return { ...rest, invoice, usages: behind, free: [...free, ...[...left.values()].flat()] };
}

function reasonOf(family: readonly IssuedInvoice[], { pins }: Draft): string {
  const before = family.at(-1)?.pins;
  const causes = [
    ...(before?.bookDigests.join() === pins.bookDigests.join() ? [] : ["prices"]),
    ...(before?.accountDigest === pins.accountDigest ? [] : ["terms of the account"]),
  ];
  return `${causes.length === 0 ? "readings" : causes.join(" and ")} that became known after issue`;
}

/** Why a correction is not written by itself. */
function waiting({ total, currency }: Invoice, { policy, approval, least }: CorrectionRules): string | undefined {
  if (policy === "report") return "corrections of this account are only reported";
  if (policy === "credit-only" && total > 0n)
    return "only what is in the customer's favour is written for this account";
  const size = fromMinor(total < 0n ? -total : total, currency);
  if (least !== undefined && compare(size, least) < 0)
    return `${formatMinor(total, currency)} ${currency} is less than what is written for this account`;
  return approval ? "one person must propose it and another approve" : undefined;
}

/** What became of an adjustment. */
export interface Written {
  readonly original: IssuedInvoice;
  readonly document: IssuedInvoice;
}

/** Writes corrections, a lot of them at once; one that was overtaken by another meanwhile is worked out again at the next turn. */
export async function writeAdjustments(
  ledger: Pick<Ledger, "issueAll">,
  found: readonly Adjustment[],
): Promise<Written[]> {
  const written: Written[] = [];
  for (let begin = 0; begin < found.length; begin += LOT) {
    const lot = found.slice(begin, begin + LOT);
    const results = await ledger.issueAll(lot.map(({ draft }) => prepare(draft)));
    for (const [index, { original }] of lot.entries()) {
      const document = results[index];
      if (document !== undefined && !(document instanceof LedgerConflict)) written.push({ original, document });
    }
  }
  return written;
}

/**
 * The credit note that takes an invoice back whole, with everything that corrected it: the only way in which it becomes void.
 * Undefined where there is no such invoice, or where it was taken back already.
 */
export async function voidingOf(
  { store, ledger }: VoidSources,
  number: string,
  reason: string,
): Promise<{ readonly original: IssuedInvoice; readonly draft: Draft } | undefined> {
  const original = await ledger.invoice(number, EVERYTHING);
  if (original === undefined || original.invoice.kind !== "invoice") return undefined;
  const family = familyOf(number, [original, ...(await ledger.invoices({ corrects: number }, EVERYTHING))]);
  const invoice = takeBack(family, reason);
  const newest = family.at(-1);
  if (invoice === undefined || newest === undefined) return undefined;
  // What was waived or approved for the newest document was not for this one.
  const { waived: _, approval: __, ...pinned } = newest.pins;
  const pins = { ...pinned, watermark: await store.watermark() };
  return { original, draft: { invoice, usages: new Map(), free: [], pins, series: original.series } };
}

export interface VoidSources {
  readonly store: Pick<DraftSources["store"], "watermark">;
  readonly ledger: Pick<Ledger, "invoice" | "invoices">;
}

/** Takes an invoice back; see `voidingOf`. */
export async function voidInvoice(
  { store, ledger }: VoidSources & { readonly ledger: Pick<Ledger, "issue"> },
  number: string,
  reason: string,
): Promise<IssuedInvoice | undefined> {
  const voiding = await voidingOf({ store, ledger }, number, reason);
  return voiding && ledger.issue(voiding.draft);
}
