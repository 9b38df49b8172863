import { readFileSync } from "node:fs";
import {
  formatMinor,
  type Price,
  parseDecimal,
  type Rational,
  rate,
  rational,
  sum,
  toMinor,
  type Usage,
} from "@raingauge/domain";
import { book, JANUARY_MS, price, tiers } from "../generators/usage.ts";

/** Numbers with known answers, from an oracle of exact fractions that shares no code with ours. */
export const vectors = JSON.parse(readFileSync(new URL("./billing-vectors.json", import.meta.url), "utf8"));

export const euro = (amount: Rational): string => formatMinor(toMinor(amount, "EUR"), "EUR");
export const total = (usages: readonly Usage[], ...prices: Price[]): Rational =>
  sum(rate(usages, book(prices), JANUARY_MS).charges.map(({ cost }) => cost));

export const GB = 10n ** 9n;
/** A quantity of GB told in decimals, in bytes. */
export const bytes = (gb: string): bigint => (parseDecimal(gb).numerator * GB) / parseDecimal(gb).denominator;
export const graduated = price({
  meter: "network.outgoing.bytes",
  per: { label: "GB", quantity: GB },
  tiers: tiers(["100", "0.10"], ["1000", "0.08"], ["0.05"]),
});

/** The group whose name begins so; the rest of the name tells the price. */
export function found(start: string): unknown[] {
  return Object.entries(vectors).find(([name]) => name.startsWith(start)) ?? [];
}

export function fraction(text: string): Rational {
  const [numerator = "0", denominator = "1"] = text.split("/");
  return rational(BigInt(numerator), BigInt(denominator));
}
