import {
  compare,
  fromMinor,
  type IssuedInvoice,
  parseDecimal,
  plus,
  type Rational,
  times,
  ZERO,
} from "@raingauge/domain";
import type { FocusRow, FocusTable } from "./columns.ts";

/** A requirement of FOCUS that a table does not meet, and in which row (from 1; 0 is the table). */
export interface FocusFinding {
  readonly rule: string;
  readonly says: string;
  readonly row: number;
}

/**
 * What of FOCUS a CostAndUsage table does not keep. Figures are compared as the decimals that they are: the tools that compare
 * floats call exact products wrong and wrong cents right.
 */
export const focusFindings = (table: FocusTable): FocusFinding[] => [
  ...table.rows.flatMap((row, index) => [
    ...table.columns.flatMap((column) => {
      const text = row[column.name];
      if (text === undefined)
        return column.nullable ? [] : [{ rule: `${column.name}-NotNull`, says: "is never null", row: index + 1 }];
      return SHAPES[column.type](text)
        ? []
        : [{ rule: `${column.name}-Format`, says: `is not a ${column.type}`, row: index + 1 }];
    }),
    ...ROW_RULES.filter(({ broken }) => broken(row)).map(({ rule, says }) => ({ rule, says, row: index + 1 })),
  ]),
  ...TABLE_RULES.filter(({ broken }) => broken(table.rows)).map(({ rule, says }) => ({ rule, says, row: 0 })),
];

/** That the rows of each document add up to what it says is to be paid, without any tolerance. */
export const tieOut = (table: FocusTable, documents: readonly IssuedInvoice[]): FocusFinding[] =>
  documents
    .filter(({ number, invoice }) => {
      const mine = table.rows.filter((row) => row["InvoiceId"] === number);
      return (
        compare(sum(mine.map((row) => amount(row, "BilledCost"))), fromMinor(invoice.total, invoice.currency)) !== 0
      );
    })
    .map(({ number }) => ({ rule: "InvoiceId-TieOut", says: `the rows of ${number} do not add up to it`, row: 0 }));

const DECIMAL = /^-?\d+\.\d+$/;

const SHAPES: Readonly<Record<"string" | "decimal" | "datetime" | "json", (text: string) => boolean>> = {
  string: (text) => text.trim() !== "",
  decimal: (text) => DECIMAL.test(text),
  datetime: (text) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text),
  json: isFlatJson,
};

function isFlatJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return (
      typeof value === "object" && value !== null && Object.values(value).every((each) => typeof each !== "object")
    );
  } catch {
    return false;
  }
}

interface RowRule {
  readonly rule: string;
  readonly says: string;
  readonly broken: (row: FocusRow) => boolean;
}

const amount = (row: FocusRow, name: string): Rational =>
  DECIMAL.test(row[name] ?? "") ? parseDecimal(row[name] ?? "0") : ZERO;

const sum = (values: readonly Rational[]): Rational => values.reduce(plus, ZERO);

const oneOf =
  (name: string, values: readonly string[]) =>
  (row: FocusRow): boolean =>
    row[name] !== undefined && !values.includes(row[name]);

const isUsage = (row: FocusRow): boolean => row["ChargeCategory"] === "Usage";
const isTax = (row: FocusRow): boolean => row["ChargeCategory"] === "Tax";
const isNull = (row: FocusRow, name: string): boolean => row[name] === undefined;

const isProduct = (row: FocusRow, cost: string, price: string): boolean =>
  isNull(row, price) || compare(times(amount(row, price), amount(row, "PricingQuantity")), amount(row, cost)) === 0;

const CATEGORIES: Readonly<Record<string, string>> = {
  "Virtual Machines": "Compute",
  "Block Storage": "Storage",
  "Backup Storage": "Storage",
  "Object Storage": "Storage",
  "File Storage": "Storage",
  "Other (Storage)": "Storage",
  "Network Connectivity": "Networking",
  "Network Infrastructure": "Networking",
  "Application Networking": "Networking",
  "Other (Other)": "Other",
};

const row = (rule: string, says: string, broken: (row: FocusRow) => boolean): RowRule => ({ rule, says, broken });

