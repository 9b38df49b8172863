import type { Ledger } from "../ledger.ts";
import type { LedgerOptions } from "../options.ts";

/** A ledger with nothing in it, and other ways to what it holds. */
export interface Subject {
  readonly ledger: Ledger;
  /** The same data, as another process would open it. */
  readonly another?: () => Promise<Ledger>;
  /** Runs SQL as the ledger's own role, and gives what it selects as text. */
  readonly sql?: (statement: string) => Promise<string>;
}

/** What an adapter does not promise, each with the reason. */
export interface Exemptions {
  readonly another?: string;
  readonly sql?: string;
}

/** Where a suite gets its ledgers from, and how it says what needs more than the port. */
export interface Place {
  /** An empty one, disposed of when the test is over. */
  opened(clock?: LedgerOptions["clock"]): Promise<Subject>;
  itWith(need: keyof Exemptions, title: string, test: () => Promise<void>): void;
}
