import { describe, expect, it } from "vitest";
import { typed } from "./command.ts";

interface Rehearsed {
  readonly account: string;
  readonly invoices: number;
  readonly credits: number;
  readonly debits: number;
  readonly began: readonly string[];
  readonly total: string;
  readonly fromScratch: string;
  readonly failed: readonly string[];
}

describe("raingauge rehearse", () => {
  it("closes, corrects and proves a year of customers in six zones, each in the months of its own", async () => {
    const { code, out, err } = await typed(["rehearse", "--year", "2025", "--quick", "--json"]);
    const { accounts } = JSON.parse(out) as { accounts: readonly Rehearsed[] };
    const began = (account: string) => accounts.find((each) => each.account === account)?.began;

    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(accounts).toHaveLength(6);
    for (const { invoices, credits, debits, total, fromScratch, failed } of accounts) {
      expect({ invoices, failed, total }).toEqual({ invoices: 12, failed: [], total: fromScratch });
      expect(credits).toBeGreaterThan(0);
      expect(debits).toBeGreaterThan(1);
    }
    // Where clocks change, and where months do not begin on an hour of UTC.
    expect(began("berlin")).toEqual(
      expect.arrayContaining(["2025-02-28T23:00:00Z", "2025-03-31T22:00:00Z", "2025-10-31T23:00:00Z"]),
    );
    expect(began("new_york")).toEqual(expect.arrayContaining(["2025-03-01T05:00:00Z", "2025-04-01T04:00:00Z"]));
    expect(began("kolkata")).toContain("2025-05-31T18:30:00Z");
    expect(began("kathmandu")).toContain("2025-05-31T18:15:00Z");
    expect(began("lord_howe")).toEqual(expect.arrayContaining(["2025-03-31T13:00:00Z", "2025-04-30T13:30:00Z"]));
  });

  it.each([
    { options: ["--year", "25"], says: /^not a year such as 2025: 25/ },
    { options: ["--data", import.meta.dirname], says: /is not empty: a rehearsal needs a folder of its own/ },
  ])("refuses $options in words, and never sets the clock of a ledger in use", async ({ options, says }) => {
    const { code, out, err } = await typed(["rehearse", ...options]);

    expect(code).not.toBe(0);
    expect(out + err).toMatch(says);
  });
});
