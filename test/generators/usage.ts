import {
  type Dimensions,
  HOUR_MS,
  instant,
  type Period,
  type Price,
  type PriceBook,
  parseDecimal,
  type Tier,
  type Usage,
} from "@raingauge/domain";
import fc from "fast-check";

export const JANUARY: Period = { start: instant("2026-01-01T00:00Z"), end: instant("2026-02-01T00:00Z") };
export const JANUARY_MS = 31n * 24n * BigInt(HOUR_MS);

/** A machine's hour, unless told otherwise. */
export const usage = (told: Partial<Usage> = {}): Usage => ({
  region: "RegionOne",
  project: "acme",
  meter: "instance",
  resource: "vm-1",
  dimensions: { flavor: "m1.small", state: "active" },
  period: JANUARY,
  quantity: BigInt(HOUR_MS),
  evidence: { readings: 1, observedMs: HOUR_MS, inferredMs: 0, afterEnd: 0, counterDropped: 0 },
  ...told,
});

/** So many bytes that left a machine. */
export const traffic = (quantity: bigint, told: Partial<Usage> = {}): Usage =>
  usage({ meter: "network.outgoing.bytes", dimensions: {}, quantity, ...told });

/** What machines cost by the hour, unless told otherwise. */
export const price = (told: Partial<Price> = {}): Price => ({
  sku: "instance",
  description: "Instance",
  meter: "instance",
  where: {},
  per: { label: "instance hour", quantity: 1n, time: BigInt(HOUR_MS) },
  scope: "project",
  tiers: [{ amount: parseDecimal("0.02") }],
  ...told,
});

/** Tiers as an accountant says them: `["100", "0.10"]` for up to 100 at 0.10, `["0.05"]` for the rest. */
export const tiers = (...steps: readonly (readonly [string, string] | readonly [string])[]): Tier[] =>
  steps.map(([first, second]) =>
    second === undefined
      ? { amount: parseDecimal(first) }
      : { upTo: parseDecimal(first), amount: parseDecimal(second) },
  );

export const book = (prices: readonly Price[], told: Partial<PriceBook> = {}): PriceBook => ({
  name: "standard",
  version: "1",
  currency: "EUR",
  month: "calendar",
  prices,
  free: [],
  ...told,
});

const someDimensions: fc.Arbitrary<Dimensions> = fc.constantFrom(
  { flavor: "m1.small", state: "active" },
  { flavor: "m1.large", state: "active" },
  { flavor: "m1.large", state: "stopped" },
  { flavor: "m1.small", state: "soft-delete" },
);

/** What several machines of one project used, each of which was never measured twice with the same dimensions. */
export const someUsages: fc.Arbitrary<Usage[]> = fc.uniqueArray(
  fc
    .record({
      resource: fc.constantFrom("vm-1", "vm-2", "vm-3"),
      dimensions: someDimensions,
      quantity: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    })
    .map(usage),
  {
    selector: ({ resource, dimensions }) => `${resource} ${dimensions["flavor"]} ${dimensions["state"]}`,
    maxLength: 10,
  },
);
