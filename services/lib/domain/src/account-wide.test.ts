import { termsOf } from "@raingauge/test/generators/terms.ts";
import { book, JANUARY, JANUARY_MS, price, tiers, traffic } from "@raingauge/test/generators/usage.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rate } from "./charge.ts";
import { type Invoice, invoice } from "./invoice.ts";
import { toMinor } from "./money.ts";
import type { PriceBook } from "./price.ts";
import { priceProblems } from "./price-problems.ts";
import { compare, parseDecimal, rational, sum, ZERO } from "./rational.ts";
import type { Usage } from "./usage.ts";

const GB = 10n ** 9n;
const egress = price({
  sku: "egress",
  meter: "network.outgoing.bytes",
  per: { label: "GB", quantity: GB },
  scope: "account",
  tiers: tiers(["100", "0.10"], ["0.0301"]),
});

const of = (used: Readonly<Record<string, bigint>>): Usage[] =>
  Object.entries(used).map(([project, gigabytes]) =>
    traffic(gigabytes * GB, { project, resource: `vm of ${project}` }),
  );

const bill = (usages: readonly Usage[], terms: PriceBook): Invoice =>
  invoice(rate(usages, terms, JANUARY_MS, "oaks"), {
    ...termsOf("oaks", JANUARY, terms),
    projects: [...new Set(usages.map(({ project }) => project))].map((id) => ({ id, period: JANUARY })),
  });

const amounts = ({ lines }: Invoice): (readonly [string | undefined, string, bigint])[] =>
  lines.map(({ project, sku, amount }) => [project, sku, amount]);

const someUse = fc.dictionary(
  fc.constantFrom("acme", "globex", "initech", "umbrella"),
  fc.bigInt({ min: 1n, max: 500n }),
  { minKeys: 1 },
);
const someModel = fc.constantFrom("volume", "package", undefined);
const someAllowance = fc.constantFrom(undefined, 7n, 1000n);

describe("tiers that count a whole account", () => {
  it("come to what one project would pay that used all of it, rounded once", () => {
    fc.assert(
      fc.property(someUse, someModel, someAllowance, (used, model, allowance) => {
        const terms = book([
          {
            ...egress,
            ...(model === undefined ? {} : { model }),
            ...(allowance === undefined ? {} : { allowance: rational(allowance) }),
          },
        ]);
        const all = Object.values(used).reduce((total, each) => total + each, 0n);

        expect(bill(of(used), terms).total).toBe(bill(of({ alone: all }), terms).total);
      }),
    );
  });

  it("give each project its exact part, less than a cent from what is printed", () => {
    fc.assert(
      fc.property(someUse, (used) => {
        const { charges } = rate(of(used), book([egress]), JANUARY_MS, "oaks");
        const { lines } = bill(of(used), book([egress]));

        expect(sum(charges.map(({ share = ZERO }) => share))).toEqual(rational(1n));
        for (const { cost, amount, units, tiers: poured } of lines) {
          expect(sum(poured.map((tier) => tier.units))).toEqual(units);
          const rounded = toMinor(cost, "EUR");
          expect(amount - rounded >= -1n && amount - rounded <= 1n).toBe(true);
        }
      }),
    );
  });

  it("are filled by use in proportion, and the cents go by largest remainder", () => {
    const three = of({ acme: 1n, globex: 1n, initech: 1n });
    const cents = book([{ ...egress, tiers: tiers(["0.03333333"]) }]);

    expect(amounts(bill(three, cents))).toEqual([
      ["acme", "egress", 4n],
      ["globex", "egress", 3n],
      ["initech", "egress", 3n],
    ]);
  });

  it("leave a price that counts a project as it was", () => {
    const used = of({ acme: 80n, globex: 80n });

    expect(bill(used, book([{ ...egress, scope: "project" }])).total).toBe(1600n);
    expect(bill(used, book([egress])).total).toBe(1000n + 181n);
  });
});

describe("an allowance of a whole account", () => {
  it("is shared by its projects' resources in proportion to use, and given once", () => {
    fc.assert(
      fc.property(someUse, (used) => {
        const each = { ...egress, scope: "resource" as const, allowance: rational(60n) };
        const { charges } = rate(of(used), book([{ ...each, allowanceScope: "account" }]), JANUARY_MS, "oaks");

        const all = sum(charges.map(({ units }) => units));
        const free = sum(charges.map(({ freeUnits = ZERO }) => freeUnits));
        expect(free).toEqual(compare(all, rational(60n)) < 0 ? all : rational(60n));
      }),
    );
  });
});

