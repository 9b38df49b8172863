import { decimal, type LineTax } from "@raingauge/domain";
import type { Booked } from "./journal.ts";

/** What is booked, before anything more particular is asked. */
export const BOOKED = ["receivable", "internal", "revenue", "tax", "prepaid"] as const;
export type BookedAs = (typeof BOOKED)[number];

/** Which account of the books: by number for programs that know it by number, by name for plain-text accounting. */
export interface LedgerAccount {
  readonly number: string;
  /** The beginning of its name; what is booked for follows it, such as the customer or the service. */
  readonly name: string;
}

/** A more particular account than the chart's own of that kind: where all that it names holds. */
export interface Exception extends LedgerAccount {
  readonly as: BookedAs;
  readonly where: ChartConditions;
}

export interface ChartConditions {
  /** As on documents: `Nova`, `Cinder`. */
  readonly service?: string;
  /** `S19`, `AE0`. */
  readonly tax?: string;
  /** The customer's account with us. */
  readonly account?: string;
}

/** Onto which accounts of somebody's books documents are booked, and how their program is spoken to. Plain data. */
export interface Chart {
  readonly name: string;
  readonly accounts: Readonly<Record<BookedAs, LedgerAccount>>;
  readonly exceptions: readonly Exception[];
  readonly datev: {
    readonly consultant: string;
    readonly client: string;
    /** How many digits a number has that is no debtor's; a debtor's has one more. */
    readonly digits: number;
    /** The first day of the financial year, as `01-01`. */
    readonly yearBegins: string;
  };
  /** What a tax is called there, by our own code; `none` where there is no tax. What is not named keeps our code. */
  readonly xeroTaxTypes: Readonly<Record<string, string>>;
  readonly quickBooksTaxCodes: Readonly<Record<string, string>>;
}

/** The German standard chart SKR03, in accounts that reckon no tax by themselves: what is booked on where nobody says otherwise. */
export const SKR03: Chart = {
  name: "SKR03",
  accounts: {
    receivable: { number: "10000", name: "Assets:Receivable" },
    internal: { number: "1590", name: "Assets:Internal" },
    revenue: { number: "8200", name: "Income:Cloud" },
    tax: { number: "1776", name: "Liabilities:Tax" },
    prepaid: { number: "1710", name: "Liabilities:Prepaid" },
  },
  exceptions: [],
  datev: { consultant: "1001", client: "1", digits: 4, yearBegins: "01-01" },
  xeroTaxTypes: { none: "NONE" },
  quickBooksTaxCodes: { none: "NON" },
};

/** `S19`, `AE0`: what tax a posting bears, in one word. */
export const taxCode = ({ category, rate }: LineTax): string => `${category}${decimal(rate, 4)}`;

/** The account of the chart that fits best: the more an exception names, the more particular it is. */
function accountIn({ accounts, exceptions }: Chart, booked: Booked): LedgerAccount {
  const as = bookedAs(booked);
  const facts = factsOf(booked);
  const fitting = exceptions.filter((each) => each.as === as && fits(each.where, facts));
  const most = Math.max(0, ...fitting.map(({ where }) => Object.keys(where).length));
  return fitting.find(({ where }) => Object.keys(where).length === most) ?? accounts[as];
}

/** Which facts there are of what is booked; an exception that asks for any other fits nothing. */
export const FACTS: Readonly<Record<BookedAs, readonly (keyof ChartConditions)[]>> = {
  receivable: ["account"],
  internal: ["account"],
  revenue: ["service", "tax", "account"],
  tax: ["tax"],
  prepaid: ["account"],
};

const bookedAs = (booked: Booked): BookedAs =>
  booked.kind === "receivable" && booked.isInternal ? "internal" : booked.kind;

function factsOf(booked: Booked): ChartConditions {
  switch (booked.kind) {
    case "receivable":
    case "prepaid":
      return { account: booked.customer };
    case "revenue":
      return {
        service: booked.service,
        account: booked.customer,
        ...(booked.tax === undefined ? {} : { tax: booked.tax }),
      };
    case "tax":
      return { tax: booked.code };
  }
}

const fits = (where: ChartConditions, facts: ChartConditions): boolean =>
  (["service", "tax", "account"] as const).every((fact) => where[fact] === undefined || where[fact] === facts[fact]);

/** Names for accounts, for plain-text accounting: a word a level, each with a capital. */
export const accountName = (chart: Chart, booked: Booked): string =>
  `${accountIn(chart, booked).name}:${level(lastOf(booked))}`;

export const accountNumber = (chart: Chart, booked: Booked): string => accountIn(chart, booked).number;

function lastOf(booked: Booked): string {
  switch (booked.kind) {
    case "receivable":
    case "prepaid":
      return booked.customer;
    case "revenue":
      return booked.service;
    case "tax":
      return booked.code;
  }
}

/** Letters, digits and hyphens, beginning with a capital or a digit: what every one of these programs takes. */
const level = (text: string): string => {
  const plain = text
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return plain === "" ? "Other" : `${plain.charAt(0).toUpperCase()}${plain.slice(1)}`;
};
