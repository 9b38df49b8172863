import { readFileSync } from "node:fs";
import {
  adjust,
  allocate,
  at,
  decimal,
  formatMinor,
  HOUR_MS,
  instant,
  invoice,
  iso,
  lengthMs,
  minorDigits,
  minus,
  monthsAfter,
  type Price,
  parseDecimal,
  ROUNDINGS,
  type Rational,
  rate,
  rational,
  sum,
  taxOn,
  toMinor,
  type Usage,
} from "@raingauge/domain";
import { calendarOf } from "@raingauge/rater";
import { describe, expect, it } from "vitest";
import { termsOf } from "../generators/terms.ts";
import { book, JANUARY, JANUARY_MS, price, tiers, traffic, usage } from "../generators/usage.ts";

/** Numbers with known answers, from an oracle of exact fractions that shares no code with ours. */
const vectors = JSON.parse(readFileSync(new URL("./billing-vectors.json", import.meta.url), "utf8"));

const euro = (amount: Rational): string => formatMinor(toMinor(amount, "EUR"), "EUR");
const total = (usages: readonly Usage[], ...prices: Price[]): Rational =>
  sum(rate(usages, book(prices), JANUARY_MS).charges.map(({ cost }) => cost));

const GB = 10n ** 9n;
/** A quantity of GB told in decimals, in bytes. */
const bytes = (gb: string): bigint => (parseDecimal(gb).numerator * GB) / parseDecimal(gb).denominator;
const graduated = price({
  meter: "network.outgoing.bytes",
  per: { label: "GB", quantity: GB },
  tiers: tiers(["100", "0.10"], ["1000", "0.08"], ["0.05"]),
});

describe("rounding", () => {
  it.each(Object.entries<Record<string, string>>(vectors.rounding))("%s, in every way", (amount, expected) => {
    const rounded = ROUNDINGS.map((rounding) => [
      rounding.replace("-", "_"),
      formatMinor(toMinor(parseDecimal(amount), "EUR", rounding), "EUR"),
    ]);

    expect(Object.fromEntries(rounded)).toEqual(expected);
  });

  it("is done once on each line, not on the sum", () => {
    const { lines, each, per_line_sum } = vectors.line_vs_total;
    const names = Array.from({ length: lines }, (_, index) => `f${index}`);
    const terms = book(names.map((flavor) => price({ sku: flavor, where: { flavor }, tiers: tiers([each]) })));
    const charged = rate(
      names.map((flavor) => usage({ dimensions: { flavor } })),
      terms,
      JANUARY_MS,
    );

    const { total } = invoice(charged, termsOf("acme", JANUARY, terms));

    expect(formatMinor(total, "EUR")).toBe(per_line_sum);
  });

  it("meets no trap of floats", () => {
    const hourly = Array.from({ length: 744 }, (_, hour) => usage({ resource: `vm-${hour}` }));

    expect(total(hourly, price({ tiers: tiers(["0.0119"]) }))).toEqual(parseDecimal(vectors.float_traps.exact744));
    expect(euro(parseDecimal("1.005"))).toBe(vectors.float_traps.exact);
    expect(euro(parseDecimal("8.475"))).toBe(vectors.float_traps["8.475 exact"]);
  });
});

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
    price({ scope: "resource", cap: parseDecimal(cap), tiers: tiers([amount]), ...(model === undefined ? {} : { model }) });
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

