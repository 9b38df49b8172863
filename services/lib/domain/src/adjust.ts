import type { CreditUse } from "./credit.ts";
import type { Instant } from "./instant.ts";
import type { Corrected, Invoice, InvoiceLine } from "./invoice.ts";
import type { IssuedInvoice } from "./issued.ts";
import { fromMinor } from "./money.ts";
import { NO_EVIDENCE } from "./portion.ts";
import { rational } from "./rational.ts";
import { type ConvertedTax, type TaxGroup, taxKey } from "./tax.ts";

/** What a document of a period says so far: the invoice first, then its corrections in the order of their issue. */
type Said = Pick<IssuedInvoice, "number" | "hash" | "invoice">;

/**
 * The one document that turns what was billed so far into what should have been billed; undefined where both are the same.
 *
 * Differences are taken line by line between results, never between quantities: so tiers, caps, allowances, minimums and
 * discounts come out right in both directions. The tax of a group is what is due on all of it by now, less what was charged
 * so far: crediting everything nets to zero, whatever the steps were. Its lines and totals say what changes, so that of a
 * credit note the total is negative, and all documents of a period add up to the bill from scratch. Pure.
 */
export function adjust(documents: readonly Said[], recomputed: Invoice, reason: string): Invoice | undefined {
  return corrected(documents, recomputed, { reason, entirely: false });
}

/** The credit note that takes everything back that was billed so far: an invoice is void by it and by nothing else. */
export function takeBack(documents: readonly Said[], reason: string): Invoice | undefined {
  const original = documents[0]?.invoice;
  if (original === undefined) return undefined;
  const { prepaid: _, taxIn: __, ...rest } = original;
  const nothing: Invoice = { ...rest, lines: [], net: 0n, taxes: [], total: 0n };
  return corrected(documents, nothing, { reason, entirely: true });
}

function corrected(
  documents: readonly Said[],
  recomputed: Invoice,
  why: Pick<Corrected, "reason" | "entirely">,
): Invoice | undefined {
  const [original] = documents;
  const newest = documents.at(-1);
  if (original === undefined || newest === undefined) return undefined;
  if (recomputed.currency !== original.invoice.currency)
    throw new RangeError(`a correction of ${original.number} in another currency than its own`);
  const lines = changes(documents, recomputed);
  const taxes = taxChanges(documents, recomputed);
  const prepaid = prepaidChanges(documents, recomputed);
  if (lines.length + prepaid.length === 0 && taxes.every(({ tax, net }) => tax === 0n && net === 0n)) return undefined;
  const net = lines.reduce((sum, { amount }) => sum + amount, 0n);
  const total = taxes.reduce((sum, { tax }) => sum + tax, net);
  const taxIn = convertedChange(documents, recomputed);
  const { prepaid: _, taxIn: __, ...due } = recomputed;
  return {
    ...due,
    kind: total > 0n ? "debit-note" : "credit-note",
    account: original.invoice.account,
    projects: projectsOf(documents, recomputed),
    lines,
    net,
    taxes,
    total,
    ...(taxIn === undefined ? {} : { taxIn }),
    ...(prepaid.length === 0 ? {} : { prepaid }),
    corrects: { number: original.number, hash: original.hash, after: newest.hash, ...why },
  };
}

/** What was billed under an identity, and what should have been. */
interface Standing {
  readonly billed: bigint;
  readonly last: InvoiceLine;
  readonly due?: InvoiceLine;
}

function changes(documents: readonly Said[], { currency, lines }: Invoice): InvoiceLine[] {
  const standings = new Map<string, Standing>();
  for (const line of documents.flatMap(({ invoice }) => invoice.lines)) {
    const key = lineKey(line);
    standings.set(key, { billed: (standings.get(key)?.billed ?? 0n) + line.amount, last: line });
  }
  for (const due of lines) {
    const { billed = 0n } = standings.get(lineKey(due)) ?? {};
    standings.set(lineKey(due), { billed, last: due, due });
  }
  return [...standings.values()]
    .filter(({ billed, due }) => (due?.amount ?? 0n) !== billed)
    .map((standing, index) => change(standing, index + 1, currency));
}

/** What each document says about the same thing as a line does, in the order of their issue. */
export const saidOf = <T extends Said>(line: InvoiceLine, documents: readonly T[]): { said: T; line: InvoiceLine }[] =>
  documents.flatMap((said) =>
    said.invoice.lines.filter((each) => lineKey(each) === lineKey(line)).map((each) => ({ said, line: each })),
  );

/** Which thing a line is about; whatever was billed under one identity adds up. */
const lineKey = (line: InvoiceLine): string => {
  const { project, region, sku, resource, tax } = line;
  return JSON.stringify([adjusting(line), project, region, sku, resource, tax === undefined ? "" : taxKey(tax)]);
};

