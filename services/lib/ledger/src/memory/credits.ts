import { EVERYTHING, type Scope } from "@raingauge/domain";
import { creditDigest, decodeCredit, encodeCredit } from "@raingauge/wire";
import { refuseSuperseded, seesEveryVersion } from "../account.ts";
import { alreadyGrantedCredit, creditChanges, mayDraw, mustBeLeft, noCredit } from "../credits/drawing.ts";
import type { CreditEntry, Credits, GrantedCredit } from "../credits/records.ts";
import type { IssuedInvoice, Ledger } from "../ledger.ts";
import type { LedgerOptions } from "../options.ts";

interface Kept extends Omit<GrantedCredit, "credit" | "left"> {
  readonly text: string;
  readonly entries: CreditEntry[];
}

/** `draw` takes what a document draws, or throws and takes nothing. */
export function credits(
  { clock }: LedgerOptions,
  accounts: Ledger["accounts"],
): Credits & { readonly draw: (issued: IssuedInvoice) => void } {
  const byId = new Map<string, Kept>();
  const add = (kept: Kept, entry: Omit<CreditEntry, "left">): void =>
    void kept.entries.push({ ...entry, left: leftOf(kept) + entry.amount });
  const isSeen = async (account: string, scope: Scope): Promise<boolean> =>
    seesEveryVersion(
      scope,
      (await accounts(EVERYTHING)).filter((version) => version.account.id === account),
    );
  return {
    async grantCredit(credit, by) {
      const text = encodeCredit(credit);
      const known = byId.get(credit.id);
      if (known !== undefined && known.text !== text) throw alreadyGrantedCredit(credit.id);
      if (known !== undefined) return grantedOf(known);
      const kept: Kept = { text, grantedAt: clock(), grantedBy: by, entries: [] };
      add(kept, { kind: "granted", amount: credit.amount, at: clock(), by, note: credit.note });
      byId.set(credit.id, kept);
      return grantedOf(kept);
    },
    async credits({ account }, scope) {
      const all = [...byId.values()]
        .map(grantedOf)
        .filter((each) => account === undefined || each.credit.account === account);
      const seen = await Promise.all(all.map(({ credit }) => isSeen(credit.account, scope)));
      return all.filter((_, index) => seen[index]);
    },
    async creditEntries(credit, scope) {
      const kept = byId.get(credit);
      if (kept === undefined || !(await isSeen(decodeCredit(kept.text).account, scope))) return [];
      return [...kept.entries];
    },
    async withdrawCredit({ credit, amount, by, note }, over) {
      const kept = byId.get(credit);
      if (kept === undefined) throw noCredit(credit);
      refuseSuperseded({ digest: creditDigest(decodeCredit(kept.text), kept.entries) }, over);
      mustBeLeft(grantedOf(kept), -amount);
      add(kept, { kind: "withdrawn", amount: -amount, at: clock(), by, note });
      return grantedOf(kept);
    },
    draw({ invoice, number, issuedAt }) {
      const changes = creditChanges(invoice);
      for (const [id, change] of changes) {
        const kept = byId.get(id);
        mayDraw(kept && grantedOf(kept), change, invoice);
      }
      for (const [id, amount] of changes) {
        const kept = byId.get(id);
        if (kept !== undefined) add(kept, { kind: amount < 0n ? "drawn" : "returned", amount, at: issuedAt, number });
      }
    },
  };
}

const leftOf = ({ entries }: Kept): bigint => entries.at(-1)?.left ?? 0n;

const grantedOf = (kept: Kept): GrantedCredit => ({
  credit: decodeCredit(kept.text),
  grantedAt: kept.grantedAt,
  grantedBy: kept.grantedBy,
  left: leftOf(kept),
});