describe("a minimum of a whole account", () => {
  const minimum = { amount: parseDecimal("20"), scope: "account" } as const;

  it("is made up once, on a line of no project", () => {
    expect(amounts(bill(of({ acme: 50n, globex: 50n }), book([egress], { minimum })))).toEqual([
      ["acme", "egress", 500n],
      ["globex", "egress", 500n],
      [undefined, "minimum", 1000n],
    ]);
  });

  it("is owed though nothing was used", () => {
    expect(amounts(bill([], book([egress], { minimum })))).toEqual([[undefined, "minimum", 2000n]]);
  });

  it("comes after that of a project with which another was agreed", () => {
    const overrides = [{ project: "acme", minimum: { amount: parseDecimal("7") }, prices: {} }];

    expect(amounts(bill(of({ acme: 50n, globex: 50n }), book([egress], { minimum, overrides })))).toEqual([
      ["acme", "egress", 500n],
      ["globex", "egress", 500n],
      ["acme", "minimum", 200n],
      [undefined, "minimum", 800n],
    ]);
  });
});

describe("a discount of a fixed amount", () => {
  const flat = { ...egress, scope: "project" as const, tiers: tiers(["0.10"]) };
  const off = (amount: string, more: object = {}) => ({ discountAmount: parseDecimal(amount), ...more });

  it("takes so much off each project, and never more than there is", () => {
    const terms = book([{ ...flat, ...off("6") }]);

    expect(amounts(bill(of({ acme: 50n, globex: 100n }), terms))).toEqual([
      ["acme", "egress", 500n],
      ["globex", "egress", 1000n],
      ["acme", "egress", -500n],
      ["globex", "egress", -600n],
    ]);
  });

  it("of a price that counts the account is shared by what each would pay", () => {
    const terms = book([{ ...flat, scope: "account", ...off("1") }]);

    expect(amounts(bill(of({ acme: 50n, globex: 100n }), terms)).slice(2)).toEqual([
      ["acme", "egress", -33n],
      ["globex", "egress", -67n],
    ]);
  });

  it("of the book for an account comes after those of single prices, and leaves out who agreed otherwise", () => {
    const terms = book([{ ...flat, ...off("1") }], {
      ...off("3", { discountScope: "account" }),
      overrides: [{ project: "initech", discountPercent: rational(50n), prices: {} }],
    });

    expect(amounts(bill(of({ acme: 50n, globex: 90n, initech: 30n }), terms)).slice(3)).toEqual([
      ["acme", "egress", -100n],
      ["acme", "discount", -100n],
      ["globex", "egress", -100n],
      ["globex", "discount", -200n],
      ["initech", "egress", -100n],
      ["initech", "discount", -100n],
    ]);
  });

  it("takes the place of a percentage where it was agreed, and gives way to one", () => {
    const terms = book([{ ...flat, discountPercent: rational(10n) }], {
      overrides: [{ project: "acme", prices: { egress: off("2") } }],
    });

    expect(amounts(bill(of({ acme: 50n, globex: 50n }), terms)).slice(2)).toEqual([
      ["acme", "egress", -200n],
      ["globex", "egress", -50n],
    ]);
  });
});

it("what is looked at for some of an account's projects leaves out what is of the account as a whole", () => {
  const terms = book([{ ...egress, discountAmount: parseDecimal("1") }], {
    minimum: { amount: parseDecimal("20"), scope: "account" },
    fees: [{ sku: "base", description: "Base", amount: rational(9n), months: 1, proration: "none", scope: "account" }],
  });
  const part = invoice(rate(of({ acme: 10n }), terms, JANUARY_MS), {
    ...termsOf("acme", JANUARY, terms),
    isPart: true,
  });

  expect(amounts(part)).toEqual([["acme", "egress", 100n]]);
});

describe("what cannot be agreed with one project", () => {
  const terms = book([egress, price({ sku: "shared", allowance: rational(1n), allowanceScope: "account" })]);

  it.each([
    ["tiers that count the account", { prices: { egress: { tiers: tiers(["1"]) } } }, ["prices", "egress"]],
    ["an allowance of the account", { prices: { shared: { allowance: rational(2n) } } }, ["prices", "shared"]],
    [
      "a minimum of the account",
      { minimum: { amount: rational(1n), scope: "account" as const }, prices: {} },
      ["minimum", "scope"],
    ],
    [
      "a discount for the account",
      { discountAmount: rational(1n), discountScope: "account" as const, prices: {} },
      ["discount", "scope"],
    ],
  ])("is %s", (_name, agreed, path) => {
    expect(priceProblems({ ...terms, overrides: [{ project: "acme", ...agreed }] })).toEqual([
      { path: ["overrides", 0, ...path], says: "it is for the whole account: agree it with the account" },
    ]);
    expect(priceProblems({ ...terms, overrides: [{ account: "oaks", ...agreed }] })).toEqual([]);
  });
});