export const ROW_RULES: readonly RowRule[] = [
  row("BillingCurrency-ISO4217", "is a currency of ISO 4217", (r) => !/^[A-Z]{3}$/.test(r["BillingCurrency"] ?? "")),
  row(
    "BillingPeriod-Order",
    "ends after it begins",
    (r) => (r["BillingPeriodEnd"] ?? "") <= (r["BillingPeriodStart"] ?? ""),
  ),
  row(
    "ChargePeriod-Order",
    "ends after it begins",
    (r) => (r["ChargePeriodEnd"] ?? "") <= (r["ChargePeriodStart"] ?? ""),
  ),
  row(
    "ChargeCategory-Allowed",
    "is one that is allowed",
    oneOf("ChargeCategory", ["Usage", "Purchase", "Tax", "Credit", "Adjustment"]),
  ),
  row("ChargeClass-Allowed", "is Correction or null", oneOf("ChargeClass", ["Correction"])),
  row(
    "ChargeFrequency-Allowed",
    "is one that is allowed",
    oneOf("ChargeFrequency", ["One-Time", "Recurring", "Usage-Based"]),
  ),
  row(
    "ChargeFrequency-Purchase",
    "a purchase is not usage-based",
    (r) => r["ChargeCategory"] === "Purchase" && r["ChargeFrequency"] === "Usage-Based",
  ),
  row(
    "PricingCategory-Allowed",
    "is one that is allowed",
    oneOf("PricingCategory", ["Standard", "Dynamic", "Committed", "Other"]),
  ),
  row(
    "PricingQuantity-Unit",
    "quantity and unit are null together",
    (r) => isNull(r, "PricingQuantity") !== isNull(r, "PricingUnit"),
  ),
  row(
    "ConsumedQuantity-Unit",
    "quantity and unit are null together",
    (r) => isNull(r, "ConsumedQuantity") !== isNull(r, "ConsumedUnit"),
  ),
  row(
    "ConsumedQuantity-Usage",
    "usage says how much was used",
    (r) => isUsage(r) && r["ChargeClass"] === undefined && isNull(r, "ConsumedQuantity"),
  ),
  row(
    "ConsumedQuantity-Other",
    "only usage says how much was used",
    (r) => !isUsage(r) && !isNull(r, "ConsumedQuantity"),
  ),
  row("ListUnitPrice-Usage", "usage has a list price", (r) => isUsage(r) && isNull(r, "ListUnitPrice")),
  row("ListUnitPrice-NotNegative", "is not negative", (r) => compare(amount(r, "ListUnitPrice"), ZERO) < 0),
  row("ContractedUnitPrice-NotNegative", "is not negative", (r) => compare(amount(r, "ContractedUnitPrice"), ZERO) < 0),
  row("ListCost-Product", "is list price times quantity, exactly", (r) => !isProduct(r, "ListCost", "ListUnitPrice")),
  row(
    "ContractedCost-Product",
    "is contracted price times quantity, exactly",
    (r) => !isProduct(r, "ContractedCost", "ContractedUnitPrice"),
  ),
  row("SkuId-Tax", "a tax has no SKU", (r) => isTax(r) && !isNull(r, "SkuId")),
  row("PricingQuantity-Tax", "a tax has no quantity", (r) => isTax(r) && !isNull(r, "PricingQuantity")),
  row("ListUnitPrice-Tax", "a tax has no unit price", (r) => isTax(r) && !isNull(r, "ListUnitPrice")),
  row(
    "EffectiveCost-Credit",
    "a credit is as effective as it is billed",
    (r) => r["ChargeCategory"] === "Credit" && r["EffectiveCost"] !== r["BilledCost"],
  ),
  row("SkuId-SkuPriceId", "a price point has its SKU", (r) => !isNull(r, "SkuPriceId") && isNull(r, "SkuId")),
  row(
    "SubAccountName-SubAccountId",
    "are null together",
    (r) => isNull(r, "SubAccountId") !== isNull(r, "SubAccountName"),
  ),
  row(
    "SubAccountType-SubAccountId",
    "are null together",
    (r) => isNull(r, "SubAccountId") !== isNull(r, "SubAccountType"),
  ),
  row("ResourceType-ResourceId", "are null together", (r) => isNull(r, "ResourceId") !== isNull(r, "ResourceType")),
  row("RegionName-RegionId", "are null together", (r) => isNull(r, "RegionId") !== isNull(r, "RegionName")),
  row(
    "ServiceSubcategory-Parent",
    "belongs to its category",
    (r) => CATEGORIES[r["ServiceSubcategory"] ?? ""] !== r["ServiceCategory"],
  ),
  row(
    "PricingUnit-Grammar",
    "is written as units are",
    (r) => !isNull(r, "PricingUnit") && !/^(\d+ )?[A-Z]\S*(-[A-Z]\S*)?$/.test(r["PricingUnit"] ?? ""),
  ),
  row(
    "Correction-Original",
    "a correction names its original",
    (r) => r["ChargeClass"] === "Correction" && isNull(r, "x_OriginalInvoiceId"),
  ),
];

interface TableRule {
  readonly rule: string;
  readonly says: string;
  readonly broken: (rows: readonly FocusRow[]) => boolean;
}

/** Whether one name always goes with the same other. */
const varies = (rows: readonly FocusRow[], name: string, by: string): boolean =>
  [
    ...Map.groupBy(
      rows.filter((r) => r[by] !== undefined),
      (r) => r[by],
    ).values(),
  ].some((mine) => new Set(mine.map((r) => r[name])).size > 1);

export const TABLE_RULES: readonly TableRule[] = [
  {
    rule: "SkuPriceId-OneSku",
    says: "a price point is of one SKU",
    broken: (rows) => varies(rows, "SkuId", "SkuPriceId"),
  },
  {
    rule: "ServiceName-OneCategory",
    says: "a service is of one category",
    broken: (rows) => varies(rows, "ServiceCategory", "ServiceName"),
  },
  {
    rule: "BillingCurrency-OneInvoice",
    says: "an invoice is in one currency",
    broken: (rows) => varies(rows, "BillingCurrency", "InvoiceId"),
  },
  {
    rule: "BillingAccountId-OneInvoice",
    says: "an invoice is of one account",
    broken: (rows) => varies(rows, "BillingAccountId", "InvoiceId"),
  },
];
