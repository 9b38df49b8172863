import { runs } from "@raingauge/test/generators/hunt.ts";
import { termsOf } from "@raingauge/test/generators/terms.ts";
import { book, JANUARY, JANUARY_MS, price, usage } from "@raingauge/test/generators/usage.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Calendar } from "./calendar.ts";
import { rate } from "./charge.ts";
import { type Day, daysAfter, monthsAfter } from "./day.ts";
import { dueIn, type Fee } from "./fee.ts";
import { instant, type Period } from "./instant.ts";
import { invoice } from "./invoice.ts";
import { priceProblems } from "./price-problems.ts";
import { compare, parseDecimal, plus, rational, ZERO } from "./rational.ts";

const utc: Calendar = { startOf: (day) => instant(`${day}T00:00:00Z`) };
const fee = (told: Partial<Fee> = {}): Fee => ({
  sku: "support",
  description: "Support",
  amount: parseDecimal("31.00"),
  months: 1,
  proration: "second",
  scope: "account",
  ...told,
});
const month = (first: Day): Period => ({ start: utc.startOf(first), end: utc.startOf(monthsAfter(first, 1)) });

const someDay = fc.integer({ min: 0, max: 3_000 }).map((count) => daysAfter("2023-01-01", count));

describe("a fee", () => {
  it("falls due once for each cycle, whatever its anchor: months tile it", () => {
    fc.assert(
      fc.property(someDay, fc.constantFrom(1, 2, 3, 6, 12), (anchor, months) => {
        const due = Array.from({ length: 48 }, (_, index) =>
          dueIn(fee({ anchor, months, proration: "none" }), month(monthsAfter("2025-01-01", index)), utc),
        ).flat();

        expect(due).toHaveLength(48 / months);
        for (const [index, { to }] of due.slice(0, -1).entries()) expect(due[index + 1]?.from).toBe(to);
      }),
      { numRuns: runs(60) },
    );
  });

  it("that begins and ends some day is owed for exactly the time between, in parts of a cycle", () => {
    fc.assert(
      fc.property(
        someDay,
        fc.integer({ min: 1, max: 200 }),
        fc.constantFrom("second", "day"),
        (since, days, proration) => {
          const lasting = fee({ since, until: daysAfter(since, days), proration });
          const shares = Array.from({ length: 130 }, (_, index) =>
            dueIn(lasting, month(monthsAfter("2022-12-01", index)), utc),
          ).flat();

          const charged = shares.map(({ from, to }) => (Date.parse(to) - Date.parse(from)) / 86_400_000);
          expect(charged.reduce((sum, count) => sum + count, 0)).toBe(days);
          expect(shares.every(({ share }) => compare(share, ZERO) > 0 && compare(share, rational(1n)) <= 0)).toBe(true);
        },
      ),
      { numRuns: runs(60) },
    );
  });

  it("anchored at a month's last day keeps to it", () => {
    const february = dueIn(fee({ anchor: "2026-01-31" }), month("2026-02-01"), utc);
    const march = dueIn(fee({ anchor: "2026-01-31" }), month("2026-03-01"), utc);

    expect([...february, ...march].map(({ from, to }) => [from, to])).toEqual([
      ["2026-02-28", "2026-03-31"],
      ["2026-03-31", "2026-04-30"],
    ]);
  });

  it("of a year that begins within its cycle is owed from then, in the month in which it begins", () => {
    const [due] = dueIn(fee({ months: 12, since: "2026-03-15", proration: "day" }), month("2026-03-01"), utc);

    expect(due).toMatchObject({ from: "2026-03-15", to: "2027-01-01", share: rational(292n, 365n) });
    expect(dueIn(fee({ months: 12, since: "2026-03-15" }), month("2026-01-01"), utc)).toEqual([]);
  });

  it.each([
    ["second", rational(1n, 2n)],
    ["day", rational(1n, 2n)],
    ["none", rational(1n)],
  ] as const)("of half a month by %s", (proration, share) => {
    const [due] = dueIn(fee({ since: "2026-06-16", proration }), month("2026-06-01"), utc);

    expect(due?.share).toEqual(share);
  });
});

