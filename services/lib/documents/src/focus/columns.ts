/** The version of FOCUS that a file follows: 1.4 is the newest complete one, 1.2 what most programs read today. */
export type FocusVersion = "1.4" | "1.2";

export type FocusType = "string" | "decimal" | "datetime" | "json";

export interface FocusColumn {
  readonly name: string;
  readonly type: FocusType;
  readonly nullable: boolean;
  /** Where only one version has it. */
  readonly only?: FocusVersion;
}

const column = (name: string, type: FocusType, nullable: boolean, only?: FocusVersion): FocusColumn => ({
  name,
  type,
  nullable,
  ...(only === undefined ? {} : { only }),
});

/** In alphabetical order, ours at the end. Columns of commitments, reservations and allocation are left out: nothing of that is sold. */
export const COST_AND_USAGE: readonly FocusColumn[] = [
  column("AvailabilityZone", "string", true),
  column("BilledCost", "decimal", false),
  column("BillingAccountId", "string", false),
  column("BillingAccountName", "string", true),
  column("BillingAccountType", "string", false),
  column("BillingCurrency", "string", false),
  column("BillingPeriodEnd", "datetime", false),
  column("BillingPeriodStart", "datetime", false),
  column("ChargeCategory", "string", false),
  column("ChargeClass", "string", true),
  column("ChargeDescription", "string", true),
  column("ChargeFrequency", "string", false),
  column("ChargePeriodEnd", "datetime", false),
  column("ChargePeriodStart", "datetime", false),
  column("ConsumedQuantity", "decimal", true),
  column("ConsumedUnit", "string", true),
  column("ContractedCost", "decimal", false),
  column("ContractedUnitPrice", "decimal", true),
  column("EffectiveCost", "decimal", false),
  column("HostProviderName", "string", false, "1.4"),
  column("InvoiceDetailId", "string", true, "1.4"),
  column("InvoiceId", "string", true),
  column("InvoiceIssuerName", "string", false),
  column("ListCost", "decimal", false),
  column("ListUnitPrice", "decimal", true),
  column("PricingCategory", "string", true),
  column("PricingQuantity", "decimal", true),
  column("PricingUnit", "string", true),
  column("ProviderName", "string", false, "1.2"),
  column("PublisherName", "string", false, "1.2"),
  column("RegionId", "string", true),
  column("RegionName", "string", true),
  column("ResourceId", "string", true),
  column("ResourceName", "string", true),
  column("ResourceType", "string", true),
  column("ServiceCategory", "string", false),
  column("ServiceName", "string", false),
  column("ServiceProviderName", "string", false, "1.4"),
  column("ServiceSubcategory", "string", false),
  column("SkuId", "string", true),
  column("SkuMeter", "string", true),
  column("SkuPriceDetails", "json", true),
  column("SkuPriceId", "string", true),
  column("SubAccountId", "string", true),
  column("SubAccountName", "string", true),
  column("SubAccountType", "string", true),
  column("Tags", "json", true),
  column("x_DocumentHash", "string", false),
  column("x_InvoiceLine", "decimal", true),
  column("x_OriginalInvoiceId", "string", true),
  column("x_RateCardVersionId", "string", false),
  column("x_TierIndex", "decimal", true),
];

export const INVOICE_DETAIL: readonly FocusColumn[] = [
  column("BilledCost", "decimal", false),
  column("BillingAccountId", "string", false),
  column("BillingCurrency", "string", false),
  column("BillingPeriodEnd", "datetime", false),
  column("BillingPeriodStart", "datetime", false),
  column("ChargeCategory", "string", false),
  column("InvoiceDetailCreated", "datetime", false),
  column("InvoiceDetailDescription", "string", true),
  column("InvoiceDetailGrain", "json", true),
  column("InvoiceDetailId", "string", false),
  column("InvoiceDetailLastUpdated", "datetime", false),
  column("InvoiceId", "string", false),
  column("InvoiceIssueDate", "datetime", true),
  column("InvoiceIssueStatus", "string", false),
  column("InvoiceIssuerName", "string", false),
  column("PaymentCurrency", "string", false),
  column("PaymentDueDate", "datetime", true),
  column("PaymentTerms", "string", false),
  column("PurchaseOrderNumber", "string", true),
  column("ReferenceInvoiceId", "string", false),
];

export const BILLING_PERIOD: readonly FocusColumn[] = [
  column("BillingPeriodCreated", "datetime", false),
  column("BillingPeriodEnd", "datetime", false),
  column("BillingPeriodLastUpdated", "datetime", false),
  column("BillingPeriodStart", "datetime", false),
  column("BillingPeriodStatus", "string", false),
  column("InvoiceIssuerName", "string", false),
];

/** A row by column; what is absent is null. */
export type FocusRow = Readonly<Record<string, string | undefined>>;

export interface FocusTable {
  readonly columns: readonly FocusColumn[];
  readonly rows: readonly FocusRow[];
}

export const columnsOf = (columns: readonly FocusColumn[], version: FocusVersion): FocusColumn[] =>
  columns.filter(({ only }) => only === undefined || only === version);
