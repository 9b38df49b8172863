import type { InvoiceView, IssuedInvoiceView, LineView } from "@raingauge/wire";
import Table from "cli-table3";

/** Rows as a table for a terminal: no lines but the one under the head, numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], rightFrom: number): string {
  const plain = new Table({
    head: [...head],
    colAligns: head.map((_, column) => (column >= rightFrom ? "right" : "left")),
    chars: { ...NO_LINES },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
  });
  plain.push(...rows.map((row) => [...row]));
  return plain.toString();
}

const NO_LINES = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "",
} as const;

/** An invoice as it is read aloud: who, when, line by line, and what it comes to. */
export const invoiceText = (invoice: IssuedInvoiceView, name = invoice.account.name): string =>
  billText(`${KINDS[invoice.kind]} ${invoice.number}`, invoice, name);

/** What would be invoiced now, and what of that is not so yet. */
export const draftText = ({ asOf, spent, forecast, wouldHold, document }: DraftView): string =>
  [
    billText("Draft", document, document.account.name),
    `Not owed yet: as of ${asOf} ${spent} ${document.currency} net${forecast === undefined ? "" : `, at the month's end ${forecast} ${document.currency} if it goes on so`}`,
    ...wouldHold.map((reason) => `Would be held: ${reason}`),
  ].join("\n");

/** The parts of a draft that are told in words. */
interface DraftView {
  readonly asOf: string;
  readonly spent: string;
  readonly forecast?: string;
  readonly wouldHold: readonly string[];
  readonly document: InvoiceView;
}

function billText(title: string, invoice: InvoiceView, name: string): string {
  const rows = invoice.lines.map((line) => [
    String(line.position),
    item(line),
    `${short(line.quantity)} ${plural(line)}`,
    seen(line),
    line.amount,
  ]);
  return [
    `${title}   ${name}   ${dayIn(invoice.period.start, invoice.zone)} to ${dayIn(invoice.period.end, invoice.zone)} (${invoice.zone})`,
    table(["", "", "quantity", "seen", invoice.currency], rows, 2),
    ...invoice.taxes.map(({ rate, category, net, tax }) => `${rate} % tax (${category}) on ${net}: ${tax}`),
    `Total ${invoice.total} ${invoice.currency}`,
    ...paid(invoice),
  ].join("\n");
}

/** What the calendar says in a zone: in Berlin October begins when it is still September in UTC. */
export const dayIn = (instant: string, zone: string): string =>
  new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(
    Date.parse(instant),
  );

/** What prepaid credit pays, and what is then left. */
const paid = ({ prepaid, payable, currency }: InvoiceView): string[] =>
  prepaid === undefined
    ? []
    : [
        ...prepaid.map(({ credit, amount }) => `Paid from credit ${credit}: ${amount} ${currency}`),
        `To be paid ${payable} ${currency}`,
      ];

const KINDS: Readonly<Record<IssuedInvoiceView["kind"], string>> = {
  invoice: "Invoice",
  "credit-note": "Credit note",
  "debit-note": "Debit note",
};

/** A line of one resource says which: its id as far as people read it. */
const item = ({ description, resource }: LineView): string =>
  resource === undefined ? description : `${description} ${resource.slice(0, 8)}`;

/** Digits for the eye; the document has them all. */
const short = (decimal: string): string => decimal.replace(/(\.\d{3})\d+$/, "$1");

const plural = ({ unit, quantity }: LineView): string =>
  quantity === "1" ? unit : unit.replace(/(hour|day|month)$/, "$1s");

function seen({ seenSeconds, inferredSeconds }: LineView): string {
  const all = seenSeconds + inferredSeconds;
  return all === 0 ? "" : `${Math.floor((seenSeconds / all) * 100)} %`;
}