it("a minimum is prorated from the day on which it begins, and made up", () => {
  const { prorated, usage: used, true_up } = vectors["min_commit_100_from_2026-01-15_UTC"];
  const minimum = { amount: parseDecimal("100.00"), since: instant("2026-01-15T00:00:00Z") };
  const terms = book([price({ tiers: tiers([used]) })], { minimum });

  const bill = invoice(rate([usage()], terms, JANUARY_MS), termsOf("acme", JANUARY, terms));

  expect(bill.lines.map(({ amount }) => formatMinor(amount, "EUR"))).toEqual([used, true_up]);
  expect(formatMinor(bill.total, "EUR")).toBe(prorated);
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

describe("time", () => {
  it.each(Object.entries<{ start: string; end: string; seconds: number }>(vectors.billing_months))(
    "%s is a month of its own length",
    (_, { start, end, seconds }) => {
      const period = { start: instant(start), end: instant(end) };
      const monthMs = BigInt(lengthMs(period));
      const monthly = price({ per: { label: "instance month", quantity: 1n, time: "month" }, tiers: tiers(["31.00"]) });
      const [charge] = rate([usage({ quantity: monthMs })], book([monthly]), monthMs).charges;

      expect(lengthMs(period)).toBe(seconds * 1_000);
      expect(charge?.cost).toEqual(rational(31n));
    },
  );

  it("prorates by the second", () => {
    const { seconds_used, seconds_month, by_second } = vectors["proration_flat_31.00_Berlin_2026-03-29..04-01"];
    const monthly = price({ per: { label: "instance month", quantity: 1n, time: "month" }, tiers: tiers(["31.00"]) });
    const [charge] = rate(
      [usage({ quantity: BigInt(seconds_used) * 1_000n })],
      book([monthly]),
      BigInt(seconds_month) * 1_000n,
    ).charges;

    expect(euro(charge?.cost ?? rational(0n))).toBe(by_second);
  });

  it("prorates a flat fee by the second, whatever the size", () => {
    const { seconds_used, seconds_month, by_second } = vectors["proration_flat_31.00_Berlin_2026-03-29..04-01"];
    const fee = price({
      meter: "volume.size",
      model: "flat",
      per: { label: "month", quantity: 1n, time: "month" },
      tiers: tiers(["31.00"]),
    });
    const evidence = { ...usage().evidence, observedMs: 600_000, inferredMs: seconds_used * 1_000 - 600_000 };
    const volume = usage({ meter: "volume.size", quantity: 7n * GB * BigInt(seconds_used) * 1_000n, evidence });
    const [charge] = rate([volume], book([fee]), BigInt(seconds_month) * 1_000n).charges;

    expect(euro(charge?.cost ?? rational(0n))).toBe(by_second);
  });

  it("knows no leap second", () => {
    const [last, next] = [instant("2016-12-31T23:59:60Z"), instant("2017-01-01T00:00:00Z")];

    expect(next - instant("2016-12-31T23:00:00Z")).toBe(
      vectors.leap_second["2016-12-31T23:00Z..2017-01-01T00:00Z seconds"] * 1_000,
    );
    expect(last).toBe(instant(vectors.leap_second["Temporal parse 23:59:60"]));
  });

  it("splits a resized machine's processors to the second", () => {
    const hourly = price({
      meter: "vcpus",
      per: { label: "vCPU hour", quantity: 1n, time: BigInt(HOUR_MS) },
      tiers: tiers(["0.045"]),
    });
    const [small, large] = [2n * 1_230_000n, 4n * 2_685_000n];

    expect(small + large).toBe(BigInt(vectors.resize.vcpu_seconds) * 1_000n);
    expect(total([usage({ meter: "vcpus", quantity: small + large })], hourly)).toEqual(
      parseDecimal(vectors.resize.amount_at_045),
    );
  });
});

describe("taxes", () => {
  const flavors = ["a", "b", "c"];
  const each = book(flavors.map((flavor) => price({ sku: flavor, where: { flavor }, tiers: tiers(["0.33"]) })));
  const taxed = (used: readonly string[]) =>
    invoice(rate(used.map((flavor) => usage({ dimensions: { flavor } })), each, JANUARY_MS), {
      ...termsOf("acme", JANUARY, each),
      tax: { category: "S", rate: rational(19n) },
    });

  it("are rounded once for each group, not line by line", () => {
    const [group] = taxed(flavors).taxes;

    expect(formatMinor(group?.tax ?? 0n, "EUR")).toBe(vectors.vat_line_vs_group.group);
  });

  it("are credited step by step until nothing is left", () => {
    const documents = [{ number: "1", hash: "1", invoice: taxed(flavors) }];
    for (const left of [["b", "c"], ["c"], []]) {
      const note = adjust(documents, taxed(left), "credited");
      if (note !== undefined) documents.push({ number: "", hash: "", invoice: note });
    }

    const [, ...credited] = documents.map((document) => formatMinor(-(document.invoice.taxes[0]?.tax ?? 0n), "EUR"));
    expect(credited).toEqual(vectors.credit_vat_cumulative);
  });

  it("of yen have no decimals", () => {
    expect(String(taxOn(558n, rational(10n), "JPY", "half-up"))).toBe(vectors.jpy_kwd["VAT 10% of 558 JPY half_up"]);
    expect(String(taxOn(558n, rational(10n), "JPY", "down"))).toBe(vectors.jpy_kwd.floor);
  });
});

describe("currencies", () => {
  it.each(Object.entries<number>(vectors.iso4217))("%s has %d decimal places", (currency, places) => {
    expect(minorDigits(currency)).toBe(places);
  });

  it.each([
    ["JPY", "0.75", "744*0.75 JPY"],
    ["KWD", "0.0015", "744*0.0015 KWD"],
  ])("744 hours in %s at %s", (currency, amount, key) => {
    const cost = total([usage({ quantity: 744n * BigInt(HOUR_MS) })], price({ tiers: tiers([amount]) }));

    expect(formatMinor(toMinor(cost, currency), currency)).toBe(vectors.jpy_kwd[key]);
  });
});

describe("splitting an amount by largest remainder", () => {
  /** `100 JPY/1,1,1`, `-100.00/1,1,1 (allocate |x|, then sign)` */
  it.each(Object.entries<string[]>(vectors.allocate))("%s", (said, expected) => {
    const [, digits = "", currency = "EUR", weights = ""] = /^(-?[\d.]+)(?: ([A-Z]{3}))?\/([\d.,]+)/.exec(said) ?? [];

    const parts = allocate(toMinor(parseDecimal(digits), currency), weights.split(",").map(parseDecimal));

    expect(parts.map((part) => formatMinor(part, currency))).toEqual(expected);
  });
});

describe("days and cycles", () => {
  const counts = [0, 1, 2, 3, 13, 25];

  it("an anchor at the end of a month is kept, and never chained", () => {
    expect(counts.map((count) => monthsAfter("2026-01-31", count))).toEqual(vectors.anchor_31);
  });

  it.each(Object.entries<string>(vectors.start_of_day_in_gap))("%s begins at its first instant", (said, start) => {
    const [zone = "", day = ""] = said.split(" ");

    expect(iso(calendarOf(zone).startOf(day))).toBe(iso(at(Date.parse(start.replace(/\[.*$/, "")))));
  });

  it.each([
    ["second", "by_second"],
    ["day", "by_calendar_day"],
  ] as const)("a fee of 31.00 from the 29th is prorated by %s", (proration, key) => {
    const fee = {
      sku: "support",
      description: "Support",
      amount: parseDecimal("31.00"),
      months: 1,
      since: "2026-03-29",
      proration,
      scope: "account",
    } as const;
    const { start, end } = vectors.billing_months["Europe/Berlin 2026 3"];
    const march = { start: instant(start), end: instant(end) };
    const terms = termsOf("acme", march, book([], { fees: [fee] }), "Europe/Berlin");

    const { total } = invoice({ charges: [] }, { ...terms, calendar: calendarOf("Europe/Berlin") });

    expect(formatMinor(total, "EUR")).toBe(vectors["proration_flat_31.00_Berlin_2026-03-29..04-01"][key]);
  });
});

describe("another currency", () => {
  it("says the tax once more, rounded once", () => {
    const { vat_eur, rate_sek, vat_sek } = vectors.fx;
    const hundred = book([price({ tiers: tiers(["100"]) })]);
    const { taxes, taxIn } = invoice(rate([usage()], hundred, JANUARY_MS), {
      ...termsOf("acme", JANUARY, hundred),
      tax: { category: "S", rate: rational(19n) },
      taxCurrency: { currency: "SEK", rate: parseDecimal(rate_sek) },
    });

    expect(formatMinor(taxes[0]?.tax ?? 0n, "EUR")).toBe(vat_eur);
    expect(formatMinor(taxIn?.tax ?? 0n, "SEK")).toBe(vat_sek);
  });
});

describe("every group of numbers", () => {
  const ELSEWHERE = { focus_tolerance_cents: "services/lib/documents/src/focus/conformance.test.ts" };
  const HELD = [
    "rounding",
    "float_traps",
    "line_vs_total",
    "vat_line_vs_group",
    "allocate",
    "tiered",
    "cap_do_style",
    "cap_hetzner_style",
    "billing_months",
    "start_of_day_in_gap",
    "anchor_31",
    "proration_flat_31.00_Berlin_2026-03-29..04-01",
    "min_commit_100_from_2026-01-15_UTC",
    "leap_second",
    "resize",
    "free_tier_shared",
    "fx",
    "late_volume",
    "late_graduated 990->1010",
    "late_capped",
    "credit_vat_cumulative",
    "discount_order",
    "iso4217",
    "jpy_kwd",
  ];

  it("is held by a test, and none is listed that is not there", () => {
    const named = Object.keys(vectors)
      .filter((name) => !name.startsWith("_") && !(name in ELSEWHERE))
      .map((name) => HELD.find((held) => name.startsWith(held)) ?? `nobody holds ${name}`);

    expect(named.toSorted()).toEqual(HELD.toSorted());
  });

  it.each(Object.entries(ELSEWHERE))("%s is read by %s", (name, file) => {
    expect(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8")).toContain(`vectors.${name}`);
  });

  it.each(HELD)("%s is read above", (name) => {
    const [above] = readFileSync(new URL(import.meta.url), "utf8").split('describe("every group of numbers"');

    expect(above).toMatch(new RegExp(`vectors(\\.|\\[")${escaped(name)}|found\\("${escaped(name)}"`));
  });
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The group whose name begins so; the rest of the name tells the price. */
function found(start: string): unknown[] {
  return Object.entries(vectors).find(([name]) => name.startsWith(start)) ?? [];
}

function fraction(text: string): Rational {
  const [numerator = "0", denominator = "1"] = text.split("/");
  return rational(BigInt(numerator), BigInt(denominator));
}
