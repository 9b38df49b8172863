import { at, type Instant } from "@raingauge/domain";
import { isObject, type Payload } from "@raingauge/openstack";

/** An API describes a resource in a way that no such API does. Whatever else its list says, it is not complete. */
export class MalformedAnswer extends Error {
  override readonly name = "MalformedAnswer";
}

export function needed(said: Payload, field: string): string {
  const value = text(said, field);
  if (value === undefined) throw new MalformedAnswer(`${field} is missing`);
  return value;
}

/** Absent, null and empty are one: services do not agree on how to say nothing. */
export function text(said: Payload, field: string): string | undefined {
  const value = said[field];
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string") return value;
  throw new MalformedAnswer(`${field} is not a text`);
}

/** A whole number, not negative, that JSON did not round on its way. */
export function count(said: Payload, field: string): bigint {
  const value = said[field];
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  throw new MalformedAnswer(`${field} is not a whole number from 0 on`);
}

export function object(said: Payload, field: string): Payload {
  const value = said[field];
  if (isObject(value)) return value;
  throw new MalformedAnswer(`${field} is not an object`);
}

/** OpenStack counts memory and storage in these and calls them megabytes and gigabytes. */
export const MEBIBYTE = 1024n ** 2n;
export const GIBIBYTE = 1024n ** 3n;

const TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?(?:Z|\+00:?00)?$/;

/** A time of the resource's life, cut to the whole second as in notifications, so that both name one instant. */
export function second(said: Payload, field: string): Instant | undefined {
  const value = text(said, field);
  if (value === undefined) return undefined;
  const [, date, time] = TIME.exec(value) ?? [];
  const ms = date === undefined ? Number.NaN : Date.parse(`${date}T${time}Z`);
  if (Number.isNaN(ms)) throw new MalformedAnswer(`${field} is not a time in UTC`);
  return at(ms);
}
