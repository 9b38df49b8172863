import type { Currency, Party, Rational, TaxGroup } from "@raingauge/domain";

/**
 * An invoice in the terms of EN 16931, whatever syntax it is then written in. A credit note's amounts are turned round: what is
 * negative for us is what it gives back. Amounts are minor units; quantities and prices are exact.
 */
export interface EInvoice {
  /** BT-1. */
  readonly number: string;
  /** BT-3: 380 is an invoice, 381 a credit note. */
  readonly type: "380" | "381";
  /** BT-2, a day. */
  readonly issued: string;
  /** BT-9, a day. */
  readonly due?: string;
  readonly currency: Currency;
  /** BT-6 and BT-111: the whole tax in the currency in which it is accounted for. */
  readonly taxIn?: { readonly currency: Currency; readonly tax: bigint };
  /** BT-10. */
  readonly buyerReference?: string;
  /** BT-13. */
  readonly purchaseOrder?: string;
  /** BT-19. */
  readonly costCentre?: string;
  /** BT-20. */
  readonly paymentTerms?: string;
  readonly notes: readonly string[];
  /** BG-3. */
  readonly preceding?: string;
  /** BG-14, first and last day. */
  readonly period: Days;
  readonly seller?: Party;
  readonly buyer?: Party;
  readonly lines: readonly ELine[];
  /** BG-23. */
  readonly taxes: readonly TaxGroup[];
  readonly totals: ETotals;
}

export interface Days {
  readonly first: string;
  readonly last: string;
}

export interface ETotals {
  /** BT-106. */
  readonly lines: bigint;
  /** BT-109. */
  readonly net: bigint;
  /** BT-110. */
  readonly tax: bigint;
  /** BT-112. */
  readonly gross: bigint;
  /** BT-113; absent where nothing was paid beforehand. */
  readonly prepaid?: bigint;
  /** BT-115. */
  readonly payable: bigint;
}

export interface ELine {
  /** BT-126. */
  readonly id: string;
  /** BT-153. */
  readonly name: string;
  /** BT-154. */
  readonly description?: string;
  /** BT-155. */
  readonly article: string;
  /** BT-129, in `unit` (BT-130). */
  readonly quantity: Rational;
  readonly unit: string;
  /** BT-146, for `base` (BT-149) of the unit. */
  readonly price: Rational;
  readonly base: Rational;
  /** BG-27. */
  readonly allowance?: EAllowance;
  /** BT-131. */
  readonly net: bigint;
  readonly tax?: Pick<TaxGroup, "category" | "rate">;
  readonly period: Days;
  /** BG-32. */
  readonly attributes: readonly { readonly name: string; readonly value: string }[];
}

export interface EAllowance {
  readonly amount: bigint;
  /** BT-139. */
  readonly reason: string;
  /** Of UNCL 5189. */
  readonly code: string;
}
