import {
  at,
  type Coverage,
  type Instant,
  meterNamed,
  type Period,
  presenceMeters,
  type Scope,
  type Usage,
} from "@raingauge/domain";
import type { SampleStore } from "@raingauge/store";

/** A resource whose end nobody told, neither by a notification nor by the API's own time of it: what it is billed to is inferred. */
export interface Unreconciled {
  readonly region: string;
  readonly project: string;
  readonly type: string;
  readonly resource: string;
  /** To when it is billed. */
  readonly until: Instant;
  /**
   * `gone`: a complete sweep or poll after it did not see it any more, so that the bill is within one interval of the truth.
   * `unwatched`: nobody has looked since, so that it may well be there, and unbilled.
   */
  readonly why: "gone" | "unwatched";
}

export interface ReconciliationSources {
  readonly store: Pick<SampleStore, "measure" | "coverage">;
}

/**
 * What of a period is not reconciled: the open intervals of the bill beside what the sources that look regularly have seen.
 * `now` bounds a period that is not over. By region, type and resource. What is
 * merely `gone` is billed to within one interval and nothing better will be known of it; what is `unwatched` is a reason to hold a close.
 */
export async function unreconciled(
  { store }: ReconciliationSources,
  period: Period,
  now: Instant,
  scope: Scope,
): Promise<Unreconciled[]> {
  const usages = await store.measure({ meters: presenceMeters().map(({ name }) => name), period }, scope);
  const coverage = await store.coverage({ period: { start: period.start, end: at(Math.max(now, period.end)) } });
  return usages
    .flatMap((usage) => judged(usage, at(Math.min(now, period.end)), coverage))
    .toSorted((a, b) => compare([a.region, a.type, a.resource], [b.region, b.type, b.resource]));
}

function judged(
  { region, project, meter, resource, evidence }: Usage,
  now: Instant,
  coverage: readonly Coverage[],
): Unreconciled[] {
  const { end } = evidence;
  const type = meterNamed(meter)?.resourceType ?? "";
  if (end === undefined || end.kind === "final" || end.at >= now) return [];
  const looking = coverage.filter((each) => each.region === region && watches(each, type));
  // While only a listener watches, it would have heard of the end: what it has heard of last is open until it says more.
  const heard = coverage.filter((each) => each.region === region && each.confirms === undefined);
  if (
    looking.length === 0 &&
    heard.some(({ period }) => period.start <= end.at && end.at === period.end && isLast(period, heard))
  )
    return [];
  const why = looking.some(({ period }) => period.end >= end.at) ? "gone" : "unwatched";
  return [{ region, project, type, resource, until: end.at, why }];
}

const watches = ({ confirms }: Coverage, type: string): boolean => confirms?.resourceTypes.includes(type) === true;

const isLast = (period: Period, all: readonly Coverage[]): boolean =>
  all.every((each) => each.period.end <= period.end);

function compare(a: readonly string[], b: readonly string[]): number {
  const place = a.findIndex((text, index) => text !== b[index]);
  return place < 0 ? 0 : (a[place] ?? "") < (b[place] ?? "") ? -1 : 1;
}