/** What a line adjusts, or the line that it corrects; undefined where something was used. */
const adjusting = ({ kind, of }: InvoiceLine): InvoiceLine["of"] => (kind === "correction" ? of : kind);

/** One correction of so much, up or down: an amount that came about through tiers and caps has no price of a unit. */
function change({ billed, last, due }: Standing, position: number, currency: string): InvoiceLine {
  const amount = (due?.amount ?? 0n) - billed;
  const [units, magnitude] = amount < 0n ? [-1n, -amount] : [1n, amount];
  const price = fromMinor(magnitude, currency);
  const cost = fromMinor(amount, currency);
  const { project, region, resource, tax } = last;
  const adjusted = adjusting(last);
  return {
    position,
    kind: "correction",
    ...(adjusted === undefined ? {} : { of: adjusted }),
    ...(project === undefined ? {} : { project }),
    ...(region === undefined ? {} : { region }),
    sku: last.sku,
    description: last.description,
    meter: last.meter,
    ...(resource === undefined ? {} : { resource }),
    resources: due?.resources ?? 0,
    quantity: due?.quantity ?? 0n,
    units: rational(units),
    unit: "correction",
    tiers: [{ units: rational(units), amount: price, cost }],
    cost,
    amount,
    ...(tax === undefined ? {} : { tax }),
    evidence: due?.evidence ?? NO_EVIDENCE,
    change: { billed, due: due?.amount ?? 0n },
  };
}

function taxChanges(documents: readonly Said[], { taxes }: Invoice): TaxGroup[] {
  const charged = documents.flatMap(({ invoice }) => invoice.taxes);
  const groups = Map.groupBy([...taxes, ...charged], taxKey);
  return [...groups].flatMap(([key, [first]]) => {
    if (first === undefined) return [];
    const due = taxes.find((each) => taxKey(each) === key);
    const before = charged.filter((each) => taxKey(each) === key);
    const net = (due?.net ?? 0n) - before.reduce((sum, each) => sum + each.net, 0n);
    const tax = (due?.tax ?? 0n) - before.reduce((sum, each) => sum + each.tax, 0n);
    return net === 0n && tax === 0n ? [] : [{ ...first, net, tax }];
  });
}

/** The converted tax of all of it by now, less what was said so far: so that it adds up in that currency too. */
function convertedChange(documents: readonly Said[], { taxIn: due }: Invoice): ConvertedTax | undefined {
  const said = documents.flatMap(({ invoice }) => invoice.taxIn ?? []);
  const last = said.at(-1);
  const now = due ?? (last && { ...last, tax: 0n });
  if (now === undefined) return undefined;
  const before = said.filter(({ currency }) => currency === now.currency);
  return { ...now, tax: before.reduce((tax, each) => tax - each.tax, now.tax) };
}

/** What prepaid credit pays more by now, or gets back. */
function prepaidChanges(documents: readonly Said[], { prepaid = [] }: Invoice): CreditUse[] {
  const before = documents.flatMap(({ invoice }) => invoice.prepaid ?? []);
  const credits = new Set([...prepaid, ...before].map(({ credit }) => credit));
  const of = (uses: readonly CreditUse[], wanted: string): bigint =>
    uses.filter(({ credit }) => credit === wanted).reduce((sum, { amount }) => sum + amount, 0n);
  return [...credits]
    .map((credit) => ({ credit, amount: of(prepaid, credit) - of(before, credit) }))
    .filter(({ amount }) => amount !== 0n);
}

/** Everybody whose usage is on any of them: who may not see all of it does not see the correction either. */
function projectsOf(documents: readonly Said[], recomputed: Invoice): Invoice["projects"] {
  const all = [...documents.map(({ invoice }) => invoice), recomputed].flatMap(({ projects }) => projects);
  const key = ({ id, period }: Invoice["projects"][number]): string => JSON.stringify([id, period.start, period.end]);
  const unique = new Map(all.map((project) => [key(project), project]));
  return [...unique].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, project]) => project);
}

/** What all documents of a period come to together. */
export const totalOf = (documents: readonly Pick<Said, "invoice">[]): bigint =>
  documents.reduce((sum, { invoice }) => sum + invoice.total, 0n);

/** The documents about one invoice: itself, then what corrects it; empty where it was taken back whole. */
export function familyOf<T extends Said & { readonly issuedAt: Instant }>(number: string, among: readonly T[]): T[] {
  const mine = among.filter((each) => each.number === number || each.invoice.corrects?.number === number);
  return mine.some(({ invoice }) => invoice.corrects?.entirely === true) ? [] : mine;
}
