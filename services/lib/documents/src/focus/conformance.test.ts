import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { creditNote, german, ofLines } from "../fixtures/accounts.ts";
import type { FocusRow } from "./columns.ts";
import { focusFindings, ROW_RULES, TABLE_RULES, tieOut } from "./conformance.ts";
import { costAndUsage } from "./cost-and-usage.ts";

const vectors = JSON.parse(
  readFileSync(new URL("../../../../../test/vectors/billing-vectors.json", import.meta.url), "utf8"),
);

const TABLE = costAndUsage([german(), creditNote()], "1.4");
const usage = TABLE.rows.find((row) => row["ChargeCategory"] === "Usage" && row["ResourceId"] !== undefined) ?? {};
const tax = TABLE.rows.find((row) => row["ChargeCategory"] === "Tax") ?? {};
const credit = TABLE.rows.find((row) => row["ChargeCategory"] === "Credit") ?? {};
const correction = TABLE.rows.find((row) => row["ChargeClass"] === "Correction") ?? {};

const found = (...rows: FocusRow[]): string[] => focusFindings({ ...TABLE, rows }).map(({ rule }) => rule);

const CASES: readonly (readonly [rule: string, ...rows: FocusRow[]])[] = [
  ["BillingCurrency-ISO4217", { ...usage, BillingCurrency: "euro" }],
  ["BillingPeriod-Order", { ...usage, BillingPeriodEnd: usage["BillingPeriodStart"] }],
  ["ChargePeriod-Order", { ...usage, ChargePeriodEnd: usage["ChargePeriodStart"] }],
  ["ChargeCategory-Allowed", { ...usage, ChargeCategory: "Usages" }],
  ["ChargeClass-Allowed", { ...usage, ChargeClass: "Correct" }],
  ["ChargeFrequency-Allowed", { ...usage, ChargeFrequency: "Often" }],
  ["ChargeFrequency-Purchase", { ...usage, ChargeCategory: "Purchase" }],
  ["PricingCategory-Allowed", { ...usage, PricingCategory: "Cheap" }],
  ["PricingQuantity-Unit", { ...usage, PricingUnit: undefined }],
  ["ConsumedQuantity-Unit", { ...usage, ConsumedUnit: undefined }],
  ["ConsumedQuantity-Usage", { ...usage, ConsumedQuantity: undefined, ConsumedUnit: undefined }],
  ["ConsumedQuantity-Other", { ...tax, ConsumedQuantity: "1.0", ConsumedUnit: "Hours" }],
  ["ListUnitPrice-Usage", { ...usage, ListUnitPrice: undefined }],
  ["ListUnitPrice-NotNegative", { ...usage, ListUnitPrice: "-1.0" }],
  ["ContractedUnitPrice-NotNegative", { ...usage, ContractedUnitPrice: "-1.0" }],
  ["ListCost-Product", { ...usage, ListCost: `${usage["ListCost"]}1` }],
  ["ContractedCost-Product", { ...usage, ContractedCost: `${usage["ContractedCost"]}1` }],
  ["SkuId-Tax", { ...tax, SkuId: "vat" }],
  ["PricingQuantity-Tax", { ...tax, PricingQuantity: "1.0", PricingUnit: "Hours" }],
  ["ListUnitPrice-Tax", { ...tax, ListUnitPrice: "1.0" }],
  ["EffectiveCost-Credit", { ...credit, EffectiveCost: "0.0" }],
  ["SkuId-SkuPriceId", { ...usage, SkuId: undefined }],
  ["SubAccountName-SubAccountId", { ...usage, SubAccountName: undefined }],
  ["SubAccountType-SubAccountId", { ...usage, SubAccountType: undefined }],
  ["ResourceType-ResourceId", { ...usage, ResourceType: undefined }],
  ["RegionName-RegionId", { ...usage, RegionId: "north" }],
  ["ServiceSubcategory-Parent", { ...usage, ServiceCategory: "Storage" }],
  ["PricingUnit-Grammar", { ...usage, PricingUnit: "instance hours" }],
  ["Correction-Original", { ...correction, x_OriginalInvoiceId: undefined }],
  ["SkuPriceId-OneSku", usage, { ...usage, SkuId: "another" }],
  ["ServiceName-OneCategory", usage, { ...usage, ServiceCategory: "Storage", ServiceSubcategory: "Block Storage" }],
  ["BillingCurrency-OneInvoice", usage, { ...usage, BillingCurrency: "USD" }],
  ["BillingAccountId-OneInvoice", usage, { ...usage, BillingAccountId: "another" }],
  ["BilledCost-NotNull", { ...usage, BilledCost: undefined }],
  ["BilledCost-Format", { ...usage, BilledCost: "1" }],
  ["BilledCost-Format", { ...usage, BilledCost: "1,000.00" }],
  ["BillingPeriodStart-Format", { ...usage, BillingPeriodStart: "2026-03-01 00:00:00" }],
  ["BillingAccountName-Format", { ...usage, BillingAccountName: "" }],
  ["Tags-Format", { ...usage, Tags: '{"a":{}}' }],
];

describe("the conformance of FOCUS rows", () => {
  it("finds nothing in what is written here, in either version", () => {
    for (const version of ["1.4", "1.2"] as const)
      expect(focusFindings(costAndUsage([german(), creditNote()], version))).toEqual([]);
  });

  it.each(CASES.map(([rule, ...rows]) => ({ rule, rows })))("finds $rule", ({ rule, rows }) => {
    expect(found(...rows)).toContain(rule);
  });

  it("tries each of its rules", () => {
    const tried = new Set(CASES.map(([rule]) => rule));

    expect([...ROW_RULES, ...TABLE_RULES].map(({ rule }) => rule).filter((rule) => !tried.has(rule))).toEqual([]);
  });

  /** FOCUS lets datasets differ by so many cents at so many rows. */
  it.each<[number, number]>(vectors.focus_tolerance_cents)(
    "allows nothing where FOCUS would, at %s rows, allow %s cents",
    (count, cents) => {
      const issued = ofLines(Math.min(count, 100));
      const total = issued.invoice.total + 1n;

      const table = costAndUsage([issued], "1.4");

      expect(cents).toBeGreaterThanOrEqual(100);
      expect(tieOut(table, [issued])).toEqual([]);
      expect(tieOut(table, [{ ...issued, invoice: { ...issued.invoice, total } }])).toHaveLength(1);
    },
  );

  it("finds a document whose rows are a cent off", () => {
    const rows = TABLE.rows.map((row, index) => (index === 0 ? { ...row, BilledCost: "3.73" } : row));

    expect(tieOut({ ...TABLE, rows }, [german()])).toHaveLength(1);
  });
});
