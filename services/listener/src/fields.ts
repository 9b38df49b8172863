import { at, type Instant } from "@raingauge/domain";
import { isObject, type Payload } from "@raingauge/openstack";

/** A notification of a type that we know says something that no such notification can say. */
export class MalformedNotification extends Error {
  override readonly name = "MalformedNotification";
}

export function needed(payload: Payload, field: string): string {
  const value = text(payload, field);
  if (value === undefined) throw new MalformedNotification(`${field} is missing`);
  return value;
}

/** Absent, null and empty are one: services do not agree on how to say nothing. */
export function text(payload: Payload, field: string): string | undefined {
  const value = payload[field];
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string") return value;
  throw new MalformedNotification(`${field} is not a text`);
}

/** A whole number, not negative, that JSON did not round on its way. */
export function count(payload: Payload, field: string): bigint {
  const value = payload[field];
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  throw new MalformedNotification(`${field} is not a whole number from 0 on`);
}

/** OpenStack counts memory and storage in these and calls them megabytes and gigabytes. */
export const MEBIBYTE = 1024n ** 2n;
export const GIBIBYTE = 1024n ** 3n;

export function object(payload: Payload, field: string): Payload {
  const value = payload[field];
  if (isObject(value)) return value;
  throw new MalformedNotification(`${field} is not an object`);
}

const TIME = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?(?:Z|\+00:?00)?$/;

/**
 * A time of the resource's life, cut to the whole second: legacy notifications carry microseconds, versioned ones and the
 * API do not, and all of them must name one instant. Services write UTC, whether they say so or not.
 */
export function second(payload: Payload, field: string): Instant | undefined {
  const value = text(payload, field);
  if (value === undefined) return undefined;
  const [, date, time] = TIME.exec(value) ?? [];
  const ms = date === undefined ? Number.NaN : Date.parse(`${date}T${time}Z`);
  if (Number.isNaN(ms)) throw new MalformedNotification(`${field} is not a time in UTC`);
  return at(ms);
}
