import {
  at,
  formatMinor,
  HOUR_MS,
  instant,
  invoice,
  iso,
  lengthMs,
  monthsAfter,
  parseDecimal,
  rate,
  rational,
} from "@raingauge/domain";
import { calendarOf } from "@raingauge/rater";
import { describe, expect, it } from "vitest";
import { termsOf } from "../generators/terms.ts";
import { book, price, tiers, usage } from "../generators/usage.ts";
import { euro, GB, total, vectors } from "./billing.ts";

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
