import type { Instant } from "@raingauge/domain";
import { runs } from "@raingauge/test/generators/hunt.ts";
import type { SampleStore } from "../store.ts";

/** Where a store under test keeps its data. Opened again, after it was disposed of, it has what it had. */
export interface Place extends AsyncDisposable {
  open(clock: () => Instant): Promise<SampleStore>;
}

/** A store that was opened in a place of its own. */
export interface Opened extends AsyncDisposable {
  readonly store: SampleStore;
  readonly here: Place;
}

export type Open = () => Promise<Opened>;

export interface Exemptions {
  /** Why this store need not survive the process. */
  readonly forgets?: string;
  /** Why the hours that this store rolls up are not counted by the suite. */
  readonly hoursNotCounted?: string;
  /** Why this store keeps every reading. */
  readonly freezesNothing?: string;
  /** The part of the random histories that it is tried with, where each question is a request to a server; 1 by default. */
  readonly part?: number;
}

/** A skipped promise says why in its name, so that nobody takes it for kept. */
export const named = (promise: string, exemption: string | undefined): string =>
  exemption === undefined ? promise : `${promise} (exempt: ${exemption})`;

/** How many random histories a property is tried with. */
export const histories = (whole: number, { part = 1 }: Exemptions): { readonly numRuns: number } => ({
  numRuns: Math.max(1, Math.round(runs(whole) * part)),
});
