import { at, type Dimensions, type Incarnation, type Instant, type Period, type Sample } from "@raingauge/domain";
import { originNamed, stanceNamed } from "../words.ts";
import { type Commits, counts } from "./commits.ts";
import { cellsBy, integer, type Reader, type Row, whole } from "./csv.ts";
import { type Fields, lineOf, once, oneOf, untagged } from "./line.ts";
import type { Prefixes } from "./prefixes.ts";
import { type Condition, type Measurement, question } from "./schema.ts";
import type { Seen } from "./seen.ts";
import { momentOf, momentWritten } from "./slots.ts";

export interface ReadingQuery {
  readonly meters?: readonly string[] | undefined;
  readonly region?: string | undefined;
  readonly resource?: string | undefined;
  /** Several, where more than one is asked for. */
  readonly resources?: readonly string[] | undefined;
  readonly asOf?: Instant | undefined;
}

/** All readings of some series; also those of long ago, since any of them may decide who holds what today. */
export async function readings(seen: Seen, query: ReadingQuery, within: Condition = {}): Promise<StoredSample[]> {
  const { commits } = seen;
  if (query.meters?.length === 0) return [];
  return standing(
    seen,
    within,
    seriesAsked(query),
    readingOf((stored) => counts(commits, stored, query.asOf)),
  );
}

/** The condition that a point is of the series asked for. */
export const seriesAsked = ({ meters, region, resource, resources }: ReadingQuery): string[] => [
  ...(meters === undefined ? [] : [oneOf("meter", meters)]),
  ...(region === undefined ? [] : [oneOf("region", [region])]),
  ...(resource === undefined ? [] : [oneOf("resource", [resource])]),
  ...(resources === undefined ? [] : [oneOf("resource", resources)]),
];

/** What is there: from the horizon on all of it; of what is earlier, what stayed and what came since. */
export async function standing<T>(
  { server, commits }: Seen,
  within: Condition,
  where: readonly string[],
  reader: Reader<T>,
  fields?: readonly string[],
): Promise<T[]> {
  const { frozen } = commits;
  const read = (measurement: Measurement, condition: Condition): Promise<T[]> =>
    server.read(question(measurement, condition, fields), reader);
  if (frozen === undefined) return read("reading", { ...within, where });
  const { horizon, since } = frozen;
  const before = { ...within, to: Math.min(within.to ?? horizon, horizon) };
  const parts = await Promise.all([
    read("reading", { ...within, from: Math.max(within.from ?? horizon, horizon), where }),
    ...((within.from ?? 0) >= horizon
      ? []
      : [
          read("reading", { ...before, where: [...where, `"stored" > ${since}`] }),
          read("kept", { ...before, where: [...where, oneOf("freezing", [String(since)])] }),
        ]),
  ]);
  return parts.flat();
}

/** A row of a reading that was removed may lie there for a while yet. */
export const isThere =
  ({ frozen }: Commits) =>
  (row: Row): boolean =>
    frozen === undefined || momentOf(whole(row, "time")) >= frozen.horizon || integer(row, "stored") > frozen.since;

/** All readings of some meters that count. */
export const storedReadings = (seen: Seen, where: readonly string[]): Promise<StoredSample[]> =>
  standing(
    seen,
    {},
    where,
    readingOf((stored) => counts(seen.commits, stored)),
  );

/** Those of a period that came too late for it. */
export async function lateReadings(seen: Seen, { start, end }: Period): Promise<Sample[]> {
  const read = readingOf((stored) => counts(seen.commits, stored));
  const rows = await standing(seen, { from: start, to: end }, [`"late" = 1`], read);
  return rows.filter(({ isLate }) => isLate);
}

export interface StoredSample extends Sample {
  readonly storedAt: Instant;
  readonly isLate: boolean;
}

export const readingPrefix = (prefix: Prefixes, { meter, region, resource }: Sample): string =>
  prefix("reading", { meter, region, resource });

/** Of what stays when hours are frozen. */
export const keptPrefix = (prefix: Prefixes, { meter, region, resource }: Sample, freezing: Instant): string =>
  prefix("kept", { freezing: String(freezing), meter, region, resource });

export const readingLine = (prefix: string, sample: StoredSample, time: bigint, more: Fields = {}): string =>
  lineOf(
    prefix,
    {
      value: sample.value,
      id: sample.id,
      project: sample.project,
      origin: sample.origin,
      source: sample.source,
      stance: sample.stance,
      dimensions: JSON.stringify(sample.dimensions),
      sequence: sample.sequence,
      transition: sample.transition ?? "",
      incarnation: sample.incarnation === undefined ? "" : JSON.stringify(sample.incarnation),
      message: sample.message,
      stored: sample.storedAt,
      late: sample.isLate ? 1 : 0,
      ...more,
    },
    time,
  );

/** Reads readings as they come; what many of them say in the same words is made once. */
export const readingOf =
  (isCounted: (stored: number) => boolean): Reader<StoredSample> =>
  (columns) => {
    const column = cellsBy(columns);
    const amountOf = column("value");
    const idOf = column("id");
    const projectOf = column("project");
    const originOf = column("origin");
    const sourceOf = column("source");
    const stanceOf = column("stance");
    const dimensionsOf = column("dimensions");
    const sequenceOf = column("sequence");
    const transitionOf = column("transition");
    const incarnationOf = column("incarnation");
    const messageOf = column("message");
    const storedOf = column("stored");
    const lateOf = column("late");
    const timeOf = column("time");
    const meterOf = column("meter");
    const regionOf = column("region");
    const resourceOf = column("resource");
    const said = once((text) => text);
    const tag = once(untagged);
    const told = once((text): Dimensions => JSON.parse(text));
    const life = once((text): Incarnation => JSON.parse(text));
    return (cells) => {
      const storedAt = Number(storedOf(cells));
      if (!isCounted(storedAt)) return undefined;
      const [transition, incarnation] = [transitionOf(cells), incarnationOf(cells)];
      return {
        id: idOf(cells),
        region: tag(regionOf(cells)),
        project: said(projectOf(cells)),
        meter: tag(meterOf(cells)),
        resource: tag(resourceOf(cells)),
        at: momentWritten(timeOf(cells)),
        value: BigInt(amountOf(cells)),
        origin: originNamed(originOf(cells)),
        source: said(sourceOf(cells)),
        stance: stanceNamed(stanceOf(cells)),
        dimensions: told(dimensionsOf(cells)),
        sequence: Number(sequenceOf(cells)),
        ...(transition === "" ? {} : { transition }),
        ...(incarnation === "" ? {} : { incarnation: life(incarnation) }),
        message: messageOf(cells),
        storedAt: at(storedAt),
        isLate: lateOf(cells) === "1",
      };
    };
  };

/** A sample, and not how it lies here. */
export function shown({ storedAt: _, isLate: __, ...sample }: StoredSample): Sample {
  return sample;
}
