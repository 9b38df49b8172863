import { book, JANUARY_MS, price, someUsages, tiers, traffic, usage } from "@raingauge/test/generators/usage.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rate } from "./charge.ts";
import { HOUR_MS } from "./instant.ts";
import { compare, decimal, parseDecimal, plus, rational, sum, times, ZERO } from "./rational.ts";
import type { Usage } from "./usage.ts";

const GB = 10n ** 9n;
const egress = price({
  sku: "egress",
  meter: "network.outgoing.bytes",
  per: { label: "GB", quantity: GB },
  tiers: tiers(["100", "0"], ["1000", "0.08"], ["0.05"]),
});
const perMachine = { ...egress, sku: "egress.each", scope: "resource" as const };

const costs = (usages: readonly Usage[], ...prices: Parameters<typeof book>[0]): string[] =>
  rate(usages, book(prices), JANUARY_MS).charges.map(({ cost }) => decimal(cost, 12));

describe("a charge", () => {
  it("is the quantity in units of the price times its amount, exactly", () => {
    const [charge] = rate([usage({ quantity: 137_000n })], book([price()]), JANUARY_MS).charges;

    expect(charge?.units).toEqual(rational(137n, 3600n));
    expect(charge?.cost).toEqual(rational(137n * 2n, 3600n * 100n));
  });

  it("of a price per month takes the calendar month's length, or 730 hours where the book says so", () => {
    const perMonth = price({
      meter: "volume.size",
      per: { label: "GiB month", quantity: 2n ** 30n, time: "month" },
      tiers: tiers(["0.10"]),
    });
    const used = usage({ meter: "volume.size", quantity: 2n ** 30n * JANUARY_MS });
    const [calendar] = rate([used], book([perMonth]), JANUARY_MS).charges;
    const [standard] = rate([used], book([perMonth], { month: "730h" }), JANUARY_MS).charges;

    expect(calendar?.units).toEqual(rational(1n));
    expect(standard?.units).toEqual(rational(744n, 730n));
  });

  it("counts a project's resources together, or each by itself, as the price says", () => {
    const used = [traffic(80n * GB, { resource: "vm-1" }), traffic(80n * GB, { resource: "vm-2" })];

    expect(costs(used, egress)).toEqual(["4.8"]);
    expect(costs(used, perMachine)).toEqual(["0", "0"]);
  });

  it("never mixes projects in one tier", () => {
    const used = [traffic(80n * GB), traffic(80n * GB, { project: "globex" })];

    expect(costs(used, egress)).toEqual(["0", "0"]);
  });

  it("names the book and its version, and keeps the usages behind it", () => {
    const used = usage();
    const [charge] = rate([used], book([price()], { version: "2026-01" }), JANUARY_MS).charges;

    expect(charge).toMatchObject({ book: { name: "standard", version: "2026-01" }, usages: [used] });
  });
});

describe("an allowance", () => {
  const allowed = price({ ...egress, tiers: tiers(["0.08"]), allowance: rational(100n) });
  const machines = (sizes: readonly bigint[]): Usage[] =>
    sizes.map((size, index) => traffic(size, { resource: `vm-${index}` }));
  const someSizes = fc.array(fc.bigInt({ min: 1n, max: 500n * GB }), { minLength: 1, maxLength: 5 });

  it("is each project's own", () => {
    const used = [traffic(150n * GB), traffic(150n * GB, { project: "globex" })];

    expect(costs(used, allowed)).toEqual(["4", "4"]);
  });

  it("is given once, whether its resources are counted together or each by itself", () => {
    fc.assert(
      fc.property(someSizes, (sizes) => {
        const [together, each] = [allowed, price({ ...allowed, scope: "resource" })].map((one) =>
          sum(rate(machines(sizes), book([one]), JANUARY_MS).charges.map(({ cost }) => cost)),
        );

        expect(each).toEqual(together);
      }),
    );
  });

  it("leaves every unit either free or charged, and none both", () => {
    fc.assert(
      fc.property(someSizes, (sizes) => {
        const each = price({ ...allowed, scope: "resource" });

        for (const { units, freeUnits = ZERO, tiers: poured } of rate(machines(sizes), book([each]), JANUARY_MS)
          .charges)
          expect(sum([freeUnits, ...poured.map((tier) => tier.units)])).toEqual(units);
      }),
    );
  });

  it("that is not used up leaves a line of nothing, so that the use is seen", () => {
    const [charge] = rate([traffic(99n * GB)], book([{ ...egress, allowance: rational(100n) }]), JANUARY_MS).charges;

    expect(charge).toMatchObject({ freeUnits: rational(99n), tiers: [{ units: ZERO }], cost: ZERO });
  });
});

