import { type IssuedInvoice, ownAccount } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import type { Bill } from "./bill.ts";

/** The bill that an invoice answers; undefined where its account's version is not there any more. */
export async function billAgain(
  ledger: Pick<Ledger, "accountByDigest">,
  { invoice, pins: { accountDigest } }: IssuedInvoice,
): Promise<Bill | undefined> {
  const { account, period, projects, zone, currency, books } = invoice;
  const bill = { period, projects, disputes: [] };
  if (accountDigest === undefined)
    return { ...bill, account: ownAccount(account.id, { zone, currency, book: books[0]?.name ?? "" }) };
  const version = await ledger.accountByDigest(accountDigest);
  return version && { ...bill, account: version.account, accountDigest };
}
