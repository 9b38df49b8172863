import { book, JANUARY_MS, price, tiers, traffic, usage } from "@raingauge/test/generators/usage.ts";
import { describe, expect, it } from "vitest";
import { rate } from "./charge.ts";
import { agreedBook, type Override } from "./override.ts";
import { priceProblems } from "./price-problems.ts";
import { decimal, parseDecimal, rational } from "./rational.ts";

const small = price({ sku: "small", discountPercent: parseDecimal("1"), tiers: tiers(["0.02"]) });
const withAcme: Override = {
  account: "acme-group",
  discountPercent: parseDecimal("10"),
  prices: { small: { tiers: tiers(["0.018"]), discountPercent: parseDecimal("2") } },
};
const withProject: Override = { project: "acme", prices: { small: { tiers: tiers(["0.015"]) } } };
const agreed = book([small], { overrides: [withProject, withAcme] });

describe("what was agreed", () => {
  it.each([
    ["with a project goes before its account's", { account: "acme-group", project: "acme" }, "0.015", "2", "10"],
    ["with an account is for its other projects", { account: "acme-group", project: "other" }, "0.018", "2", "10"],
    ["with a project alone leaves the rest as it is", { project: "acme" }, "0.015", "1", undefined],
    ["with others changes nothing", { account: "globex", project: "globex" }, "0.02", "1", undefined],
  ])("%s, term by term", (_, holder, amount, off, whole) => {
    const { prices, discountPercent } = agreedBook(agreed, holder);

    expect(prices[0]).toMatchObject({ tiers: tiers([amount]), discountPercent: parseDecimal(off) });
    expect(discountPercent).toEqual(whole === undefined ? undefined : parseDecimal(whole));
  });

  it("is charged to whom it was agreed with, and named on the line", () => {
    const { charges } = rate([usage(), usage({ project: "globex" })], agreed, JANUARY_MS, "acme-group");

    expect(
      charges.map(({ project, cost, price: { description } }) => [project, decimal(cost, 6), description]),
    ).toEqual([
      ["acme", "0.015", "Instance, as agreed"],
      ["globex", "0.018", "Instance, as agreed"],
    ]);
  });

  it("may be a free allowance that nobody else has", () => {
    const egress = price({
      sku: "egress",
      meter: "network.outgoing.bytes",
      per: { label: "B", quantity: 1n },
      tiers: tiers(["1"]),
    });
    const terms = book([egress], {
      overrides: [{ project: "acme", prices: { egress: { allowance: rational(60n) } } }],
    });

    const { charges } = rate([traffic(100n), traffic(100n, { project: "globex" })], terms, JANUARY_MS);

    expect(charges.map(({ project, cost }) => [project, decimal(cost, 0)])).toEqual([
      ["acme", "40"],
      ["globex", "100"],
    ]);
  });

  it.each([
    ["a price that there is not", { project: "acme", prices: { large: {} } }, "there is no price large"],
    ["nobody", { prices: {} }, "for an account or for a project"],
    ["an account and a project at once", { account: "a", project: "b", prices: {} }, "for an account or for a project"],
    ["more than everything", { project: "acme", prices: {}, discountPercent: rational(101n) }, "at most 100 %"],
    ["a negative amount", { project: "acme", prices: { small: { tiers: tiers(["-1"]) } } }, "cannot be negative"],
    [
      "a cap for what is counted together",
      { project: "acme", prices: { small: { cap: rational(1n) } } },
      "scope resource",
    ],
  ])("is refused for %s", (_, override: Override, says) => {
    const problems = priceProblems(book([small], { overrides: [override] }));

    expect(problems.map((problem) => problem.says)).toEqual([expect.stringContaining(says)]);
    expect(problems[0]?.path.slice(0, 2)).toEqual(["overrides", 0]);
  });

  it("is refused when it is said twice", () => {
    expect(priceProblems(book([small], { overrides: [withProject, withProject] }))).toMatchObject([
      { path: ["overrides", 1], says: "what was agreed with it stands above already" },
    ]);
  });
});
