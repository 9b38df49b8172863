import {
  type ChargeTier,
  type Currency,
  decimal,
  formatMinor,
  HOUR_MS,
  type Invoice,
  type InvoiceLine,
  MINUTE_MS,
  parseDecimal,
  type Rational,
  SECOND_MS,
} from "@raingauge/domain";
import { type AppliedRules, applied } from "./applied.ts";
import { EN } from "./phrases/en.ts";

/** How many decimals of a quantity are shown. Shown only: amounts are computed from the whole fraction. */
const UNIT_PLACES = 6;
/** Prices are kept to a millionth of a millionth of the currency. */
const AMOUNT_PLACES = 12;

/**
 * How a line's amount comes about, as somebody would say it who works it out on paper:
 * `100 GB × 0 EUR + 250 GB × 0.05 EUR = 12.5 EUR, rounded half up to 12.50 EUR`.
 */
export function arithmetic(line: ArithmeticLine, { currency, rounding }: ArithmeticTerms): string {
  if (line.change !== undefined) return difference(line.change, line.amount, currency);
  const sums = line.tiers.map((tier) => `${units(tier.units)} ${line.unit} × ${price(tier.amount)} ${currency}`);
  const terms = [
    sums.join(" + "),
    ...(line.raised === undefined ? [] : [`${price(line.raised)} ${currency} up to the least charge`]),
    ...(line.capped === undefined ? [] : [`${price(line.capped)} ${currency} above the cap`]),
  ];
  const cost = `${approximate(line.cost, AMOUNT_PLACES)} ${currency}`;
  const sum = `${terms.join(" − ")} = ${cost}, rounded ${EN.roundings[rounding]} to ${formatMinor(line.amount, currency)} ${currency}`;
  return [sum, ...applied(line, units)].join("; ");
}

type ArithmeticLine = AppliedRules & Pick<InvoiceLine, "raised" | "capped" | "cost" | "amount" | "change">;
type ArithmeticTerms = Pick<Invoice, "currency" | "rounding">;

/** A correction is no price times quantity: `5.28 EUR due − 4.80 EUR billed = 0.48 EUR`. */
function difference({ billed, due }: NonNullable<InvoiceLine["change"]>, amount: bigint, currency: Currency): string {
  const money = (minor: bigint): string => `${formatMinor(minor, currency)} ${currency}`;
  return `${money(due)} due − ${money(billed)} billed = ${money(amount)}`;
}

/** A line's prices, tier by tier: `first 100 at 0`, `next 250 at 0.05`; a single price is just `0.05`. */
export function pricesInWords(tiers: readonly ChargeTier[]): string[] {
  const [only] = tiers;
  if (only !== undefined && tiers.length === 1) return [price(only.amount)];
  return tiers.map(
    (tier, index) => `${index === 0 ? "first" : "next"} ${grouped(units(tier.units))} at ${price(tier.amount)}`,
  );
}

/** A quantity in units of its price; `≈` where its decimals do not end in time. */
export const units = (value: Rational): string => approximate(value, UNIT_PLACES);

export const price = (amount: Rational): string => decimal(amount, AMOUNT_PLACES);

function approximate(value: Rational, places: number): string {
  const digits = decimal(value, places);
  return isExactly(digits, value) ? digits : `≈ ${digits}`;
}

function isExactly(digits: string, value: Rational): boolean {
  const shown = parseDecimal(digits);
  return shown.numerator * value.denominator === value.numerator * shown.denominator;
}

/** Thousands apart by a narrow space that no line breaks at, as the SI does; no comma or point to be misread abroad. */
export const grouped = (digits: string): string =>
  digits.replace(/\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, "\u202f"));

/** A length of time: `744 h`, `20 min`, `2 h 17 s`; shorter than a second, in milliseconds. */
export function duration(ms: number): string {
  const parts = [
    [Math.floor(ms / HOUR_MS), "h"],
    [Math.floor((ms % HOUR_MS) / MINUTE_MS), "min"],
    [Math.floor((ms % MINUTE_MS) / SECOND_MS), "s"],
    [ms % SECOND_MS, "ms"],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, unit]) => `${grouped(String(count))} ${unit}`);
  return told.length === 0 ? "0 s" : told.join(" ");
}

export const counted = (count: number, noun: string): string =>
  `${grouped(String(count))} ${noun}${count === 1 ? "" : "s"}`;
