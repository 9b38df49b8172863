import { compare, type Rational } from "@raingauge/domain";
import { isRational } from "../exact.ts";
import { isNumber, numberOf, shown } from "./number.ts";
import { OperationError, type Value } from "./syntax.ts";

export type Table = Readonly<Record<string, Value>>;

/** Something that an operation made and calls itself; it never leaves the operation. */
export type Callable = (...given: readonly Value[]) => Value;

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

export const isTable = (value: Value): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !isRational(value);

export const isTrue = (value: Value): boolean => {
  if (value === undefined || value === null || value === false || value === "") return false;
  if (isNumber(value)) return numberOf(value).numerator !== 0n;
  if (isList(value)) return value.length > 0;
  return !isTable(value) || Object.keys(value).length > 0;
};

export function isSame(one: Value, other: Value): boolean {
  if (isNumber(one) && isNumber(other)) return compare(numberOf(one), numberOf(other)) === 0;
  if (isList(one) && isList(other))
    return one.length === other.length && one.every((each, at) => isSame(each, other[at]));
  if (isTable(one) && isTable(other)) {
    const keys = Object.keys(one);
    return (
      keys.length === Object.keys(other).length &&
      keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key]))
    );
  }
  return (one ?? null) === (other ?? null);
}

/** Which comes first. Numbers and texts have an order; nothing else has. */
export function ordered(one: Value, other: Value): number {
  if (isNumber(one) && isNumber(other)) return compare(numberOf(one), numberOf(other));
  if (typeof one === "string" && typeof other === "string") return one < other ? -1 : one > other ? 1 : 0;
  throw new OperationError(`${shown(one)} and ${shown(other)} have no order`);
}

/** A list, the keys of a table, or the letters of a text. */
export function itemsOf(value: Value): readonly Value[] {
  if (isList(value)) return value;
  if (typeof value === "string") return [...value];
  if (isTable(value)) return Object.keys(value);
  throw new OperationError(`${shown(value)} holds no items`);
}

export function textOf(value: Value): string {
  if (typeof value === "string") return value;
  throw new OperationError(`${shown(value)} is no text`);
}

/** Answers of others are read with it: what they could make grow stays small. */
const CHARACTERS_MAX = 1_000_000;
const DIGITS_MAX = 10n ** 400n;

export function bounded(text: string): string {
  if (text.length > CHARACTERS_MAX) throw new OperationError(`a text of more than ${CHARACTERS_MAX} characters`);
  return text;
}

export function reasonable(number: Rational): Rational {
  const { numerator, denominator } = number;
  if (numerator > DIGITS_MAX || numerator < -DIGITS_MAX || denominator > DIGITS_MAX) {
    throw new OperationError("a number of more than 400 digits");
  }
  return number;
}
