import { isObject, type Payload } from "./notification.ts";

/**
 * What stands in the fields of a notification or of an API's answer. Both are read by the same rules, for both must name one
 * instant and one amount; what cannot be read is thrown as the reader's own error.
 */
export function fieldsThat(Malformed: new (says: string) => Error) {
  /** Absent, null and empty are one: services do not agree on how to say nothing. */
  const text = (said: Payload, field: string): string | undefined => {
    const value = said[field];
    if (value === undefined || value === null || value === "") return undefined;
    if (typeof value === "string") return value;
    throw new Malformed(`${field} is not a text`);
  };
  return {
    text,
    needed: (said: Payload, field: string): string => {
      const value = text(said, field);
      if (value === undefined) throw new Malformed(`${field} is missing`);
      return value;
    },
    /** A whole number, not negative, that JSON did not round on its way. */
    count: (said: Payload, field: string): bigint => {
      const value = said[field];
      if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
      throw new Malformed(`${field} is not a whole number from 0 on`);
    },
    object: (said: Payload, field: string): Payload => {
      const value = said[field];
      if (isObject(value)) return value;
      throw new Malformed(`${field} is not an object`);
    },
    /**
     * A time of the resource's life in milliseconds, cut to the whole second: legacy notifications carry microseconds, versioned
     * ones and the API do not, and all of them must name one instant. Services write UTC, whether they say so or not.
     */
    second: (said: Payload, field: string): number | undefined => {
      const value = text(said, field);
      if (value === undefined) return undefined;
      const [, date, time] = TIME.exec(value) ?? [];
      const ms = date === undefined ? Number.NaN : Date.parse(`${date}T${time}Z`);
      if (Number.isNaN(ms)) throw new Malformed(`${field} is not a time in UTC`);
      return ms;
    },
  };
}

/** OpenStack counts memory and storage in these and calls them megabytes and gigabytes. */
export const MEBIBYTE = 1024n ** 2n;
export const GIBIBYTE = 1024n ** 3n;

const TIME = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?(?:Z|\+00:?00)?$/;
