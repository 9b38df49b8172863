import type { Batch, Coverage, Event, Instant, Period, Resource, Sample, Scope, Usage } from "@raingauge/domain";

/** A batch with the place where it stood on the bus. */
export interface Arrival {
  readonly position: { readonly stream: string; readonly sequence: bigint };
  readonly batch: Batch;
}

export interface AppendResult {
  /** Rows that were not there before: samples and events. */
  readonly stored: number;
  /** Rows of redelivered positions, and readings that were stored already under another position. */
  readonly duplicates: number;
}

export interface UsageQuery {
  /** Meter names; all meters that exist when absent. */
  readonly meters?: readonly string[];
  readonly period: Period;
  readonly region?: string;
  readonly resource?: string;
  /** Only what was stored up to this watermark: the same question later gets the same answer. */
  readonly asOf?: Instant;
}

export interface SampleQuery {
  readonly meter: string;
  readonly period: Period;
  readonly region?: string;
  readonly resource?: string;
  readonly asOf?: Instant;
}

export interface EventQuery {
  readonly period: Period;
  readonly resource?: string;
}

export interface RollUpReport {
  readonly series: number;
  readonly hours: number;
}

/**
 * Where samples, events and usage rest. Promises, each held by the conformance suite:
 * 1. Appending a position again changes nothing; a reading that comes again under another position changes no answer and
 *    is counted as a duplicate.
 * 2. What is appended is readable before `append` resolves, and survives the death of the process.
 * 3. `series` returns at least what the domain's `slice` keeps of every series that its scope permits.
 * 4. `measure` equals the domain's `measure` over all readings of the region, then narrowed to the scope; whatever was
 *    rolled up before, in whatever order things came. A reading of a foreign project may end a hold, but is never shown.
 * 5. `rollUp` recomputes exactly the hours that arrivals dirtied.
 * 6. With `asOf`, what was stored later is not seen: not a sample, not a coverage.
 * 7. Nothing of a project outside the scope appears, not in a count either.
 */
export interface SampleStore extends AsyncDisposable {
  /** One transaction. Throws StoreUnavailable; then nothing of it was stored. */
  append(arrivals: readonly Arrival[]): Promise<AppendResult>;
  /** The readings that decide `period`, series by series. */
  series(query: SampleQuery, scope: Scope): Promise<readonly Sample[]>;
  measure(query: UsageQuery, scope: Scope): Promise<readonly Usage[]>;
  rollUp(): Promise<RollUpReport>;
  events(query: EventQuery, scope: Scope): Promise<readonly Event[]>;
  /** As their events and readings describe them, seen at least once in `period`. */
  resources(query: { readonly period: Period; readonly type?: string }, scope: Scope): Promise<readonly Resource[]>;
  coverage(query: { readonly period: Period; readonly region?: string; readonly asOf?: Instant }): Promise<readonly Coverage[]>;
  /** The projects that have usage or readings in `period`. */
  projects(period: Period, scope: Scope): Promise<readonly string[]>;
  /** The instant up to which everything appended so far counts as stored; later appends are stored later than this. */
  watermark(): Promise<Instant>;
}

/** The store cannot be reached now; the same call may succeed later. Anything else thrown is a bug. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
}
