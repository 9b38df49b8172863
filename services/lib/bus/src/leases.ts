/**
 * Names that one of many may hold at a time. Promises, each held by the suite:
 * 1. A name is held by one holder at most.
 * 2. Whoever takes it again while it holds it keeps it; whoever stops doing so loses it after the term.
 * 3. What was released, or ran out, can be taken by another.
 */
export interface Leases extends AsyncDisposable {
  /** Takes the name or renews it; false while another holds it. Throws BusUnavailable, and then nothing is certain. */
  take(name: string, holder: string): Promise<boolean>;
  /** Nothing where another holds it. */
  release(name: string, holder: string): Promise<void>;
  /** Who holds what now. */
  held(): Promise<ReadonlyMap<string, string>>;
  /** How long a lease lasts after it was taken. */
  readonly termMs: number;
}
