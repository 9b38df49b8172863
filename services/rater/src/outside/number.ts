import { parseDecimal, type Rational, rational, times } from "@raingauge/domain";

/** Reads what JSON and programs write for a number, exponents included, exactly. Undefined for anything else. */
export function exactNumber(text: string): Rational | undefined {
  const [, digits = "", exponent = "0"] = /^(-?\d+(?:\.\d+)?)(?:[eE]([+-]?\d{1,3}))?$/.exec(text) ?? [];
  if (digits === "") return undefined;
  const power = 10n ** BigInt(Math.abs(Number(exponent)));
  return times(parseDecimal(digits), Number(exponent) < 0 ? rational(1n, power) : rational(power));
}

/**
 * JSON in which each number stays as it was written: a counter of nanoseconds outgrows what a float can hold in 104 days.
 * Throws SyntaxError.
 */
export const parseExactly = (text: string): unknown =>
  JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) =>
    typeof value === "number" ? new Written(context?.source ?? String(value)) : value,
  );

/** A number as it was written. */
export class Written {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
