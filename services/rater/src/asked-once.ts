import type { Ledger } from "@raingauge/ledger";

type Asked = Pick<Ledger, "bookAt" | "accounts" | "placements">;

/**
 * A ledger for one question: what it is asked again it answers as before. A thousand projects have one book among them, and a
 * question has one answer though somebody publishes another book meanwhile.
 */
export function askedOnce(ledger: Asked): Asked {
  const books = new Map<string, ReturnType<Asked["bookAt"]>>();
  let accounts: ReturnType<Asked["accounts"]> | undefined;
  let placements: ReturnType<Asked["placements"]> | undefined;
  return {
    bookAt(name, moment, knownAt) {
      const key = JSON.stringify([name, moment, knownAt]);
      const book = books.get(key) ?? ledger.bookAt(name, moment, knownAt);
      books.set(key, book);
      return book;
    },
    accounts(scope) {
      if (scope.kind !== "all") return ledger.accounts(scope);
      accounts ??= ledger.accounts(scope);
      return accounts;
    },
    placements() {
      placements ??= ledger.placements();
      return placements;
    },
  };
}
