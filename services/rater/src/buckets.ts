import { at, HOUR_MS, type Instant, type Period } from "@raingauge/domain";
import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { isZone } from "./months.ts";
import { Problem } from "./problems.ts";

export const BucketQuery = {
  bucket: z
    .enum(["hour", "day", "month"])
    .optional()
    .describe("Cuts the period into hours, days or calendar months of the zone; the period's own edges stay."),
  zone: z
    .string()
    .refine(isZone, "not a time zone such as Europe/Berlin")
    .optional()
    .describe("Whose days and months are meant; the account's when absent."),
};

export type Bucket = "hour" | "day" | "month";

/** A month of hours, or a year of days; each bucket is a question of its own to the store. */
const BUCKETS_MAX = 750;

/** The period cut at each beginning of an hour, day or month: half-open and touching, so that they add up to it. */
export function buckets({ start, end }: Period, bucket: Bucket, zone: string): Period[] {
  const edges = [start];
  let edge = next(start, bucket, zone);
  while (edge < end) {
    edges.push(edge);
    if (edges.length > BUCKETS_MAX) throw tooMany();
    edge = next(edge, bucket, zone);
  }
  return edges.map((from, index) => ({ start: from, end: edges[index + 1] ?? end }));
}

function next(from: Instant, bucket: Bucket, zone: string): Instant {
  if (bucket === "hour") return at((Math.floor(from / HOUR_MS) + 1) * HOUR_MS);
  const date = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone).toPlainDate();
  const following = bucket === "day" ? date.add({ days: 1 }) : date.with({ day: 1 }).add({ months: 1 });
  return at(following.toZonedDateTime(zone).epochMilliseconds);
}

const tooMany = (): Problem =>
  new Problem("REQUEST_INVALID", "", [
    {
      where: "querystring.bucket",
      says: `more than ${BUCKETS_MAX} of them; ask for a shorter period or longer buckets`,
    },
  ]);
