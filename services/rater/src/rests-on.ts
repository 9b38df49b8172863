import { createHash } from "node:crypto";
import { EVERYTHING } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import { usageDigest } from "@raingauge/wire";
import type { AdjustmentSources } from "./adjustment.ts";
import { type BillingTerms, billsOf } from "./bill.ts";
import { billKey, billsIn, standingBills } from "./close.ts";
import { measured } from "./parts.ts";

export interface RestingSources {
  readonly store: AdjustmentSources["store"];
  readonly ledger: AdjustmentSources["ledger"] & Pick<Ledger, "bills" | "books">;
}

/**
 * A digest of all that decides what a look back at a month finds: what was used by whom, by hours that are rolled up already,
 * what is issued, and the books, accounts, places and credits by which it is charged. While it is the same, so is what the look
 * finds, and no document need be read for it. Undefined where an invoice stands of which nothing was used any more: what that
 * comes to rests on more than is told here, so it is looked at each time.
 */
export async function restsOn({ store, ledger }: RestingSources, terms: BillingTerms): Promise<string | undefined> {
  const issued = await billsIn(ledger, terms.period);
  const standing = standingBills(issued);
  // Nothing can be corrected, whatever was used.
  if (standing.size === 0) return "nothing stands";
  const bills = await billsOf({ store, ledger }, terms, EVERYTHING);
  const present = new Set(
    bills.map(({ account, accountDigest, period }) => billKey(account.id, accountDigest, period)),
  );
  if ([...standing.keys()].some((key) => !present.has(key))) return undefined;
  const usagesOf = await measured(store, bills, EVERYTHING);
  const hash = createHash("sha256");
  const told = (...facts: readonly unknown[]): void => {
    hash.update(JSON.stringify(facts));
    hash.update("\n");
  };
  for (const { number, corrects } of issued) told(number, corrects);
  for (const bill of bills) {
    const { account, accountDigest, period, projects, disputes } = bill;
    told(billKey(account.id, accountDigest, period), accountDigest, projects, disputes, usageDigest(usagesOf(bill)));
  }
  for (const { digest, validFrom } of await ledger.books()) told(digest, validFrom);
  for (const { credit, left } of await ledger.credits({}, EVERYTHING)) told(credit.id, String(left));
  return hash.digest("hex");
}
