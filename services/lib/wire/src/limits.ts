import { type Instant, instant } from "@raingauge/domain";
import { WireError } from "./error.ts";

/** No cloud of OpenStack's is older, and no bill of ours is later: a clock that says otherwise is wrong. */
const EARLIEST = instant("2000-01-01T00:00:00Z");
const LATEST = instant("2100-01-01T00:00:00Z");

const INT64_MAX = 2n ** 63n - 1n;

export function checkName(name: string, where: string | (() => string)): void {
  if (typeof name !== "string" || name === "")
    throw new WireError("name_missing", "a name is needed here", placed(where));
  // PostgreSQL could not keep it: one such project would stop the closing of everybody's month.
  if (name.includes("\0")) throw new WireError("malformed", "a name may not hold the character NUL", placed(where));
}

export function checkInstant(at: number, where: string | (() => string)): asserts at is Instant {
  if (Number.isInteger(at) && at >= EARLIEST && at < LATEST) return;
  throw new WireError(
    "instant_out_of_range",
    `not an instant in whole milliseconds from 2000 to 2100: ${at}`,
    placed(where),
  );
}

const placed = (where: string | (() => string)): string => (typeof where === "string" ? where : where());

export function checkValue(value: bigint, where: string): void {
  if (typeof value === "bigint" && value >= 0n && value <= INT64_MAX) return;
  throw new WireError("value_out_of_range", `not a whole number from 0 to 2^63-1: ${value}`, where);
}
