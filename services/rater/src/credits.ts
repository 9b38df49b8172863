import { type AvailableCredit, type CreditUse, drawn, EVERYTHING, type IssuedInvoice } from "@raingauge/domain";
import type { GrantedCredit, Ledger } from "@raingauge/ledger";
import type { Bill } from "./bill.ts";

/** What each bill may draw. A project without an account has no credit, whatever an account of its name has. */
export async function creditsOf(
  ledger: Pick<Ledger, "credits">,
): Promise<(bill: Pick<Bill, "account" | "accountDigest" | "isPart">) => readonly AvailableCredit[]> {
  const byAccount = Map.groupBy(await ledger.credits({}, EVERYTHING), ({ credit }) => credit.account);
  return ({ account, accountDigest, isPart }) =>
    accountDigest === undefined || isPart === true
      ? []
      : (byAccount.get(account.id) ?? [])
          .filter(({ left }) => left > 0n)
          .map(({ credit, left }) => ({ ...credit, left }));
}

/**
 * What may be drawn when an invoice is worked out again: what could be drawn when it was issued, as far as it is left by now,
 * with what it drew itself given back to it. So what is late is paid by what was there at issue, and what was granted since
 * pays for what comes after; and a bill that did not change draws what it drew.
 */
export function creditsAgain(
  family: readonly Pick<IssuedInvoice, "invoice" | "pins">[],
  granted: readonly GrantedCredit[],
): readonly AvailableCredit[] {
  const before = family[0]?.pins.credits ?? [];
  const uses = family.flatMap(({ invoice }) => drawn(invoice));
  return before
    .map((credit) => {
      const left = granted.find((each) => each.credit.id === credit.id)?.left ?? 0n;
      return { ...credit, left: least(credit.left, left + takenFrom(credit.id, uses)) };
    })
    .filter(({ left }) => left > 0n);
}

const takenFrom = (credit: string, uses: readonly CreditUse[]): bigint =>
  uses.filter((use) => use.credit === credit).reduce((sum, { amount }) => sum + amount, 0n);

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
