import {
  type Dimensions,
  dimensionsKey,
  type Instant,
  inOrder,
  isEnd,
  meterNamed,
  PAIRING_MS,
  type Period,
  permits,
  resourcesOf,
  type Sample,
  type Scope,
  untilFinalEnd,
} from "@raingauge/domain";

/** What one line of a diagram is about: a meter of a resource while it was whose and what it was. */
export interface Subject {
  readonly meter: string;
  readonly region: string;
  readonly project: string;
  readonly resource: string;
  readonly dimensions: Dimensions;
  /** Of a counter: who counts, and which disk or interface; both empty for anything else. */
  readonly host: string;
  readonly device: string;
}

/** The readings of a subject as columns. They are for looking at: a value is the float64 nearest to it. */
export interface Points extends Subject {
  /** Milliseconds, ascending, each once. */
  readonly at: Float64Array<ArrayBuffer>;
  /** In the meter's base unit. NaN where the subject ended: the resource is gone, or it became another's or another thing. */
  readonly values: Float64Array<ArrayBuffer>;
}

/**
 * The specification: the points of one meter inside a period, of readings that hold everything up to the period's end. A
 * sighting goes by what was last stated; after a final end there is nothing. Deltas of one instant are summed, since a line
 * has one value at a time. What is of foreign projects may end a line, and is never shown.
 */
export function pointsOf(samples: readonly Sample[], period: Period, scope: Scope): Points[] {
  return resourcesOf(samples.filter(({ at: moment }) => moment < period.end))
    .flatMap((series) => linesOf(untilFinalEnd(inOrder(series)).alive, period))
    .filter(({ subject, at: moments }) => moments.length > 0 && permits(scope, subject.project))
    .map(({ subject, at: moments, values }) => ({
      ...subject,
      at: Float64Array.from(moments),
      values: Float64Array.from(values),
    }));
}

interface Line {
  readonly subject: Subject;
  readonly at: number[];
  readonly values: number[];
}

function linesOf(ordered: readonly Sample[], period: Period): Line[] {
  const lines = new Map<string, Line>();
  const stated = new Map<string, Sample>();
  const open = new Map<string, Line>();
  for (const sample of ordered) {
    if (isEnd(sample)) {
      for (const line of open.values()) end(line, sample.at);
      open.clear();
      continue;
    }
    const life = JSON.stringify([sample.incarnation?.host, sample.incarnation?.device]);
    if (sample.stance === "states") stated.set(life, sample);
    const line = lineOf(lines, sample, stated.get(life) ?? sample);
    const before = open.get(life);
    if (before !== undefined && before !== line) end(before, sample.at);
    open.set(life, line);
    if (sample.at >= period.start) put(line, sample);
  }
  return [...lines.values()];
}

function lineOf(lines: Map<string, Line>, sample: Sample, holder: Sample): Line {
  const subject = subjectOf(sample, holder);
  const key = JSON.stringify([subject.project, dimensionsKey(subject.dimensions), subject.host, subject.device]);
  const line = lines.get(key) ?? { subject, at: [], values: [] };
  lines.set(key, line);
  return line;
}

export const subjectOf = (
  { meter, region, resource, incarnation }: Pick<Sample, "meter" | "region" | "resource" | "incarnation">,
  { project, dimensions }: Pick<Sample, "project" | "dimensions">,
): Subject => ({
  meter,
  region,
  project,
  resource,
  dimensions,
  host: incarnation?.host ?? "",
  device: incarnation?.device ?? "",
});

/** Of several gauges at one instant the last counts. */
function put({ at: moments, values }: Line, { at: moment, value, meter }: Sample): void {
  const last = values.length - 1;
  if (moments[last] !== moment) {
    moments.push(moment);
    values.push(Number(value));
  } else if (meterNamed(meter)?.kind === "delta") values[last] = (values[last] ?? 0) + Number(value);
  else values[last] = Number(value);
}

function end({ at: moments, values }: Line, moment: number): void {
  const last = values.length - 1;
  if (last < 0 || Number.isNaN(values[last])) return;
  if (moments[last] === moment) values[last] = Number.NaN;
  else {
    moments.push(moment);
    values.push(Number.NaN);
  }
}

/** What one telling says a subject is. */
export interface Claimed {
  readonly subject: Subject;
  /** When it was stated, where that was before the period: it is in force until something else is stated of its life. */
  readonly statedAt: Instant | undefined;
}

/**
 * Each subject once: those of the period, and of what was stated before it the last of each life. The last one may tell again
 * what was told within the pairing time before it, and then does not count; so those are named too.
 */
export function subjectsClaimed(claimed: readonly Claimed[], scope: Scope): Subject[] {
  const lifeOf = ({ subject: { meter, region, resource, host, device } }: Claimed): string =>
    JSON.stringify([meter, region, resource, host, device]);
  const last = new Map<string, Instant>();
  for (const each of claimed) {
    const life = lifeOf(each);
    if (each.statedAt !== undefined && each.statedAt > (last.get(life) ?? -1)) last.set(life, each.statedAt);
  }
  const found = new Map<string, Subject>();
  for (const each of claimed) {
    const { subject, statedAt } = each;
    if (statedAt !== undefined && statedAt < (last.get(lifeOf(each)) ?? 0) - PAIRING_MS) continue;
    if (permits(scope, subject.project)) found.set(JSON.stringify(subject), subject);
  }
  return [...found.values()];
}

/** The subjects of points, each once. */
export function subjectsOf(points: readonly Points[]): Subject[] {
  return points.map(({ at: _, values: __, ...subject }) => subject);
}
