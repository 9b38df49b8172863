import {
  at,
  type Conditions,
  type Instant,
  instant,
  isDay,
  iso,
  type PriceModel,
  type Rational,
  ROUNDINGS,
  type TaxCategory,
} from "@raingauge/domain";
import { z } from "zod";
import { WireError } from "./error.ts";

/**
 * The fields of what is kept for years and read by people: whole numbers as decimal digits, fractions as `n/d`, instants
 * in ISO 8601. Each is a codec, so that one schema says both how a thing is written and how it is read.
 */
export const whole = z.codec(z.string().regex(/^(0|-?[1-9]\d*)$/, "not a whole number in decimal digits"), z.bigint(), {
  decode: (digits) => BigInt(digits),
  encode: (value) => String(value),
});

/** Kept as it was written: an altered `1/2` that became `2/4` must not read as the same document. */
export const fraction = z.codec(
  z.string().regex(/^(0|-?[1-9]\d*)\/[1-9]\d*$/, "not a fraction n/d"),
  z.custom<Rational>(isRational),
  {
    decode: (said): Rational => {
      const [numerator = "", denominator = ""] = said.split("/");
      return { numerator: BigInt(numerator), denominator: BigInt(denominator) };
    },
    encode: ({ numerator, denominator }) => `${numerator}/${denominator}`,
  },
);

export const moment = z.codec(
  z.string().refine(isCanonicalInstant, "not an instant in UTC"),
  z.custom<Instant>(Number.isSafeInteger),
  {
    decode: (said) => instant(said),
    encode: (value) => iso(at(value)),
  },
);

export const calendarDay = z.string().refine(isDay, "not a calendar day");

export const period = z.strictObject({ start: moment, end: moment });

export const count = z.int().min(0);

/** Kept as it was parsed: a copy would lose a dimension that bears the name of one of JavaScript's own. */
export const dimensions = z.custom<Readonly<Record<string, string>>>(isTextual, "not an object of texts");

/** What a price asks of its dimensions; kept as it was parsed, for the same reason. */
export const conditions = z.custom<Conditions>(isConditional, "not an object of texts or lists of texts");

export const priceModel = z.enum(["volume", "package", "flat"] satisfies PriceModel[]);

export const rounding = z.enum(ROUNDINGS);

export const taxCurrency = z.strictObject({ currency: z.string(), rate: fraction });

export const taxCategory = z.enum(["S", "Z", "E", "AE", "K", "G", "O", "L", "M"] satisfies TaxCategory[]);

export const taxReason = z.strictObject({ code: z.exactOptional(z.string()), text: z.string() });

/** Reads text by a schema; what is wrong with it is a WireError that names the place. */
export function read<T>(schema: z.ZodType<T>, text: string): T {
  const result = schema.safeParse(json(text));
  if (result.success) return result.data;
  const [first] = result.error.issues;
  throw new WireError("malformed", first?.message ?? "not as expected", first?.path.join("."));
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new WireError("not_json", "not JSON");
  }
}

function isRational(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("numerator" in value) || !("denominator" in value)) return false;
  return typeof value.numerator === "bigint" && typeof value.denominator === "bigint" && value.denominator > 0n;
}

function isCanonicalInstant(said: string): boolean {
  try {
    return iso(instant(said)) === said;
  } catch {
    return false;
  }
}

function isTextual(value: unknown): boolean {
  return isTable(value) && Object.values(value).every(isText);
}

function isConditional(value: unknown): boolean {
  const fit = (one: unknown): boolean => isText(one) || (Array.isArray(one) && one.length > 0 && one.every(isText));
  return isTable(value) && Object.values(value).every(fit);
}

const isTable = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isText = (value: unknown): boolean => typeof value === "string";
