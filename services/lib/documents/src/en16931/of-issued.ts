import {
  at,
  type Currency,
  compare,
  fromMinor,
  type Invoice,
  type InvoiceLine,
  type IssuedInvoice,
  minus,
  payable,
  type TaxGroup,
  times,
  toMinor,
  ZERO,
} from "@raingauge/domain";
import { calendarDay } from "../dates.ts";
import { languageOf } from "../language.ts";
import { type LinePart, partsOf, wholePart } from "../parts.ts";
import { PHRASES } from "../phrases/table.ts";
import { units } from "../words.ts";
import type { Days, EAllowance, EInvoice, ELine } from "./e-invoice.ts";
import { isAstray } from "./line-amount.ts";
import { statedQuantity } from "./unit.ts";

/** What of a document its electronic form says; its number is known only once it is issued. */
export type Issuable = Pick<IssuedInvoice, "number" | "issueDate" | "dueDate" | "invoice">;

/** A document in the terms of EN 16931. */
export function eInvoiceOf({ number, issueDate, dueDate, invoice }: Issuable): EInvoice {
  const { account, currency, kind, corrects } = invoice;
  const sign = kind === "credit-note" ? -1n : 1n;
  const period = daysOf(invoice);
  const taxes = invoice.taxes.map((group) => turned(group, sign));
  const tax = taxes.reduce((total, group) => total + group.tax, 0n);
  const lines = invoice.lines.flatMap((line) => eLines(line, { currency, sign, period, kind }));
  return {
    number,
    type: kind === "credit-note" ? "381" : "380",
    issued: issueDate,
    ...(kind === "credit-note" ? {} : { due: dueDate }),
    currency,
    ...(invoice.taxIn === undefined
      ? {}
      : { taxIn: { currency: invoice.taxIn.currency, tax: sign * invoice.taxIn.tax } }),
    ...(account.buyerReference === undefined ? {} : { buyerReference: account.buyerReference }),
    ...(account.purchaseOrder === undefined ? {} : { purchaseOrder: account.purchaseOrder }),
    ...(account.costCentre === undefined ? {} : { costCentre: account.costCentre }),
    ...termsOf(invoice),
    notes: corrects === undefined ? [] : [corrects.reason].filter((reason) => reason !== ""),
    ...(corrects === undefined ? {} : { preceding: corrects.number }),
    period,
    ...(account.seller === undefined ? {} : { seller: account.seller }),
    ...(account.buyer === undefined ? {} : { buyer: account.buyer }),
    lines,
    taxes,
    totals: {
      lines: lines.reduce((total, { net }) => total + net, 0n),
      net: sign * invoice.net,
      tax,
      gross: sign * invoice.net + tax,
      ...(invoice.prepaid === undefined ? {} : { prepaid: sign * (invoice.total - payable(invoice)) }),
      payable: sign * payable(invoice),
    },
  };
}

/** A credit note has no day on which it is due, so that its terms have to say what becomes of its amount (BR-CO-25). */
function termsOf({ account, kind, corrects }: Invoice): Pick<EInvoice, "paymentTerms"> {
  if (account.paymentTerms !== undefined) return { paymentTerms: account.paymentTerms };
  if (kind !== "credit-note" || corrects === undefined) return {};
  return { paymentTerms: `${PHRASES[languageOf(account.locale)].credited} ${corrects.number}` };
}

const daysOf = ({ period, zone }: Invoice): Days => ({
  first: calendarDay(period.start, zone),
  last: calendarDay(at(period.end - 1), zone),
});

const turned = (group: TaxGroup, sign: bigint): TaxGroup => ({
  ...group,
  net: sign * group.net,
  tax: sign * group.tax,
});

interface Surroundings {
  readonly currency: Currency;
  readonly sign: bigint;
  readonly period: Days;
  readonly kind: Invoice["kind"];
}

/**
 * Where a whole unit of the currency is rounded, as of yen, quantity times price is further from the amount than the standard
 * lets it be: the line is then stated as once its amount, and its units stand beside it.
 */
function eLines(line: InvoiceLine, surroundings: Surroundings): ELine[] {
  const { currency } = surroundings;
  const parts = partsOf(line, currency);
  const stated = parts.map((part) => eLine(line, part, { ...surroundings, id: idOf(line, part, parts.length) }));
  if (!stated.some((each) => isAstray(each, currency))) return stated;
  return [eLine(line, wholePart(line, currency), { ...surroundings, id: String(line.position) })];
}

const idOf = ({ position }: InvoiceLine, part: LinePart, count: number): string =>
  count === 1 ? String(position) : `${position}.${part.position}`;

function eLine(
  line: InvoiceLine,
  part: LinePart,
  { currency, sign, period, id }: Surroundings & { id: string },
): ELine {
  const stated = statedQuantity(times(part.units, { numerator: sign, denominator: 1n }), part.isWhole ? "" : line.unit);
  const allowance = capAllowance(part, currency);
  return {
    id,
    name: line.description,
    ...(line.resource === undefined ? {} : { description: line.resource }),
    article: line.sku,
    quantity: stated.quantity,
    unit: stated.code,
    price: part.price,
    base: stated.base,
    ...(allowance === undefined ? {} : { allowance }),
    net: sign * part.amount,
    ...(line.tax === undefined ? {} : { tax: line.tax }),
    period,
    attributes: attributesOf(line, part),
  };
}

/** What the cap took off, so that quantity times price less allowance is the line's amount to the cent. */
function capAllowance(part: LinePart, currency: Currency): EAllowance | undefined {
  if (compare(part.capped, ZERO) === 0) return undefined;
  const amount = toMinor(minus(part.gross, fromMinor(part.amount, currency)), currency);
  return amount === 0n ? undefined : { amount, reason: "Monthly cap", code: "95" };
}

/** What the codes cannot say: whose it is, what a unit is called, and how many there are of it. */
const attributesOf = (line: InvoiceLine, part: LinePart): ELine["attributes"] => [
  ...(line.project === undefined ? [] : [{ name: "Project", value: line.project }]),
  ...(line.region === undefined ? [] : [{ name: "Region", value: line.region }]),
  ...(part.isWhole && line.kind !== undefined ? [] : [{ name: "Unit", value: line.unit }]),
  ...(line.kind === undefined ? [{ name: "Units", value: units(part.isWhole ? line.units : part.units) }] : []),
];
