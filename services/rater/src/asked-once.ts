import type { Instant } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import { byKey, once, scopeKey } from "./once.ts";

type Asked = Pick<Ledger, "bookAt" | "accounts" | "placements">;

/**
 * A ledger for one question: what it is asked again it answers as before. A thousand projects have one book among them, and a
 * question has one answer though somebody publishes another book meanwhile.
 */
export const askedOnce = <L extends Asked>(ledger: L): L => ({
  ...ledger,
  bookAt: byKey(
    (name: string, moment: Instant, knownAt?: Instant) => ledger.bookAt(name, moment, knownAt),
    (...asked) => JSON.stringify(asked),
  ),
  accounts: byKey((scope) => ledger.accounts(scope), scopeKey),
  placements: once(() => ledger.placements()),
});
