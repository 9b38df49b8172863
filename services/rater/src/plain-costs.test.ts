import { EVERYTHING, instant, ownAccount, type Price, type PriceBook, parseDecimal, projects } from "@raingauge/domain";
import { memoryLedger } from "@raingauge/ledger/memory";
import fc from "fast-check";
import { expect, it } from "vitest";
import { growth, type Totals, together, totals } from "./cost-groups.ts";
import { liveCosts, liveTotals } from "./drafts.ts";
import { APRIL, BOOK, busyCloud, march, TERMS, ZONE } from "./fixtures/cloud.ts";
import { liveGrowth } from "./live-growth.ts";

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
  { scope: "resource", cap: parseDecimal("0.4") },
  { scope: "resource", least: amount("0.3") },
  { scope: "resource", least: { timeMs: 7_200_000n, ...amount("0.01") }, cap: parseDecimal("0.9") },
  { scope: "resource", allowance: parseDecimal("3") },
  { scope: "resource", tiers: [{ upTo: parseDecimal("5"), ...amount("0.03") }, amount("0.01")] },
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

const ends = [march(9), march(12, 5), march(20, 7), TERMS.period.end];

it("what each part of a month costs is the same with and without the drafts of its invoices, whatever the book says", async () => {
  const { store } = await busyCloud();
  await fc.assert(
    fc.asyncProperty(
      aBook,
      someTerms,
      fc.constantFrom(EVERYTHING, projects("acme"), projects("globex", "acme")),
      fc.subarray(ends, { minLength: 1 }),
      fc.constantFrom("nobody", "somebody", "somebody else from then on"),
      async (book, terms, scope, until, pays) => {
        const ledger = memoryLedger({ clock: () => APRIL });
        await ledger.publish(book, JANUARY);
        const oaks = ownAccount("oaks", { zone: ZONE, currency: "EUR", book: "standard" });
        const globex = { kind: "project" as const, id: "globex" };
        if (pays !== "nobody")
          await ledger.recordAccount(
            {
              ...oaks,
              members: [
                { kind: "project", id: "acme" },
                { ...globex, since: march(12) },
              ],
            },
            JANUARY,
          );
        if (pays === "somebody else from then on")
          await ledger.recordAccount({ ...oaks, members: [globex] }, march(15));
        const naming = { domainOf: () => "", tagOf: () => "" };
        const parts = until.map((end, index) => ({ start: until[index - 1] ?? TERMS.period.start, end }));

        const drafted = [];
        let before: Totals = new Map();
        for (const part of parts) {
          const period = { start: TERMS.period.start, end: part.end };
          const after = totals(await liveCosts({ store, ledger }, { ...TERMS, period }, scope), terms, naming);
          drafted.push(...growth(before, after, part));
          before = after;
        }
        const asksResources = terms.includes("resource");
        const grown = await liveGrowth({ store, ledger }, TERMS, { parts, terms, naming, asksResources, scope });
        const told = parts.flatMap((part, index) => together(grown?.slice(index, index + 1) ?? [], part));

        const whole = { ...TERMS, period: { start: TERMS.period.start, end: parts.at(-1)?.end ?? TERMS.period.end } };
        const atOnce = await liveTotals({ store, ledger }, whole, scope, { terms, naming });

        expect(drafted.length).toBeGreaterThan(0);
        expect(told).toEqual(drafted);
        expect(new Map([...atOnce].toSorted())).toEqual(new Map([...before].toSorted()));
      },
    ),
    { numRuns: 60 },
  );
});
