import { expect, it } from "vitest";
import { creditRemarks } from "./credit-remarks.ts";
import { parseDecimal } from "./rational.ts";

const BOOK = {
  name: "standard",
  version: "7",
  currency: "EUR",
  month: "calendar",
  free: [],
  prices: [
    {
      sku: "compute.small",
      description: "Small machine",
      meter: "instance",
      where: {},
      per: { label: "instance", quantity: 1n },
      scope: "project",
      tiers: [{ amount: parseDecimal("1") }],
    },
  ],
  fees: [
    {
      sku: "support",
      description: "Support",
      amount: parseDecimal("9"),
      months: 1,
      proration: "none",
      scope: "account",
    },
  ],
} as const;
const project = (id: string) => ({ kind: "project" as const, id });

it.each([
  { credit: {}, says: [] },
  { credit: { skus: ["compute.*", "support"], projects: ["acme"] }, says: [] },
  { credit: { skus: ["compute.*", "storage.*"] }, says: ["no article of price book standard 7 is called storage.*"] },
  { credit: { projects: ["acme", "globex"] }, says: ["project globex is none of the account's"] },
  { credit: { skus: ["minimum"] }, says: ["no article of price book standard 7 is called minimum"] },
])("of a credit for $credit nothing draws what $says says", ({ credit, says }) => {
  expect(creditRemarks(credit, { members: [project("acme")] }, BOOK)).toEqual(says);
});

it("nothing is said of the projects of a domain, nor of articles where no book is in force", () => {
  const members = [{ kind: "domain" as const, id: "trees" }];

  expect(creditRemarks({ skus: ["storage"], projects: ["globex"] }, { members }, undefined)).toEqual([]);
});
