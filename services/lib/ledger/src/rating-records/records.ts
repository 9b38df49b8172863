import { createHash } from "node:crypto";
import { type Instant, iso, type Period, type Scope } from "@raingauge/domain";

/** One version of one thing that CloudKitty's API keeps: a rule, a scope, a task. The latest of a kind and key is how it stands. */
export interface RatingRecord {
  /** Its place in the order of writing, from 1. */
  readonly sequence: bigint;
  readonly kind: string;
  readonly key: string;
  readonly writtenAt: Instant;
  /** JSON; what it means is the affair of whoever wrote it. */
  readonly document: string;
}

export type NewRatingRecord = Pick<RatingRecord, "kind" | "key" | "document">;

/** A rated data point that somebody else computed and gave us to keep. */
export interface RatedPoint {
  readonly type: string;
  readonly period: Period;
  /** Whose it is: `project_id` of its `groupby`. */
  readonly project: string;
  readonly unit: string;
  /** Decimal digits, exactly as they were given. */
  readonly quantity: string;
  readonly price: string;
  readonly groupby: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface PointQuery {
  /** Points that begin in it. */
  readonly period: Period;
  /** An attribute, or `type`, and the values that it may have. */
  readonly filters: ReadonlyMap<string, readonly string[]>;
}

export interface PointSum {
  /** In the order of what was asked for; `time` is the beginning in ISO 8601. */
  readonly by: readonly string[];
  readonly quantity: string;
  readonly price: string;
}

/**
 * What CloudKitty's API keeps that is no document of ours. Promises, each held by the suite:
 * 1. Records are only added, in one order; who writes on top of an outdated history is refused and writes nothing.
 * 2. A point that comes again (same type, period and groupby) takes the place of the one before.
 * 3. Sums of points are exact.
 * 4. Nothing of a project outside the scope appears, not in a count either.
 */
export interface RatingRecords {
  /** In the order of their writing. */
  ratingRecords(): Promise<readonly RatingRecord[]>;
  /** All or none. `after` is the sequence of the last record that the writer has read; false when there are later ones. */
  addRatingRecords(after: bigint, records: readonly NewRatingRecord[]): Promise<boolean>;

  keepPoints(points: readonly RatedPoint[]): Promise<void>;
  /** In the order of period, type and identity. */
  points(
    query: PointQuery,
    page: { readonly offset: number; readonly limit: number },
    scope: Scope,
  ): Promise<{ readonly total: number; readonly points: readonly RatedPoint[] }>;
  /** Added up by attributes; `type` and `time` name the point's own. In the order of `by`. */
  pointSums(query: PointQuery, by: readonly string[], scope: Scope): Promise<readonly PointSum[]>;
  /** The projects of all points, by name. */
  pointProjects(scope: Scope): Promise<readonly string[]>;
}

/** Names a point, whoever delivers it and however often. */
export function pointIdentity({ type, period, groupby }: Pick<RatedPoint, "type" | "period" | "groupby">): string {
  const names = Object.entries(groupby).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([type, iso(period.start), iso(period.end), names]))
    .digest("hex");
}
