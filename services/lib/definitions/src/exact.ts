import { minus, parseDecimal, plus, type Rational, rational, times } from "@raingauge/domain";

/** A number as it was written, exponents included; undefined for what is none, or has been rounded on its way to us. */
export function exact(value: unknown): Rational | undefined {
  if (isRational(value)) return value;
  if (typeof value === "boolean") return rational(value ? 1n : 0n);
  const text = typeof value === "number" ? written(value) : typeof value === "string" ? value.trim() : "";
  const [, digits = "", exponent = "0"] = /^(-?\d+(?:\.\d+)?)(?:[eE]([+-]?\d{1,3}))?$/.exec(text) ?? [];
  if (digits === "") return undefined;
  const power = 10n ** BigInt(Math.abs(Number(exponent)));
  return times(parseDecimal(digits), Number(exponent) < 0 ? rational(1n, power) : rational(power));
}

/** What two numbers come to, rounded nowhere; undefined for a division by nothing. */
export function computed(operator: "+" | "-" | "*" | "/", one: Rational, other: Rational): Rational | undefined {
  switch (operator) {
    case "+":
      return plus(one, other);
    case "-":
      return minus(one, other);
    case "*":
      return times(one, other);
    case "/":
      return other.numerator === 0n ? undefined : times(one, rational(other.denominator, other.numerator));
  }
}

/** JSON's numbers come as floats: a whole one that no float can hold has lost digits, and no price may hang on the rest. */
const written = (value: number): string =>
  Number.isInteger(value) && !Number.isSafeInteger(value) ? "" : String(value);

export const isRational = (value: unknown): value is Rational =>
  typeof value === "object" && value !== null && "numerator" in value && typeof value.numerator === "bigint";
