import {
  type Batch,
  type Coverage,
  type Event,
  type Instant,
  iso,
  type Period,
  type Resource,
  type Sample,
  type Scope,
  type Usage,
} from "@raingauge/domain";
import type { Cut } from "./cut.ts";
import type { Points, Subject } from "./points.ts";
import type { Total, TotalsQuery } from "./totals.ts";

export type { Cut } from "./cut.ts";
export type { Points, Subject } from "./points.ts";
export type { Total, TotalsQuery, TotalTerm } from "./totals.ts";

/** A batch with the place where it stood on the bus. */
export interface Arrival {
  readonly position: { readonly stream: string; readonly sequence: bigint };
  readonly batch: Batch;
}

/** Every sample and event of an append is either; coverage is not counted. */
export interface AppendResult {
  /** Rows that were not there before. */
  readonly stored: number;
  /** Rows of redelivered positions, and readings and events that were stored already under another position. */
  readonly duplicates: number;
  /** Of those stored, the readings that came for frozen hours; absent when there were none. */
  readonly late?: number;
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
  /** From this resource on, in the order of the answer. */
  readonly from?: ResourceKey;
  /** Whole resources only, up to the one with which there are so many readings. */
  readonly limit?: number;
}

export interface ResourceKey {
  readonly region: string;
  readonly resource: string;
}

export interface PointQuery {
  readonly meter: string;
  readonly period: Period;
  readonly region?: string;
  readonly resource?: string;
}

export interface SubjectQuery {
  readonly period: Period;
  /** All meters when absent. */
  readonly meter?: string;
}

export interface EventQuery extends Cut<{ readonly at: Instant; readonly id: string }> {
  readonly period: Period;
  readonly resource?: string;
}

export interface ResourceQuery extends Cut<ResourceKey> {
  readonly period: Period;
  readonly type?: string;
}

export interface CoverageQuery {
  readonly period: Period;
  readonly region?: string;
  readonly asOf?: Instant;
}

/** What was recomputed: series, one as often as it was taken up, and hours summed over them. */
export interface RollUpReport {
  readonly series: number;
  readonly hours: number;
}

/** What of the past is frozen. */
export interface Frozen {
  /** A UTC hour: whatever is earlier stands as it was measured then. */
  readonly horizon: Instant;
  /** When, as a watermark. */
  readonly since: Instant;
}

export interface FreezeReport {
  readonly horizon: Instant;
  /** Rows of readings that were removed. */
  readonly removed: number;
}

/** Readings of one series and project that came for frozen hours. */
export interface LateReadings {
  readonly region: string;
  readonly project: string;
  readonly meter: string;
  readonly resource: string;
  readonly readings: number;
  readonly first: Instant;
  readonly last: Instant;
}

/**
 * Where samples, events and usage rest. Promises, each held by the conformance suite:
 * 1. Appending a position again changes nothing; a reading that comes again under another position changes no answer and
 *    is counted as a duplicate.
 * 2. What is appended is readable before `append` resolves, and survives the death of the process.
 * 3. `series` returns what the domain's `slice` keeps, region by region, of every series; then only the readings of
 *    projects that the scope permits. Of a meter that the catalogue does not know: the readings inside the period.
 * 4. `measure` equals the domain's `measure` over all readings of the region, then narrowed to the scope; whatever was
 *    rolled up before, in whatever order things came. A reading of a foreign project may end a hold, but is never shown.
 * 5. `rollUp` recomputes exactly the hours that arrivals dirtied.
 * 6. With `asOf`, what was stored later is not seen: not a sample, not a coverage.
 * 7. Nothing of a project outside the scope appears, not in a count either.
 * 8. `points` equals `pointsOf` over all readings; in any order. `subjects` names at least what `points` tells of.
 * 9. `freeze` makes the hours before its horizon stand as they are measured then, for good, and removes readings that are
 *    earlier, and were stored earlier, than it; but never what the domain's `retained` keeps: a series' last reading, its
 *    first start, its end mark; and nothing of a meter that the catalogue does not know. Hours from the horizon on are
 *    measured as before. A frozen hour that a period's edge cuts is shared out by time.
 * 10. A reading that comes for a frozen hour is stored, counted as `late`, told of by `late` and changes no frozen hour. It
 *    stays as long as any other, counted from its storing.
 * 11. `totals` equals `totalsOf` what `measure` tells of each part of the period.
 * 12. Pages of an answer, each beginning after the last one's end, are the answer.
 * 13. What is asked with a signal rejects with the signal's reason once that aborts, and the engine is asked no more for it; whoever
 *    else asks is not disturbed.
 */
