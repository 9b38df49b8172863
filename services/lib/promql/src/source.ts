import type { LabelSet } from "./label-set.ts";
import type { Matcher } from "./matcher.ts";

/** A series with its samples as columns. */
export interface SourceSeries {
  readonly labels: LabelSet;
  /** Milliseconds, ascending. */
  readonly at: Float64Array;
  readonly values: Float64Array;
  /** When it ended, each time: an older sample is looked back to no more. Ascending. */
  readonly ends?: Float64Array;
  /** How long a sample holds where that is longer than the look-back: the step at which the source makes them. */
  readonly holdsMs?: number;
}

/** From later than `start` up to and with `end`, in milliseconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The windows over which samples will be summed: each ends at one of these instants and is so long. A source of differences may
 * then give one sum for all between two edges of windows, at the later edge, for the samples there.
 */
export interface Sums {
  readonly rangeMs: number;
  readonly ends: readonly number[];
  /** Set where the sums are in turn added up by these labels, so that nobody sees any other: the source may have done that before. */
  readonly by?: readonly string[];
}

/** Where samples come from. Confined to its caller by whoever makes it; no query can widen it. */
export interface Source {
  select(matchers: readonly Matcher[], span: Span, sums?: Sums): Promise<readonly SourceSeries[]>;
  /** The labels of all series that match and have samples in the span. */
  series(matchers: readonly Matcher[], span: Span): Promise<readonly LabelSet[]>;
}