describe("fees on an invoice", () => {
  const bill = (fees: readonly Fee[], used = ["acme", "globex"]) => {
    const terms = book([price()], { fees, discountPercent: rational(50n), minimum: { amount: rational(1n) } });
    const usages = used.map((project) => usage({ project }));
    return invoice(rate(usages, terms, JANUARY_MS), {
      ...termsOf("acme", JANUARY, terms),
      projects: used.map((id) => ({ id, period: JANUARY })),
      calendar: utc,
    });
  };

  it("come after discount and minimum, whose amounts they do not change", () => {
    const { lines } = bill([fee(), fee({ sku: "seat", description: "Seat", amount: rational(2n), scope: "project" })]);

    expect(lines.map(({ kind = "use", project, sku, amount }) => [kind, project, sku, amount])).toEqual([
      ["use", "acme", "instance", 2n],
      ["use", "globex", "instance", 2n],
      ["discount", "acme", "discount", -1n],
      ["discount", "globex", "discount", -1n],
      ["minimum", "acme", "minimum", 99n],
      ["minimum", "globex", "minimum", 99n],
      ["fee", "acme", "seat", 200n],
      ["fee", "globex", "seat", 200n],
      ["fee", undefined, "support", 3100n],
    ]);
    expect(lines.at(-1)).toMatchObject({ description: "Support, 2026-01-01 to 2026-01-31", unit: "month" });
  });

  it("are owed by an account that used nothing, and not by its projects", () => {
    expect(bill([fee(), fee({ sku: "seat", scope: "project" })], []).lines).toMatchObject([
      { sku: "support", amount: 3100n },
    ]);
  });

  it("of a project that moves are owed by who pays for it on the first day", () => {
    const moved = instant("2026-01-10T00:00:00Z");
    const terms = book([price()], { fees: [fee({ scope: "project" })] });
    const feesOf = (period: Period) =>
      invoice(rate([usage()], terms, JANUARY_MS), {
        ...termsOf("acme", JANUARY, terms),
        projects: [{ id: "acme", period }],
        calendar: utc,
      }).lines.filter(({ kind }) => kind === "fee").length;

    expect([feesOf({ start: JANUARY.start, end: moved }), feesOf({ start: moved, end: JANUARY.end })]).toEqual([1, 0]);
  });

  it("can be agreed besides the book's, or instead of one of them", () => {
    const terms = book([price()], {
      fees: [fee()],
      overrides: [{ account: "oaks", fees: [fee({ amount: rational(5n) }), fee({ sku: "rack" })], prices: {} }],
    });
    const owed = (account: string) => {
      const own = termsOf(account, JANUARY, terms);
      return invoice({ charges: [] }, { ...own, calendar: utc }).lines.map(({ sku, amount }) => [sku, amount]);
    };

    expect([owed("oaks"), owed("elms")]).toEqual([
      [
        ["support", 500n],
        ["rack", 3100n],
      ],
      [["support", 3100n]],
    ]);
  });

  it("cannot be billed without knowing when days begin", () => {
    const terms = book([price()], { fees: [fee()] });

    expect(() => invoice({ charges: [] }, termsOf("acme", JANUARY, terms))).toThrow(RangeError);
  });

  it.each([
    [{ until: "2025-12-31", since: "2026-01-01" }, "until", "fee support: it ends on 2025-12-31, before it begins"],
    [{ sku: "instance" }, "sku", "fee instance: the article number is used twice"],
    [{ amount: rational(-1n) }, "amount", "fee support: a fee cannot be negative, and has at most 12 decimal places"],
  ])("that make no sense are refused: %o", (told, where, says) => {
    expect(priceProblems(book([price()], { fees: [fee(told)] }))).toEqual([{ path: ["fees", 0, where], says }]);
  });
});

it("parts of a cycle add up to it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 28 }), fc.constantFrom("second", "day"), (day, proration) => {
      const cut = `2026-03-${String(day).padStart(2, "0")}`;
      const [before] = dueIn(fee({ until: cut, proration }), month("2026-03-01"), utc);
      const [after] = dueIn(fee({ since: cut, proration }), month("2026-03-01"), utc);

      expect(plus(before?.share ?? ZERO, after?.share ?? ZERO)).toEqual(rational(1n));
    }),
  );
});
