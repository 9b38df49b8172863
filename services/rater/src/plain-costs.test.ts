import { EVERYTHING, instant, ownAccount, type Price, type PriceBook, parseDecimal, projects } from "@raingauge/domain";
import { memoryLedger } from "@raingauge/ledger/memory";
import fc from "fast-check";
import { expect, it } from "vitest";
import { totals } from "./cost-groups.ts";
import { liveCosts, liveTotals } from "./drafts.ts";
import { APRIL, BOOK, busyCloud, march, TERMS, ZONE } from "./fixtures/cloud.ts";

const JANUARY = instant("2026-01-01T00:00:00Z");
const amount = (text: string) => ({ amount: parseDecimal(text) });

/** What a price can be beside the plain one of the book, most of which needs no invoice to be told. */
const variants: readonly Partial<Price>[] = [
  {},
  {},
  {
    tiers: [
      { upTo: parseDecimal("7.3"), ...amount("0.031") },
      { upTo: parseDecimal("40"), ...amount("0.02") },
      amount("0.007"),
    ],
  },
  { tiers: [{ upTo: parseDecimal("30"), ...amount("0.03") }, amount("0.01")], model: "volume" },
  { tiers: [amount("0.5")], model: "package" },
  { scope: "resource" },
  { scope: "resource", model: "package" },
  { scope: "account", tiers: [{ upTo: parseDecimal("9"), ...amount("0.04") }, amount("0.01")] },
  { model: "flat" },
  { allowance: parseDecimal("11") },
  { cap: parseDecimal("0.4") },
  { least: amount("0.3") },
  { discountPercent: parseDecimal("12.5") },
];

const aBook: fc.Arbitrary<PriceBook> = fc
  .record({
    told: fc.tuple(...BOOK.prices.map(() => fc.constantFrom(...variants))),
    month: fc.constantFrom("calendar" as const, "730h" as const),
    agreed: fc.boolean(),
    more: fc.oneof(
      { weight: 6, arbitrary: fc.constant<Partial<PriceBook>>({}) },
      {
        weight: 1,
        arbitrary: fc.constantFrom<Partial<PriceBook>>(
          { discountPercent: parseDecimal("5") },
          { minimum: { amount: parseDecimal("20") } },
        ),
      },
    ),
  })
  .map(({ told, month, agreed, more }) => ({
    ...BOOK,
    month,
    ...more,
    prices: BOOK.prices.map((price, index) => ({ ...price, ...told[index] })),
    overrides: agreed ? [{ project: "acme", prices: { "compute.small": { tiers: [amount("0.013")] } } }] : [],
  }));

const someTerms = fc.subarray(["sku", "meter", "project", "account", "resource", "region", "dimension.flavor"]);

it("costs are the same with and without the drafts of their invoices, whatever the book says", async () => {
  const { store } = await busyCloud();
  await fc.assert(
    fc.asyncProperty(
      aBook,
      someTerms,
      fc.constantFrom(EVERYTHING, projects("acme"), projects("globex", "acme")),
      fc.constantFrom(undefined, march(9), march(20, 7)),
      fc.boolean(),
      async (book, terms, scope, end, hasAccount) => {
        const ledger = memoryLedger({ clock: () => APRIL });
        await ledger.publish(book, JANUARY);
        if (hasAccount)
          await ledger.recordAccount(
            {
              ...ownAccount("oaks", { zone: ZONE, currency: "EUR", book: "standard" }),
              members: [
                { kind: "project", id: "acme" },
                { kind: "project", id: "globex", since: march(12) },
              ],
            },
            JANUARY,
          );
        const asked = { ...TERMS, period: { start: TERMS.period.start, end: end ?? TERMS.period.end } };
        const naming = { domainOf: () => "", tagOf: () => "" };

        const drafted = totals(await liveCosts({ store, ledger }, asked, scope), terms, naming);
        const told = await liveTotals({ store, ledger }, asked, scope, { terms, naming });

        expect(drafted.size).toBeGreaterThan(0);
        expect(new Map([...told].toSorted())).toEqual(new Map([...drafted].toSorted()));
      },
    ),
    { numRuns: 60 },
  );
});
