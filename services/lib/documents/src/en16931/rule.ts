import type { EInvoice } from "./e-invoice.ts";

/** One rule of EN 16931 or of Peppol BIS Billing 3.0, under the name that its own book gives it. */
export interface EInvoiceRule {
  readonly rule: string;
  /** What is so where it is kept. */
  readonly says: string;
  /** Where it is broken: nowhere is kept. */
  readonly broken: (invoice: EInvoice) => boolean;
}

export const rule = (name: string, says: string, broken: (invoice: EInvoice) => boolean): EInvoiceRule => ({
  rule: name,
  says,
  broken,
});

export const isBlank = (text: string | undefined): boolean => text === undefined || text.trim() === "";

export const total = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);

export const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);
