import type { Rational } from "@raingauge/domain";

/** A value of a named series, as OTLP and Prometheus' remote write carry it; a rule says what reading it is. */
export interface Point {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  /** UTC milliseconds. */
  readonly at: number;
  /** Undefined for what is not a number. */
  readonly value: Rational | undefined;
  /** What its number is; undefined where the sender does not say, as Prometheus does not. */
  readonly tells?: Tells | undefined;
  /** Since when it counts, in UTC milliseconds, where that is said. */
  readonly since?: number | undefined;
}

/** How much there is, what it has come to by now, or what came since the last time. */
export type Tells = "level" | "total" | "difference";

/** A float as the fraction that it is, to the last bit. Undefined for what is not a number. */
export function exactFloat(value: number): Rational | undefined {
  if (!Number.isFinite(value)) return undefined;
  let denominator = 1n;
  let numerator = value;
  // Doubling a float loses nothing, and no float has more than 1074 places.
  while (!Number.isInteger(numerator)) {
    numerator *= 2;
    denominator *= 2n;
  }
  return { numerator: BigInt(numerator), denominator };
}
