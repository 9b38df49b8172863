import type { Instant } from "./instant.ts";
import { type Currency, fromMinor, toMinor } from "./money.ts";
import { type Rational, rational, times } from "./rational.ts";
import type { Rounding } from "./rounding.ts";

/** The categories of UNCL 5305 that EN 16931 knows; each has rules of its own on paper. */
export type TaxCategory = "S" | "Z" | "E" | "AE" | "K" | "G" | "O" | "L" | "M";

/** What an account's supplies are taxed with, for as long as it is so. */
export interface TaxTreatment {
  readonly category: TaxCategory;
  /** In per cent. */
  readonly rate: Rational;
  /** Why nothing is charged; every category but S, Z, L and M must say it. */
  readonly reason?: TaxReason;
  readonly since?: Instant;
  readonly until?: Instant;
}

export interface TaxReason {
  /** Of the VATEX list. */
  readonly code?: string;
  readonly text: string;
}

/** What a line is taxed with. */
export type LineTax = Pick<TaxTreatment, "category" | "rate">;

/** One tax for everything of one category and rate, so that it is rounded once and not line by line. */
export interface TaxGroup extends LineTax {
  readonly reason?: TaxReason;
  /** In minor units: the sum of the group's lines. */
  readonly net: bigint;
  readonly tax: bigint;
}

/** The currency in which a tax authority wants the tax, and how much of it one unit of the invoice's is. */
export interface TaxCurrency {
  readonly currency: Currency;
  readonly rate: Rational;
}

/** A document's whole tax in such a currency, in its minor units: rounded once, from the tax as it is printed. */
export interface ConvertedTax extends TaxCurrency {
  readonly tax: bigint;
}

export const convertedTax = (tax: bigint, from: Currency, to: TaxCurrency, rounding: Rounding): ConvertedTax => ({
  ...to,
  tax: toMinor(times(fromMinor(tax, from), to.rate), to.currency, rounding),
});

/** The treatment in force at an instant; of several the one that began last. */
export const taxAt = (treatments: readonly TaxTreatment[], moment: Instant): TaxTreatment | undefined =>
  treatments
    .filter(({ since, until }) => (since === undefined || since <= moment) && (until === undefined || moment < until))
    .toSorted((a, b) => (b.since ?? EVER) - (a.since ?? EVER))[0];

const EVER = -8_640_000_000_000_000;

export interface TaxedLine {
  readonly tax?: LineTax;
  readonly amount: bigint;
}

interface Terms {
  readonly currency: Currency;
  readonly rounding: Rounding;
  readonly reasons: readonly TaxTreatment[];
}

/** Groups in the order in which their lines come. A line without a tax belongs to none. */
export function taxGroups(lines: readonly TaxedLine[], { currency, rounding, reasons }: Terms): TaxGroup[] {
  const groups = Map.groupBy(lines, ({ tax }) => (tax === undefined ? "" : taxKey(tax)));
  return [...groups.values()].flatMap((mine) => {
    const tax = mine[0]?.tax;
    if (tax === undefined) return [];
    const net = mine.reduce((total, { amount }) => total + amount, 0n);
    const reason = reasons.find((each) => taxKey(each) === taxKey(tax))?.reason;
    return [
      { ...tax, ...(reason === undefined ? {} : { reason }), net, tax: taxOn(net, tax.rate, currency, rounding) },
    ];
  });
}

export const taxOn = (net: bigint, rate: Rational, currency: Currency, rounding: Rounding): bigint =>
  toMinor(times(fromMinor(net, currency), times(rate, rational(1n, 100n))), currency, rounding);

export const taxKey = ({ category, rate }: LineTax): string => `${category} ${rate.numerator}/${rate.denominator}`;
