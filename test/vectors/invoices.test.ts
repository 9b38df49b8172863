import {
  adjust,
  allocate,
  formatMinor,
  HOUR_MS,
  instant,
  invoice,
  minorDigits,
  parseDecimal,
  ROUNDINGS,
  rate,
  rational,
  taxOn,
  toMinor,
} from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { termsOf } from "../generators/terms.ts";
import { book, JANUARY, JANUARY_MS, price, tiers, usage } from "../generators/usage.ts";
import { euro, total, vectors } from "./billing.ts";

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

it("a minimum is prorated from the day on which it begins, and made up", () => {
  const { prorated, usage: used, true_up } = vectors["min_commit_100_from_2026-01-15_UTC"];
  const minimum = { amount: parseDecimal("100.00"), since: instant("2026-01-15T00:00:00Z") };
  const terms = book([price({ tiers: tiers([used]) })], { minimum });

  const bill = invoice(rate([usage()], terms, JANUARY_MS), termsOf("acme", JANUARY, terms));

  expect(bill.lines.map(({ amount }) => formatMinor(amount, "EUR"))).toEqual([used, true_up]);
  expect(formatMinor(bill.total, "EUR")).toBe(prorated);
});

describe("taxes", () => {
  const flavors = ["a", "b", "c"];
  const each = book(flavors.map((flavor) => price({ sku: flavor, where: { flavor }, tiers: tiers(["0.33"]) })));
  const taxed = (used: readonly string[]) =>
    invoice(
      rate(
        used.map((flavor) => usage({ dimensions: { flavor } })),
        each,
        JANUARY_MS,
      ),
      {
        ...termsOf("acme", JANUARY, each),
        tax: { category: "S", rate: rational(19n) },
      },
    );

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
