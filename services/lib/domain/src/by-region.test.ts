import { termsOf } from "@raingauge/test/generators/terms.ts";
import { book, JANUARY, JANUARY_MS, price, tiers, traffic, usage } from "@raingauge/test/generators/usage.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adjust, totalOf } from "./adjust.ts";
import { rate } from "./charge.ts";
import { type Invoice, invoice } from "./invoice.ts";
import type { PriceBook } from "./price.ts";
import { compare, rational, sum } from "./rational.ts";
import type { Usage } from "./usage.ts";

const GB = 10n ** 9n;
const MB = 10n ** 6n;
const HOUR = 3_600_000n;
const PROJECTS = ["acme", "globex"];

const egress = price({
  sku: "egress",
  meter: "network.outgoing.bytes",
  per: { label: "GB", quantity: GB },
  tiers: tiers(["100", "0.10"], ["0.0301"]),
});
const hours = price({ sku: "compute", scope: "resource", cap: rational(3n) });

const bill = (usages: readonly Usage[], terms: PriceBook, byRegion: boolean): Invoice =>
  invoice(rate(usages, terms, JANUARY_MS, "oaks", byRegion), {
    ...termsOf("oaks", JANUARY, terms),
    projects: PROJECTS.map((id) => ({ id, period: JANUARY })),
  });

/** Some of it in each of three regions, of one machine or of several, in one project or in two. */
const someUse: fc.Arbitrary<Usage[]> = fc.array(
  fc
    .record({
      region: fc.constantFrom("north", "south", "west"),
      project: fc.constantFrom(...PROJECTS),
      resource: fc.constantFrom("vm-1", "vm-2"),
      gigabytes: fc.bigInt({ min: 1n, max: 500_000n }),
      isTraffic: fc.boolean(),
    })
    .map(({ gigabytes, isTraffic, ...where }) =>
      isTraffic
        ? traffic((gigabytes * GB) / 1_000n, where)
        : usage({ ...where, quantity: (gigabytes * HOUR) / 1_000n }),
    ),
  { minLength: 1, maxLength: 12 },
);

const someBook = fc
  .record({
    scope: fc.constantFrom("project" as const, "account" as const),
    model: fc.constantFrom("volume" as const, "package" as const, undefined),
    allowance: fc.constantFrom(undefined, 7n, 1_000n),
    discount: fc.constantFrom(undefined, 10n),
  })
  .map(({ scope, model, allowance, discount }) =>
    book([
      {
        ...egress,
        scope,
        ...(model === undefined ? {} : { model }),
        ...(allowance === undefined ? {} : { allowance: rational(allowance) }),
        ...(discount === undefined ? {} : { discountPercent: rational(discount) }),
      },
      hours,
    ]),
  );

const bySku = ({ lines }: Invoice, of: (line: Invoice["lines"][number]) => bigint): [string, bigint][] =>
  [...Map.groupBy(lines, ({ project, sku, kind }) => `${project} ${sku} ${kind}`)]
    .map(([key, mine]): [string, bigint] => [key, mine.reduce((total, line) => total + of(line), 0n)])
    .toSorted(([a], [b]) => (a < b ? -1 : 1));

describe("lines that say in which region", () => {
  it("come to what they come to together, to the cent, and measure the same", () => {
    fc.assert(
      fc.property(someUse, someBook, (used, terms) => {
        const [told, untold] = [bill(used, terms, true), bill(used, terms, false)];

        expect(told.total).toBe(untold.total);
        expect(bySku(told, ({ quantity }) => quantity)).toEqual(bySku(untold, ({ quantity }) => quantity));
        expect(bySku(told, ({ amount }) => amount)).toEqual(bySku(untold, ({ amount }) => amount));
      }),
    );
  });

  it("leave every project what it owes without them, so that what is off its amounts is the same", () => {
    const shared = { ...egress, scope: "account" as const, discountPercent: rational(10n) };
    const used = [
      traffic(632_867n * MB, { region: "north", project: "globex" }),
      traffic(379_992n * MB, { region: "north", project: "acme" }),
      traffic(331_494n * MB, { region: "west", project: "globex" }),
    ];

    const [told, untold] = [bill(used, book([shared]), true), bill(used, book([shared]), false)];

    // 10.00 and 1,244.353 GB at 0.0301 are 47.455, less a tenth of each project's.
    expect([told.total, untold.total]).toEqual([4271n, 4271n]);
    expect(told.lines.map(({ project, region, amount }) => [project, region, amount])).toEqual([
      ["acme", "north", 1341n],
      ["globex", "north", 2235n],
      ["globex", "west", 1170n],
      ["acme", undefined, -134n],
      ["globex", undefined, -341n],
    ]);
  });

  it("show each region's own part of the tiers, of the allowance and of the cost", () => {
    const terms = book([{ ...egress, allowance: rational(30n) }]);
    const used = [
      traffic(150n * GB, { region: "north", project: "acme" }),
      traffic(50n * GB, { region: "south", project: "acme" }),
    ];

    const { lines } = bill(used, terms, true);

    expect(lines.map(({ region, units, freeUnits, amount }) => [region, units, freeUnits, amount])).toEqual([
      ["north", rational(150n), rational(45n, 2n), 908n], // three quarters of 10.00 + 70 × 0.0301 = 12.107
      ["south", rational(50n), rational(15n, 2n), 303n],
    ]);
    expect(compare(sum(lines.map(({ share }) => share ?? rational(0n))), rational(1n))).toBe(0);
  });

  it("never divide a resource: its cap is one, wherever it was", () => {
    const used = ["north", "south"].map((region) => usage({ region, project: "acme", quantity: 100n * HOUR }));

    const { lines } = bill(used, book([hours]), true);

    expect(lines).toMatchObject([{ resource: "vm-1", amount: 300n }]);
    expect(lines[0]).not.toHaveProperty("region");
  });

  it("are corrected each by itself, so that all documents come to the bill from scratch", () => {
    fc.assert(
      fc.property(someUse, someUse, someBook, (before, after, terms) => {
        const issued = { number: "RG-1", hash: "a", invoice: bill(before, terms, true) };
        const due = bill(after, terms, true);
        const correction = adjust([issued], due, "late");

        const documents = [issued, ...(correction === undefined ? [] : [{ invoice: correction }])];

        expect(totalOf(documents)).toBe(due.total);
        for (const line of correction?.lines ?? [])
          if (line.of === undefined && line.resource === undefined) expect(line.region).toBeDefined();
      }),
    );
  });
});
