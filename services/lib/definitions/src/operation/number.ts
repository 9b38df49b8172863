import { type Rational, rational } from "@raingauge/domain";
import { exact, isRational } from "../exact.ts";
import { OperationError, type Value } from "./syntax.ts";

/** Computes exactly: what a bill may hang on is rounded nowhere on its way. Throws OperationError for what is no number. */
export function numberOf(value: Value): Rational {
  const text =
    typeof value === "string"
      ? value
          .trim()
          .replace(/^\./, "0.")
          .replace(/\.(?=$|[eE])/, "")
      : value;
  const number = exact(text);
  if (number === undefined) throw new OperationError("not a number, or one that was rounded on its way");
  return number;
}

export const isNumber = (value: Value): boolean =>
  typeof value === "number" || typeof value === "boolean" || isRational(value);

/** A whole number, small enough to count with. */
export function wholeOf(value: Value): number {
  const { numerator, denominator } = isNumber(value) ? numberOf(value) : rational(1n, 2n);
  if (denominator !== 1n || numerator > LARGEST || numerator < -LARGEST) {
    throw new OperationError(`${shown(value)} is no whole number that counts anything`);
  }
  return Number(numerator);
}

const LARGEST = 1_000_000_000n;

export const whole = (count: number): Rational => rational(BigInt(count));

/** The next whole number below. */
export const floor = ({ numerator, denominator }: Rational): bigint =>
  numerator >= 0n || numerator % denominator === 0n ? numerator / denominator : numerator / denominator - 1n;

/** As Python rounds: a half goes to the even one. */
export function rounded(number: Rational, decimals: number): Rational {
  const scale = 10n ** BigInt(decimals);
  const scaled = rational(number.numerator * scale, number.denominator);
  const below = floor(scaled);
  const rest = (scaled.numerator - below * scaled.denominator) * 2n;
  const isUp = rest > scaled.denominator || (rest === scaled.denominator && below % 2n !== 0n);
  return rational(isUp ? below + 1n : below, scale);
}

/** As text: every digit where they end, else as many as a float has. */
export function digits({ numerator, denominator }: Rational): string {
  if (denominator === 1n) return String(numerator);
  const sign = numerator < 0n ? "-" : "";
  const size = numerator < 0n ? -numerator : numerator;
  const decimals = decimalsOf(denominator);
  if (decimals === undefined) return String(Number(numerator) / Number(denominator));
  const scaled = String((size * 10n ** BigInt(decimals)) / denominator).padStart(decimals + 1, "0");
  return `${sign}${scaled.slice(0, -decimals)}.${scaled.slice(-decimals)}`;
}

const DECIMALS_MAX = 30;

function decimalsOf(denominator: bigint): number | undefined {
  for (let decimals = 1; decimals <= DECIMALS_MAX; decimals += 1) {
    if (10n ** BigInt(decimals) % denominator === 0n) return decimals;
  }
  return undefined;
}

/** What a value is, for a sentence in a log: not what an answer says, which may be a secret. */
export function shown(value: Value): string {
  if (value === null || value === undefined) return "nothing";
  if (isNumber(value)) return digits(numberOf(value));
  if (typeof value === "string") return "a text";
  if (typeof value === "function") return "a function";
  return Array.isArray(value) ? "a list" : "a table";
}
