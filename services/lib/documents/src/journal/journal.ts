import { type InvoiceLine, type IssuedInvoice, type Period, payable, type TaxGroup } from "@raingauge/domain";
import { serviceOf } from "../focus/service.ts";
import { taxCode } from "./chart.ts";

/** One side of a booking, in minor units; exactly one of debit and credit is not zero. */
export interface Posting {
  readonly account: Booked;
  readonly debit: bigint;
  readonly credit: bigint;
  readonly line?: number;
  readonly project?: string;
  readonly taxCode?: string;
  readonly text: string;
}

/** What is booked on, before any chart of accounts gives it a name. */
export type Booked =
  | { readonly kind: "receivable"; readonly customer: string; readonly isInternal: boolean }
  | { readonly kind: "revenue"; readonly service: string; readonly customer: string; readonly tax?: string }
  | { readonly kind: "tax"; readonly code: string }
  /** What was paid beforehand, and is owed to the customer until it is drawn. */
  | { readonly kind: "prepaid"; readonly customer: string };

/** What one document means to the books. Its debits equal its credits, always. */
export interface Journal {
  readonly number: string;
  readonly date: string;
  readonly due: string;
  readonly customer: string;
  readonly customerName: string;
  readonly currency: string;
  readonly period: Period;
  readonly text: string;
  readonly corrects?: string;
  /** Whom it is owed by, also where nothing is left to be owed. */
  readonly receivable: Booked;
  readonly postings: readonly Posting[];
}

/**
 * The receivable, and what prepaid credit pays, against revenue, line by line, and tax, group by group; a credit note the
 * other way round.
 */
export function journalOf({ number, issueDate, dueDate, invoice }: IssuedInvoice): Journal {
  const { account, corrects } = invoice;
  const receivable: Booked = { kind: "receivable", customer: account.id, isInternal: account.mode === "internal" };
  const postings = [
    sided(receivable, payable(invoice), { text: account.name }),
    ...(invoice.prepaid ?? []).map(({ credit, amount }) =>
      sided({ kind: "prepaid", customer: account.id }, amount, { text: `Credit ${credit}` }),
    ),
    ...invoice.lines.map((line) => revenue(line, account.id)),
    ...invoice.taxes.map(tax),
  ];
  return {
    number,
    date: issueDate,
    due: dueDate,
    customer: account.id,
    customerName: account.buyer?.name ?? account.name,
    currency: invoice.currency,
    period: invoice.period,
    text: `${invoice.kind} ${number}`,
    ...(corrects === undefined ? {} : { corrects: corrects.number }),
    receivable,
    postings: postings.filter(({ debit, credit }) => debit !== 0n || credit !== 0n),
  };
}

/** A debit of the amount; of a negative one, a credit. */
const sided = (account: Booked, amount: bigint, rest: Omit<Posting, "account" | "debit" | "credit">): Posting => ({
  account,
  debit: amount > 0n ? amount : 0n,
  credit: amount < 0n ? -amount : 0n,
  ...rest,
});

function revenue(line: InvoiceLine, customer: string): Posting {
  const code = line.tax === undefined ? undefined : taxCode(line.tax);
  const booked: Booked = {
    kind: "revenue",
    service: serviceOf(line.meter).name,
    customer,
    ...(code === undefined ? {} : { tax: code }),
  };
  return sided(booked, -line.amount, {
    line: line.position,
    ...(line.project === undefined ? {} : { project: line.project }),
    ...(code === undefined ? {} : { taxCode: code }),
    text: line.description,
  });
}

const tax = (group: TaxGroup): Posting =>
  sided({ kind: "tax", code: taxCode(group) }, -group.tax, { taxCode: taxCode(group), text: `Tax ${taxCode(group)}` });
