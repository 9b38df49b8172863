import { fixed, type Rational, rational } from "./rational.ts";
import { type Rounding, round } from "./rounding.ts";

/** An ISO 4217 code. */
export type Currency = string;

/** Currencies whose smallest unit is not a hundredth (ISO 4217, exponent column). */
const EXPONENTS: Readonly<Record<string, number>> = {
  BHD: 3,
  BIF: 0,
  CLF: 4,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  IQD: 3,
  ISK: 0,
  JOD: 3,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  PYG: 0,
  RWF: 0,
  TND: 3,
  UGX: 0,
  UYI: 0,
  UYW: 4,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
};

export const minorDigits = (currency: Currency): number => EXPONENTS[currency] ?? 2;

/** The one rounding: an exact amount in the currency to its minor units. */
export const toMinor = (
  { numerator, denominator }: Rational,
  currency: Currency,
  rounding: Rounding = "half-up",
): bigint => round({ numerator: numerator * 10n ** BigInt(minorDigits(currency)), denominator }, rounding);

/** Exact: what is printed, to be reckoned with. */
export const fromMinor = (minor: bigint, currency: Currency): Rational =>
  rational(minor, 10n ** BigInt(minorDigits(currency)));

/** Minor units as an accountant writes them: `12.30`. */
export const formatMinor = (minor: bigint, currency: Currency): string => fixed(minor, minorDigits(currency));
