import { type Credit, drawn, formatMinor, type Invoice } from "@raingauge/domain";
import { LedgerConflict } from "../conflict.ts";

/** By how much a document changes what is left of each credit: drawn is negative. */
export function creditChanges(invoice: Invoice): ReadonlyMap<string, bigint> {
  const changes = new Map<string, bigint>();
  for (const { credit, amount } of drawn(invoice)) changes.set(credit, (changes.get(credit) ?? 0n) - amount);
  return new Map([...changes].filter(([, amount]) => amount !== 0n));
}

/** Throws LedgerConflict where a document may not draw a credit, or not so much of it. */
export function mayDraw(
  known: { readonly credit: Credit; readonly left: bigint } | undefined,
  change: bigint,
  { account, currency }: Pick<Invoice, "account" | "currency">,
): void {
  if (known === undefined || known.credit.account !== account.id || known.credit.currency !== currency)
    throw new LedgerConflict(`account ${account.id} has no such credit in ${currency}; work the bill out again`);
  mustBeLeft(known, change);
}

export function mustBeLeft({ credit, left }: { readonly credit: Credit; readonly left: bigint }, change: bigint): void {
  if (left + change >= 0n) return;
  const { currency } = credit;
  throw new LedgerConflict(`of credit ${credit.id} only ${formatMinor(left, currency)} ${currency} is left`);
}

export const alreadyGrantedCredit = (id: string): LedgerConflict =>
  new LedgerConflict(`credit ${id} was granted already, with other terms`);

export const noCredit = (id: string): LedgerConflict => new LedgerConflict(`there is no credit ${id}`);
