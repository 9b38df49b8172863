import { adjust, type Credit, EVERYTHING, type IssuedInvoice, takeBack, type Usage } from "@raingauge/domain";
import type { Ledger, PublishedBook } from "@raingauge/ledger";
import { correction } from "./adjustment.ts";
import type { Bill } from "./bill.ts";
import { pinnedCalendar } from "./calendar.ts";
import { type Drafted, draft } from "./draft.ts";
import { billAgain } from "./pinned.ts";
import { asWas } from "./regions.ts";

export interface PinnedSources {
  readonly ledger: Pick<Ledger, "invoice" | "invoices" | "bookByDigest" | "accountByDigest" | "credits">;
}

/** What an invoice was made by, as it is there now. */
export interface Pinned {
  readonly published: PublishedBook | undefined;
  readonly bill: Bill | undefined;
  /** What was billed before a correction; empty for an invoice. */
  readonly family: readonly IssuedInvoice[];
  /** The credits of its account, as they were granted. */
  readonly credits: readonly Credit[];
}

/** The original and its corrections up to the one in hand, as they are written. */
async function familyBefore(ledger: PinnedSources["ledger"], issued: IssuedInvoice): Promise<readonly IssuedInvoice[]> {
  const { corrects } = issued.invoice;
  const original = corrects && (await ledger.invoice(corrects.number, EVERYTHING));
  if (corrects === undefined || original === undefined) return [];
  const all = [original, ...(await ledger.invoices({ corrects: corrects.number }, EVERYTHING))];
  return all.slice(0, all.findIndex(({ hash }) => hash === corrects.after) + 1);
}

export async function pinnedOf(ledger: PinnedSources["ledger"], issued: IssuedInvoice): Promise<Pinned> {
  const [digest = ""] = issued.pins.bookDigests;
  return {
    published: await ledger.bookByDigest(digest),
    bill: await billAgain(ledger, issued),
    family: await familyBefore(ledger, issued),
    credits: await grantedTo(ledger, issued),
  };
}

async function grantedTo(ledger: PinnedSources["ledger"], { invoice, pins }: IssuedInvoice): Promise<Credit[]> {
  if (pins.credits === undefined) return [];
  return (await ledger.credits({ account: invoice.account.id }, EVERYTHING)).map(({ credit }) => credit);
}

/** The document once more, with everything pinned but its usages; undefined where nothing comes out of it. */
export function redraft(issued: IssuedInvoice, pinned: Pinned, usages: readonly Usage[]): Drafted | undefined {
  const { invoice, pins } = issued;
  if (pinned.published === undefined || pinned.bill === undefined) return undefined;
  if (invoice.corrects?.entirely === true) return takenBack(invoice, pinned.family, pins);
  const due = dueAgain(issued, pinned, usages);
  if (due === undefined || invoice.corrects === undefined) return due;
  const adjusted = adjust(pinned.family, due.draft.invoice, invoice.corrects.reason);
  return adjusted && { ...due, draft: correction(adjusted, due.draft) };
}

/** What should have been billed by what a document rests on: itself, unless it corrects another. */
export function dueAgain(
  issued: IssuedInvoice,
  { published, bill, family }: Pinned,
  usages: readonly Usage[],
): Drafted | undefined {
  if (published === undefined || bill === undefined) return undefined;
  const { invoice, pins } = issued;
  return draft(bill, usages, {
    published: { book: published.book, digest: pins.bookDigests[0] ?? "" },
    watermark: pins.watermark,
    monthMs: pins.monthMs,
    tzVersion: invoice.tzVersion,
    // Nobody but the document knows who was watching: agents come and go, and what they told is kept for a time only.
    watched: invoice.completeness?.watched,
    calendar: pinnedCalendar(invoice.zone, pins.days ?? {}),
    credits: pins.credits,
    ...asWas(family[0] ?? issued),
  });
}

/** It rests on nothing but the documents that it takes back. */
function takenBack(
  { corrects }: IssuedInvoice["invoice"],
  family: readonly IssuedInvoice[],
  pins: IssuedInvoice["pins"],
): Drafted | undefined {
  const invoice = takeBack(family, corrects?.reason ?? "");
  return (
    invoice && {
      account: invoice.account.id,
      unpriced: [],
      givesAway: false,
      obstacles: [],
      draft: { invoice, usages: new Map(), free: [], pins },
    }
  );
}

/** The usages behind each position as they were frozen at issue; what was free is at 0. */
export type Frozen = ReadonlyMap<number, readonly Usage[]>;

export async function frozenUsages(
  ledger: Pick<Ledger, "usages">,
  { number, invoice }: IssuedInvoice,
): Promise<Frozen> {
  const positions = [0, ...invoice.lines.map(({ position }) => position)];
  const usages = new Map<number, readonly Usage[]>();
  for (const position of positions) usages.set(position, await ledger.usages(number, position, EVERYTHING));
  return usages;
}
