import { type Instant, parseDecimal, type Rational } from "@raingauge/domain";
import { ExactNumber } from "./exact-json.ts";
import { Fault } from "./fault.ts";
import { isDate, readMoment } from "./moments.ts";

/** What a caller sent, by name: a path segment, a query parameter or a key of the body, which to CloudKitty's v1 are one. */
export class Arguments {
  readonly #values: ReadonlyMap<string, unknown>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = new Map(Object.entries(values));
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  raw(name: string): unknown {
    return this.#values.get(name);
  }

  /** A null says nothing. */
  text(name: string): string | undefined {
    const value = this.#values.get(name) ?? undefined;
    if (value === undefined || typeof value === "string") return value;
    if (value instanceof ExactNumber) return value.text;
    if (typeof value === "boolean") return value ? "True" : "False";
    throw invalid(name, value, `Wrong type. Expected '<class 'str'>', got '${Array.isArray(value) ? "list" : "dict"}'`);
  }

  needed(name: string): string {
    const text = this.text(name);
    if (text === undefined) throw new Fault(400, `Missing argument: "${name}"`);
    return text;
  }

  /** Of an object in the body, whose keys CloudKitty calls attributes. */
  mandatory(name: string): string {
    const text = this.text(name);
    if (text === undefined) throw invalid(name, undefined, "Mandatory field missing.");
    return text;
  }

  flag(name: string): boolean | undefined {
    const text = this.text(name)?.toLowerCase();
    if (text === undefined) return undefined;
    if (["true", "1", "yes", "on", "t", "y"].includes(text)) return true;
    if (["false", "0", "no", "off", "f", "n"].includes(text)) return false;
    throw invalid(name, text, "Value should be one of: 0, 1, false, true.");
  }

  decimal(name: string): Rational | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : readDecimal(name, text);
  }

  moment(name: string): Instant | undefined {
    const text = this.text(name);
    if (text === undefined || text === "") return undefined;
    const moment = readMoment(text);
    if (moment === undefined)
      throw invalid(name, text, `unable to convert to datetime. Error: Unknown string format: ${text}`);
    return moment;
  }

  isDate(name: string): boolean {
    return isDate(this.text(name) ?? "");
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const text = this.text(name);
    const found = allowed.find((each) => each === text);
    if (text === undefined || found !== undefined) return found;
    throw invalid(name, text, `Value should be one of: ${allowed.join(", ")}`);
  }
}

export const invalid = (name: string, value: unknown, says: string): Fault =>
  new Fault(400, `Invalid input for field/attribute ${name}. Value: '${pythonValue(value)}'. ${says}`);

/** Digits with or without an exponent, as JSON and Python have them. */
export function readDecimal(name: string, text: string): Rational {
  const [, digits, exponent = "0"] = /^([+-]?\d{1,40}(?:\.\d{0,60})?)(?:[eE]([+-]?\d{1,3}))?$/.exec(text.trim()) ?? [];
  if (digits === undefined || Math.abs(Number(exponent)) > 60)
    throw invalid(name, text, "Value should be a decimal number.");
  const { numerator, denominator } = parseDecimal(digits.replace(/^\+/, "").replace(/\.$/, ""));
  const shift = 10n ** BigInt(Math.abs(Number(exponent)));
  return Number(exponent) < 0
    ? { numerator, denominator: denominator * shift }
    : { numerator: numerator * shift, denominator };
}

const pythonValue = (value: unknown): string => (typeof value === "string" ? value : pythonText(value));

/** A value as Python prints it, for the sentences that clients compare. */
export function pythonText(value: unknown): string {
  if (value === undefined || value === null) return "None";
  if (value instanceof ExactNumber) return value.text;
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return `'${value}'`;
  if (Array.isArray(value)) return `[${value.map(pythonText).join(", ")}]`;
  if (typeof value === "object")
    return `{${Object.entries(value)
      .map(([key, each]) => `'${key}': ${pythonText(each)}`)
      .join(", ")}}`;
  return String(value);
}
