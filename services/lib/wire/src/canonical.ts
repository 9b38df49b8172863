import { hash } from "node:crypto";

/**
 * A value as JSON in its one canonical form: keys sorted, nothing between them, so that equal values have equal bytes and
 * a digest of the text is a digest of the value. Numbers must be safe integers: whatever is larger or exact is written as
 * a string before it comes here, and a fraction has no canonical digits.
 */
export function canonical(value: unknown): string {
  if (typeof value === "number" && !Number.isSafeInteger(value))
    throw new RangeError(`a number without one canonical form: ${value}`);
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object") return `{${members(value).join(",")}}`;
  throw new TypeError(`a ${typeof value} has no canonical form`);
}

const members = (value: object): string[] =>
  Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);

/** In hexadecimal digits. */
export const sha256 = (text: string): string => hash("sha256", text, "hex");
