import { termsOf } from "@raingauge/test/generators/terms.ts";
import { book, JANUARY, JANUARY_MS, price, usage } from "@raingauge/test/generators/usage.ts";
import { describe, expect, it } from "vitest";
import { takeBack } from "./adjust.ts";
import { rate } from "./charge.ts";
import { at } from "./instant.ts";
import { invoice } from "./invoice.ts";
import { type InvoiceEvent, standingOf } from "./life.ts";

const terms = book([price()]);
const issued = {
  number: "RG-1",
  hash: "hash",
  dueDate: "2026-02-15",
  invoice: invoice(rate([usage({ quantity: 360_000_000n })], terms, JANUARY_MS), termsOf("acme", JANUARY, terms)), // 2.00
};
const event = (kind: InvoiceEvent["kind"], amount: bigint, number = "RG-1"): InvoiceEvent => ({
  number,
  kind,
  amount,
  at: at(0),
  by: "fiona",
  note: "",
});
const note = takeBack([issued], "wrong buyer");
const [before, after] = ["2026-02-15", "2026-02-16"];

describe("where an invoice stands", () => {
  it.each([
    ["is issued until it is due", [], before, "issued", 200n],
    ["is overdue the day after", [], after, "overdue", 200n],
    ["is overdue for what is left of it", [event("payment", 150n)], after, "overdue", 50n],
    ["is paid when nothing is left", [event("payment", 150n), event("payment", 50n)], after, "paid", 0n],
    ["is not paid by another's payment", [event("payment", 200n, "RG-2")], before, "issued", 200n],
    [
      "is written off, and the rest stays open in the books",
      [event("payment", 50n), event("written-off", 0n)],
      after,
      "written off",
      150n,
    ],
  ] as const)("%s", (_name, events, today, state, open) => {
    expect(standingOf(issued, [], events, today)).toMatchObject({ state, open });
  });

  it("is void when it was taken back whole", () => {
    expect(standingOf(issued, note === undefined ? [] : [{ invoice: note }], [], after)).toMatchObject({
      state: "void",
      credited: 200n,
      open: 0n,
    });
  });
});
