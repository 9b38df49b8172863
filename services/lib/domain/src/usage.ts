import { counters } from "./counter.ts";
import { UNWATCHED, type Watch } from "./coverage.ts";
import { holds } from "./hold.ts";
import { contains, type Instant, type Period } from "./instant.ts";
import type { Meter } from "./meter.ts";
import { accumulate, type Portion } from "./portion.ts";
import type { Dimensions, Sample } from "./sample.ts";
import { inOrder, resourcesOf } from "./timeline.ts";

/**
 * How much of a meter a resource used in a period, with evidence.
 * Identity: region, project, meter, resource, dimensions, period.
 */
export interface Usage {
  readonly region: string;
  readonly project: string;
  readonly meter: string;
  readonly resource: string;
  readonly dimensions: Dimensions;
  readonly period: Period;
  /** Gauges: base unit × millisecond. Counters: base units. Never a float: this becomes money. */
  readonly quantity: bigint;
  readonly evidence: Evidence;
}

/** Why a bill can be defended: what was read, how much of the time was seen, and how much was concluded. */
export interface Evidence {
  /** Distinct readings inside the period, those after the final end apart. */
  readonly readings: number;
  readonly observedMs: number;
  /** Time between or after readings that nobody looked at, concluded from what came before and after. */
  readonly inferredMs: number;
  /** Readings later than the final end; they change nothing. */
  readonly afterEnd: number;
  /** Times that a counter went down within one incarnation; each is a new baseline and costs us. */
  readonly counterDropped: number;
  /** Where the resource's time ended inside the period, and whether that is certain. */
  readonly end?: End;
}

export interface End {
  readonly at: Instant;
  readonly kind: "final" | "inferred";
}

/**
 * The specification: every store's own query must equal this. Pure.
 *
 * `samples` are readings of one meter in one region: any part of each series that holds at least what `slice` keeps of it.
 * Order and repetition do not matter. A series yields one usage per project and dimensions in force.
 */
export function measure(meter: Meter, samples: readonly Sample[], period: Period, watch: Watch = UNWATCHED): Usage[] {
  return resourcesOf(samples).flatMap((series) => {
    const [first] = series;
    if (first === undefined) return [];
    return accumulate(portions(meter, series, period, watch), {
      region: first.region,
      meter: meter.name,
      resource: first.resource,
      period,
    });
  });
}

function portions(meter: Meter, series: readonly Sample[], period: Period, watch: Watch): Portion[] {
  switch (meter.kind) {
    case "gauge":
      return holds(meter, inOrder(series), period, watch);
    case "cumulative":
      return counters(series, period);
    case "delta":
      return deltas(inOrder(series), period);
  }
}

export const deltas = (ordered: readonly Sample[], period: Period): Portion[] =>
  ordered
    .filter((sample) => contains(period, sample.at))
    .map((sample) => ({ holder: sample, quantity: sample.value, readings: 1 }));
