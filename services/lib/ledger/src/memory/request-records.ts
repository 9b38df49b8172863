import type { LedgerOptions } from "../options.ts";
import {
  BEGUN_MS,
  KEPT_ANSWER_MS,
  type KeptAnswer,
  type KeptAuditEntry,
  type NamedWrite,
  type RequestRecords,
} from "../requests/records.ts";

export function requestRecords({ clock }: LedgerOptions): RequestRecords {
  const entries: KeptAuditEntry[] = [];
  const writes = new Map<string, { readonly digest: string; readonly begunAt: number; readonly answer?: KeptAnswer }>();
  const nameOf = ({ caller, key }: NamedWrite): string => JSON.stringify([caller, key]);
  return {
    async audit(entry) {
      entries.unshift({ ...entry, sequence: BigInt(entries.length + 1), at: clock() });
    },
    audited: async ({ before, limit }) =>
      entries.filter(({ sequence }) => before === undefined || sequence < before).slice(0, limit),
    async beginWrite(write) {
      const known = writes.get(nameOf(write));
      const age = clock() - (known?.begunAt ?? 0);
      if (known === undefined || age > (known.answer === undefined ? BEGUN_MS : KEPT_ANSWER_MS)) {
        writes.set(nameOf(write), { digest: write.digest, begunAt: clock() });
        return "begun";
      }
      if (known.digest !== write.digest) return "other";
      return known.answer ?? "in progress";
    },
    async finishWrite(write, answer) {
      if (answer === undefined) writes.delete(nameOf(write));
      else writes.set(nameOf(write), { digest: write.digest, begunAt: clock(), answer });
    },
  };
}
