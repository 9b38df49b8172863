import { compare, fromMinor, parseDecimal, plus, ZERO } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { cii } from "./cii/cii.ts";
import { lineRows } from "./csv/lines.ts";
import { eInvoiceOf } from "./en16931/of-issued.ts";
import { german, twoRegions } from "./fixtures/accounts.ts";
import { costAndUsage } from "./focus/cost-and-usage.ts";
import { sheetOf } from "./sheet.ts";

describe("a document of two regions", () => {
  const issued = twoRegions();

  it("comes to what it came to in one", () => {
    expect(issued.invoice.total).toBe(german().invoice.total);
  });

  it("says where each line was used: on paper, in the electronic invoice, in FOCUS and in spreadsheets", () => {
    const south = issued.invoice.lines.findIndex(({ region }) => region === "south");
    const focus = costAndUsage([issued], "1.4").rows.filter((row) => row["RegionId"] === "south");

    expect(sheetOf(issued).lines[south]?.details).toContain("Region south");
    expect(cii(eInvoiceOf(issued))).toContain(
      "<ram:Description>Region</ram:Description>\n<ram:Value>south</ram:Value>",
    );
    expect(lineRows([issued])[south]?.region).toBe("south");
    const billed = focus.map((row) => parseDecimal(row["BilledCost"] ?? "0")).reduce(plus, ZERO);
    const mine = issued.invoice.lines.filter(({ region }) => region === "south");
    const due = mine.reduce((total, { amount }) => total + amount, 0n);
    expect(compare(billed, fromMinor(due, "EUR"))).toBe(0);
  });

  it("tells a line's part of what was used together", () => {
    const egress = sheetOf(issued).lines.filter(({ sku }) => sku === "network.egress");

    expect(egress.map(({ details }) => details)).toEqual([
      ["Region north", "50 % der gemeinsamen Nutzung"],
      ["Region south", "50 % der gemeinsamen Nutzung"],
    ]);
  });
});