export interface SampleStore extends AsyncDisposable {
  /** One transaction. Throws StoreUnavailable; then nothing of it was stored. */
  append(arrivals: readonly Arrival[]): Promise<AppendResult>;
  /** Usage added up, where nobody asks which usages these were. In the order of `totalsOf`. */
  totals(query: TotalsQuery, scope: Scope, signal?: AbortSignal): Promise<readonly Total[]>;
  /** The readings that decide `period`, series by series: by region, resource and instant. */
  series(query: SampleQuery, scope: Scope): Promise<readonly Sample[]>;
  /** In the domain's identity order. A meter that the catalogue does not know has no usage. */
  measure(query: UsageQuery, scope: Scope, signal?: AbortSignal): Promise<readonly Usage[]>;
  /** A meter's readings to be looked at, as columns of floats. No bill is made of these. */
  points(query: PointQuery, scope: Scope, signal?: AbortSignal): Promise<readonly Points[]>;
  /** What there are points of, each once, in any order. */
  subjects(query: SubjectQuery, scope: Scope, signal?: AbortSignal): Promise<readonly Subject[]>;
  rollUp(): Promise<RollUpReport>;
  /** The horizon is cut down to a UTC hour, and never goes back: an earlier one changes nothing. */
  freeze(horizon: Instant): Promise<FreezeReport>;
  /** Nothing before the first `freeze`. */
  frozen(): Promise<Frozen | undefined>;
  /** What is kept of readings that came late for a period; by region, project, meter and resource. */
  late(period: Period, scope: Scope): Promise<readonly LateReadings[]>;
  /** By instant and id. What belongs to no project is shown to those only who may see everything. */
  events(query: EventQuery, scope: Scope): Promise<readonly Event[]>;
  /**
   * By region and id, as their events and readings told of them up to the period's end, seen at least once inside. A caller hears only what
   * was told of them while they were in his projects.
   */
  resources(query: ResourceQuery, scope: Scope): Promise<readonly Resource[]>;
  /** Whatever overlaps the period, by start. */
  coverage(query: CoverageQuery): Promise<readonly Coverage[]>;
  /** The projects that have usage or readings in `period`, by name; a dial makes nobody a customer. */
  projects(period: Period, scope: Scope, signal?: AbortSignal): Promise<readonly string[]>;
  /** The instant up to which everything appended so far counts as stored; later appends are stored later than this. */
  watermark(): Promise<Instant>;
}

/**
 * As of a watermark from before the freezing nobody can say any more what a frozen hour was: what came between the two may
 * be part of it. Thrown by `measure` and `series`.
 */
export class HoursFrozen extends Error {
  override readonly name: string = "HoursFrozen";
  readonly horizon: Instant;

  constructor(horizon: Instant) {
    super(
      `The hours before ${iso(horizon)} are frozen, and their readings gone: nobody can say what was known of them then.`,
    );
    this.horizon = horizon;
  }
}

/** Refuses what cannot be answered truly any more. */
export function refuseFrozen(
  frozen: Frozen | undefined,
  { period, asOf }: { readonly period: Period; readonly asOf?: Instant | undefined },
): void {
  if (frozen === undefined || asOf === undefined || asOf >= frozen.since) return;
  if (period.start < frozen.horizon || asOf < frozen.horizon) throw new HoursFrozen(frozen.horizon);
}

/** The store cannot be reached now; the same call may succeed later. Anything else thrown is a bug. */
export class StoreUnavailable extends Error {
  override readonly name: string = "StoreUnavailable";
}
