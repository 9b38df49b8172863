import type { Budget, Instant, Scope } from "@raingauge/domain";

/** One message about one crossing, for one way of telling it. */
export interface NewNotice {
  /** Names the crossing: budget, month, threshold, amount and channel. What was told once is not told again. */
  readonly key: string;
  readonly budget: string;
  readonly projects: readonly string[];
  readonly channel: "webhook" | "email";
  /** What is told, as JSON. It holds no secret. */
  readonly document: string;
}

export interface Notice extends NewNotice {
  readonly sequence: bigint;
  readonly raisedAt: Instant;
  /** `dead` was given up, and waits for somebody to replay it. */
  readonly state: "pending" | "delivered" | "dead";
  readonly attempts: number;
  /** What went wrong the last time. */
  readonly error?: string;
}

/** What became of an attempt. */
export type Settled =
  | { readonly state: "delivered" }
  | { readonly state: "pending"; readonly error: string; readonly nextAt: Instant }
  | { readonly state: "dead"; readonly error: string };

/**
 * Budgets and what was told of them. Promises, each held by the suite:
 * 1. A budget is set by its name; setting it again replaces it. With `over`, the digest of what the writer has read of it, nothing
 *    is set or dropped where it is another by now (`Superseded`).
 * 2. A crossing is raised once, however often and by however many it is seen.
 * 3. What is pending comes back when it is due, until it is settled; what is dead only after it was replayed.
 * 4. A budget or notice shows only to a scope that permits every project of it.
 */
export interface Budgets {
  setBudget(budget: Budget, over?: string): Promise<void>;
  dropBudget(name: string, over?: string): Promise<boolean>;
  /** By name. */
  budgets(scope: Scope): Promise<readonly Budget[]>;
  /** How many of them are new. */
  raiseNotices(notices: readonly NewNotice[]): Promise<number>;
  /** The oldest first. */
  dueNotices(now: Instant, limit: number): Promise<readonly Notice[]>;
  settleNotice(sequence: bigint, settled: Settled): Promise<void>;
  /** The oldest first. */
  notices(scope: Scope): Promise<readonly Notice[]>;
  /** Makes a dead notice due again; false if there is no such dead notice. */
  replayNotice(sequence: bigint): Promise<boolean>;
}
