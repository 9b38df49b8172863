import type { Instant } from "@raingauge/domain";

/** What every adapter is told. */
export interface LedgerOptions {
  /** Says when a book was published and an invoice issued. */
  readonly clock: () => Instant;
  /** Numbers are drawn from it: `RG-000001`. */
  readonly series?: string | undefined;
}

export const DEFAULT_SERIES = "RG";
