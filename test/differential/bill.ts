import { isDeepStrictEqual } from "node:util";
import {
  type Invoice,
  inIdentityOrder,
  invoice,
  lengthMs,
  METERS,
  measure,
  type Period,
  type Rating,
  rate,
  type Usage,
  watch,
} from "@raingauge/domain";
import { expect } from "vitest";
import { termsOf } from "../generators/terms.ts";
import { book, price, tiers } from "../generators/usage.ts";
import type { Cloud } from "./cloud.ts";

const HOUR_MS = 3_600_000n;
const GB = 1_000_000_000n;

/** Prices by hour, month and amount, with tiers and without; slow disks have none, so that some usage stays unpriced. */
const BOOK = book(
  [
    price({ sku: "instance.any", where: {}, tiers: tiers(["0.031"]) }),
    price({
      sku: "instance.large",
      where: { flavor: "m1.large" },
      scope: "resource",
      tiers: tiers(["100", "0.0871"], ["0.07"]),
    }),
    price({ sku: "instance.large.stopped", where: { flavor: "m1.large", state: "stopped" }, tiers: tiers(["0.003"]) }),
    price({
      sku: "memory",
      meter: "memory",
      per: { label: "GB hour", quantity: GB, time: HOUR_MS },
      tiers: tiers(["1000", "0"], ["0.0047"]),
    }),
    price({
      sku: "volume.ssd",
      meter: "volume.size",
      where: { volume_type: "ssd" },
      per: { label: "GB month", quantity: GB, time: "month" },
      tiers: tiers(["5", "0.13"], ["50", "0.11"], ["0.0917"]),
    }),
    price({
      sku: "traffic",
      meter: "network.outgoing.bytes",
      per: { label: "GB", quantity: GB },
      tiers: tiers(["100", "0"], ["0.0713"]),
    }),
    price({
      sku: "memory.used",
      meter: "memory.usage",
      per: { label: "GB hour", quantity: GB, time: HOUR_MS },
      tiers: tiers(["0.0003"]),
    }),
  ],
  { free: ["cpu"] },
);

/** What one project owes for a period, and everything that it is derived from. */
export interface Bill {
  readonly rating: Rating;
  readonly invoice: Invoice;
}

export function bill(usages: readonly Usage[], project: string, period: Period): Bill {
  const rating = rate(
    usages.filter((usage) => usage.project === project),
    BOOK,
    BigInt(lengthMs(period)),
  );
  return { rating, invoice: invoice(rating, termsOf(project, period, BOOK)) };
}

/** The usage as the domain gives it, from all readings at once and in memory. */
export const specified = ({ regions }: Cloud, period: Period): Usage[] =>
  inIdentityOrder(
    regions.flatMap(({ samples, coverage }) => {
      const byMeter = Map.groupBy(samples, ({ meter }) => meter);
      return METERS.flatMap((meter) => {
        const readings = byMeter.get(meter.name) ?? [];
        return measure(meter, readings, period, watch(coverage, readings[0]?.region ?? "", meter.resourceType));
      });
    }),
  );

/** Shows the first one that differs, which says more than thousands of them. */
export function expectSame<T>(actual: readonly T[], expected: readonly T[], of: string): void {
  const differs = expected.findIndex((each, index) => !isDeepStrictEqual(actual[index], each));
  if (differs >= 0) expect(actual[differs], of).toEqual(expected[differs]);
  expect(actual.length, of).toBe(expected.length);
}