describe("a cap", () => {
  const capped = (cap: string) => price({ scope: "resource", cap: parseDecimal(cap), tiers: tiers(["0.01488"]) });
  const hours = (count: bigint, told: Partial<Usage> = {}): Usage =>
    usage({ quantity: count * BigInt(HOUR_MS), ...told });
  const someHours = fc.bigInt({ min: 1n, max: 10_000n });
  const someCap = fc.bigInt({ min: 1n, max: 100_000n }).map((cents) => decimal(rational(cents, 100n), 2));

  it("leaves the hours above it to be seen, and takes their cost off", () => {
    const [charge] = rate([hours(700n)], book([capped("10")]), JANUARY_MS).charges;

    expect(charge).toMatchObject({ units: rational(700n), capped: parseDecimal("0.416"), cost: rational(10n) });
  });

  it("is each resource's own", () => {
    expect(costs([hours(700n), hours(700n, { resource: "vm-2" })], capped("10"))).toEqual(["10", "10"]);
  });

  it("is never passed, and whatever is below it is as if there were none", () => {
    fc.assert(
      fc.property(someHours, someCap, (count, cap) => {
        const [free = ZERO] = rate([hours(count)], book([capped("1000000")]), JANUARY_MS).charges.map(
          ({ cost }) => cost,
        );
        const [held = ZERO] = rate([hours(count)], book([capped(cap)]), JANUARY_MS).charges.map(({ cost }) => cost);

        expect(held).toEqual(compare(free, parseDecimal(cap)) <= 0 ? free : parseDecimal(cap));
      }),
    );
  });

  it("that is higher never makes anybody pay less, nor does another hour", () => {
    fc.assert(
      fc.property(someHours, someHours, someCap, someCap, (count, more, cap, higher) => {
        const costOf = (quantity: bigint, ...caps: readonly string[]) =>
          rate([hours(quantity)], book([{ ...capped("1"), cap: sum(caps.map(parseDecimal)) }]), JANUARY_MS).charges[0]
            ?.cost ?? ZERO;

        expect(compare(costOf(count, cap, higher), costOf(count, cap))).toBeGreaterThanOrEqual(0);
        expect(compare(costOf(count + more, cap), costOf(count, cap))).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("a flat fee", () => {
  const fee = price({
    meter: "volume.size",
    model: "flat",
    per: { label: "month", quantity: 1n, time: "month" },
    tiers: tiers(["31"]),
  });
  const volume = (size: bigint, days: number, told: Partial<Usage> = {}): Usage => {
    const aliveMs = days * 24 * HOUR_MS;
    return usage({
      meter: "volume.size",
      quantity: size * BigInt(aliveMs),
      evidence: { ...usage().evidence, observedMs: HOUR_MS, inferredMs: aliveMs - HOUR_MS },
      ...told,
    });
  };

  it("is for the time that each resource was there, seen or inferred, whatever its size", () => {
    expect(costs([volume(1n, 31)], fee)).toEqual(["31"]);
    expect(costs([volume(10n ** 12n, 3)], fee)).toEqual(["3"]);
    expect(costs([volume(7n, 3), volume(1n, 1, { resource: "vm-2" })], fee)).toEqual(["4"]);
  });

  it("is not charged twice for a resource that grew", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), (days) => {
        const grown = [
          volume(1n, days, { dimensions: { state: "available" } }),
          volume(9n, 31 - days, { dimensions: { state: "in-use" } }),
        ];

        expect(costs(grown, fee)).toEqual(["31"]);
      }),
    );
  });
});

describe("tiers", () => {
  const aQuantity = fc.bigInt({ min: 1n, max: 5_000n * GB });

  it.each([
    [100n, [["100", "0"]]],
    [
      101n,
      [
        ["100", "0"],
        ["1", "0.08"],
      ],
    ],
    [
      1000n,
      [
        ["100", "0"],
        ["900", "72"],
      ],
    ],
    [
      1001n,
      [
        ["100", "0"],
        ["900", "72"],
        ["1", "0.05"],
      ],
    ],
  ])("are full at their ceiling, not before and not after: %d GB", (quantity, expected) => {
    const [charge] = rate([traffic(quantity * GB)], book([egress]), JANUARY_MS).charges;

    expect(charge?.tiers.map(({ units, cost }) => [decimal(units, 6), decimal(cost, 6)])).toEqual(expected);
  });

  it("charge every unit exactly once", () => {
    fc.assert(
      fc.property(aQuantity, (quantity) => {
        const [charge] = rate([traffic(quantity)], book([egress]), JANUARY_MS).charges;

        expect(sum(charge?.tiers.map(({ units }) => units) ?? [])).toEqual(rational(quantity, GB));
        expect(charge?.units).toEqual(rational(quantity, GB));
        expect(charge?.cost).toEqual(sum(charge?.tiers.map(({ units, amount }) => times(units, amount)) ?? []));
      }),
    );
  });

  it("cost the same however the usage is divided among resources", () => {
    fc.assert(
      fc.property(fc.array(aQuantity, { minLength: 1, maxLength: 5 }), (parts) => {
        const divided = parts.map((quantity, index) => traffic(quantity, { resource: `vm-${index}` }));
        const whole = traffic(parts.reduce((total, part) => total + part, 0n));

        expect(costs(divided, egress)).toEqual(costs([whole], egress));
      }),
    );
  });

  it("never cost less for more", () => {
    fc.assert(
      fc.property(aQuantity, aQuantity, (quantity, more) => {
        const [less, rest] = [quantity, quantity + more].map(
          (each) => rate([traffic(each)], book([egress]), JANUARY_MS).charges[0]?.cost ?? ZERO,
        );

        expect(plus(rest as typeof ZERO, times(less as typeof ZERO, rational(-1n))).numerator).toBeGreaterThanOrEqual(
          0n,
        );
      }),
    );
  });
});

describe("a rating", () => {
  const large = price({ sku: "large", where: { flavor: "m1.large" }, tiers: tiers(["0.08"]) });

  it("depends on no order of usages", () => {
    const withOrder = someUsages.chain((usages) =>
      fc.tuple(fc.constant(usages), fc.shuffledSubarray(usages, { minLength: usages.length })),
    );

    fc.assert(
      fc.property(withOrder, ([usages, shuffled]) => {
        expect(rate(shuffled, book([price(), large]), JANUARY_MS)).toEqual(
          rate(usages, book([price(), large]), JANUARY_MS),
        );
      }),
    );
  });

  it("puts each usage in exactly one place: charged, unpriced or free", () => {
    fc.assert(
      fc.property(someUsages, (usages) => {
        const { charges, unpriced, free } = rate(usages, book([large]), JANUARY_MS);
        const placed = [...charges.flatMap((charge) => charge.usages), ...unpriced, ...free];

        expect(new Set(placed)).toEqual(new Set(usages));
        expect(placed).toHaveLength(usages.length);
        expect(
          charges.every(
            ({ usages: mine, quantity }) => mine.reduce((total, each) => total + each.quantity, 0n) === quantity,
          ),
        ).toBe(true);
      }),
    );
  });

  it("shows usage that no price matches: it is never silently zero", () => {
    const used = usage();

    expect(rate([used], book([large]), JANUARY_MS)).toEqual({ charges: [], unpriced: [used], free: [] });
  });

  it.each([
    ["of a meter that the book calls free", usage({ meter: "cpu", dimensions: {} })],
    ["of what is only there to be looked at", usage({ meter: "hardware.ipmi.fan", dimensions: {} })],
    ["of a soft-deleted machine", usage({ dimensions: { flavor: "m1.small", state: "soft-delete" } })],
    ["that weighs nothing", usage({ quantity: 0n })],
  ])("charges nothing for usage %s", (_, used) => {
    expect(rate([used], book([price()], { free: ["cpu"] }), JANUARY_MS)).toEqual({
      charges: [],
      unpriced: [],
      free: [used],
    });
  });

  it("charges for a soft-deleted machine where a price names that state", () => {
    const kept = price({ sku: "kept", where: { state: "soft-delete" }, tiers: tiers(["0.01"]) });
    const used = usage({ dimensions: { flavor: "m1.small", state: "soft-delete" }, quantity: 2n * BigInt(HOUR_MS) });

    expect(costs([used], price(), kept)).toEqual(["0.02"]);
  });
});

it("a thousand small charges lose nothing that a float would lose", () => {
  const used = Array.from({ length: 744 }, (_, hour) => usage({ resource: `vm-${hour}` }));

  expect(costs(used, price({ tiers: tiers(["0.0119"]) }))).toEqual(["8.8536"]);
  expect(rate(used, book([price({ tiers: tiers(["0.0119"]) })]), JANUARY_MS).charges[0]?.cost).toEqual(
    parseDecimal("8.8536"),
  );
});
