import {
  decimal,
  formatMinor,
  HOUR_MS,
  invoice,
  minus,
  type Price,
  parseDecimal,
  rate,
  rational,
  sum,
  toMinor,
  type Usage,
} from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { termsOf } from "../generators/terms.ts";
import { book, JANUARY, JANUARY_MS, price, tiers, traffic, usage } from "../generators/usage.ts";
import { bytes, euro, found, fraction, GB, graduated, total, vectors } from "./billing.ts";

describe("graduated tiers", () => {
  const cases = Object.entries<{ graduated: { tiers: { qty: string; amount: string; exact: string }[] } }>(
    vectors.tiered,
  );
  it.each(cases.filter(([quantity]) => quantity !== "0"))("of %s GB", (quantity, { graduated: expected }) => {
    const [charge] = rate([traffic(bytes(quantity))], book([graduated]), JANUARY_MS).charges;

    expect(charge?.tiers.map(({ units, cost }) => [units, cost, euro(cost)])).toEqual(
      expected.tiers.map(({ qty, exact, amount }) => [parseDecimal(qty), fraction(exact), amount]),
    );
  });

  it("after a late correction differ by what the tiers say", () => {
    const { was, now } = vectors["late_graduated 990->1010"];

    expect([total([traffic(990n * GB)], graduated), total([traffic(1010n * GB)], graduated)].map(euro)).toEqual([
      was,
      now,
    ]);
  });

  it("with a free first one are shared by a project's volumes", () => {
    const perMonth = price({
      meter: "volume.size",
      per: { label: "GiB month", quantity: 1n, time: "month" },
      tiers: tiers(["100", "0"], ["0.05"]),
    });
    const volumes = [60n, 50n, 40n].map((size, index) =>
      usage({ meter: "volume.size", resource: `v-${index}`, quantity: size * JANUARY_MS }),
    );

    expect(euro(total(volumes, perMonth))).toBe(vectors.free_tier_shared.total_amount);
  });
});

describe("an allowance", () => {
  const perMonth = price({
    meter: "volume.size",
    scope: "resource",
    per: { label: "GiB month", quantity: 1n, time: "month" },
    allowance: rational(100n),
    tiers: tiers(["0.05"]),
  });
  const volumes = [60n, 50n, 40n].map((size, index) =>
    usage({ meter: "volume.size", resource: `v-${index}`, quantity: size * JANUARY_MS }),
  );

  it("is shared by a project's volumes in proportion to their use", () => {
    const { charges } = rate(volumes, book([perMonth]), JANUARY_MS);
    const { free, billable, per_volume, total_amount } = vectors.free_tier_shared;

    expect(charges.map(({ freeUnits = rational(0n) }) => decimal(freeUnits, 6))).toEqual(free.map(plain));
    expect(charges.map((charge) => decimal(charge.tiers[0]?.units ?? rational(0n), 6))).toEqual(billable.map(plain));
    expect(charges.map(({ cost }) => euro(cost))).toEqual(per_volume);
    expect(euro(sum(charges.map(({ cost }) => cost)))).toBe(total_amount);
  });

  const plain = (digits: string): string => decimal(parseDecimal(digits), 6);
});

describe("caps", () => {
  const capped = (amount: string, cap: string, model?: "package"): Price =>
    price({
      scope: "resource",
      cap: parseDecimal(cap),
      tiers: tiers([amount]),
      ...(model === undefined ? {} : { model }),
    });
  const [perSecond, started] = [capped("0.01488", "10.00"), capped("0.0104", "6.49", "package")];
  /** `336h`, `45s`, `743h (Berlin Mar)` */
  const lasting = (said: string): Usage =>
    usage({ quantity: BigInt(parseInt(said, 10)) * BigInt(said.includes("h") ? HOUR_MS : 1_000) });
  type Cases = Readonly<Record<string, { hours: string; uncapped: string; billed: string }>>;
  const [, bySecond = {}] = found("cap_do_style");
  const [, byHour = {}] = found("cap_hetzner_style");

  const least = { timeMs: 60_000n, amount: parseDecimal("0.01") };
  it.each(Object.entries(bySecond as Cases))("by the second, a minute and a cent at least: %s", (time, expected) => {
    const [charge] = rate([lasting(time)], book([{ ...perSecond, least }]), JANUARY_MS).charges;

    expect(charge).toMatchObject({ tiers: [{ cost: parseDecimal(expected.uncapped) }] });
    expect(euro(charge?.cost ?? rational(0n))).toBe(expected.billed);
  });

  it.each(Object.entries(byHour as Cases))("by the started hour: %s", (time, { hours, uncapped, billed }) => {
    const [charge] = rate([lasting(time)], book([started]), JANUARY_MS).charges;

    expect(charge).toMatchObject({ tiers: [{ units: parseDecimal(hours), cost: parseDecimal(uncapped) }] });
    expect(euro(charge?.cost ?? rational(0n))).toBe(billed);
  });

  it("let a late reading add no more than the cap leaves", () => {
    const [was, now] = ["660h", "700h"].map((time) => toMinor(total([lasting(time)], perSecond), "EUR"));
    const delta = (now ?? 0n) - (was ?? 0n);

    expect([was, now, delta].map((minor) => formatMinor(minor ?? 0n, "EUR"))).toEqual(
      Object.values(vectors.late_capped),
    );
  });
});

describe("discounts", () => {
  it("come after the cap", () => {
    const { usage: uncapped, cap, disc, cap_then_disc } = vectors.discount_order;
    const terms = book([
      price({
        scope: "resource",
        cap: parseDecimal(cap),
        discountPercent: parseDecimal(disc.replace("%", "")),
        tiers: tiers(["1"]),
      }),
    ]);
    const used = [usage({ quantity: parseDecimal(uncapped).numerator * BigInt(HOUR_MS) })];

    const bill = invoice(rate(used, terms, JANUARY_MS), termsOf("acme", JANUARY, terms));

    expect(formatMinor(bill.total, "EUR")).toBe(cap_then_disc);
  });
});

describe("volume prices", () => {
  const byVolume = price({ ...graduated, model: "volume" });

  it.each(Object.entries<{ volume: string }>(vectors.tiered))("of %s GB", (quantity, { volume }) => {
    expect(euro(total([traffic(bytes(quantity))], byVolume))).toBe(volume);
  });

  it("after a late sixteenth unit reprice all of them", () => {
    const dropping = price({ ...graduated, model: "volume", tiers: tiers(["15", "10"], ["5"]) });
    const [was, now] = [total([traffic(15n * GB)], dropping), total([traffic(16n * GB)], dropping)];

    expect(vectors.late_volume).toEqual({
      billed: `15 @ 10 = ${euro(was)}`,
      new: `16 @ 5 = ${euro(now)}`,
      delta: euro(minus(now, was)),
    });
  });
});

describe("packages", () => {
  const byHundred = price({
    ...graduated,
    per: { label: "100 GB", quantity: 100n * GB },
    model: "package",
    tiers: tiers(["5.00"]),
  });
  const cases = Object.entries<{ package_100_at_5: { packages: string; amount: string } }>(vectors.tiered);

  it.each(cases)("of 100 for %s GB", (quantity, { package_100_at_5: { packages, amount } }) => {
    const [charge] = rate([traffic(bytes(quantity))], book([byHundred]), JANUARY_MS).charges;
    const { units, cost } = charge?.tiers[0] ?? { units: rational(0n), cost: rational(0n) };

    expect([units, euro(cost)]).toEqual([parseDecimal(packages), amount]);
  });
});
