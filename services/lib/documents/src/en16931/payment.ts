import type { Party } from "@raingauge/domain";
import type { EInvoice } from "./e-invoice.ts";

/** BG-16, of UNCL 4461: a transfer within SEPA where the seller has an account, otherwise as agreed. */
export function paymentMeans({ seller }: Pick<EInvoice, "seller">): {
  readonly code: "58" | "1";
  readonly bank?: NonNullable<Party["bank"]>;
} {
  return seller?.bank === undefined ? { code: "1" } : { code: "58", bank: seller.bank };
}
