import { at, type Instant, type Period, type Sample } from "@raingauge/domain";
import { originNamed, stanceNamed } from "../words.ts";
import { type Commits, counts } from "./commits.ts";
import { integer, type Row, text, whole } from "./csv.ts";
import { lineOf, oneOf, untagged } from "./line.ts";
import type { Prefixes } from "./prefixes.ts";
import { type Condition, question } from "./schema.ts";
import type { Seen } from "./seen.ts";
import { momentOf } from "./slots.ts";

export interface ReadingQuery {
  readonly meters?: readonly string[] | undefined;
  readonly region?: string | undefined;
  readonly resource?: string | undefined;
  readonly asOf?: Instant | undefined;
}

/** All readings of some series; also those of long ago, since any of them may decide who holds what today. */
export async function readings(seen: Seen, query: ReadingQuery, within: Condition = {}): Promise<Sample[]> {
  const { meters, region, resource, asOf } = query;
  if (meters?.length === 0) return [];
  const where = [
    ...(meters === undefined ? [] : [oneOf("meter", meters)]),
    ...(region === undefined ? [] : [oneOf("region", [region])]),
    ...(resource === undefined ? [] : [oneOf("resource", [resource])]),
  ];
  const rows = await standingRows(seen, within, where);
  return rows.filter((row) => counts(seen.commits, integer(row, "stored"), asOf)).map(sampleOf);
}

/** What is there: from the horizon on all of it; of what is earlier, what stayed and what came since. */
async function standingRows({ server, commits }: Seen, within: Condition, where: readonly string[]): Promise<Row[]> {
  const { frozen } = commits;
  if (frozen === undefined) return [...(await server.ask(question("reading", { ...within, where })))];
  const { horizon, since } = frozen;
  const before = { ...within, to: Math.min(within.to ?? horizon, horizon) };
  const parts = await Promise.all([
    server.ask(question("reading", { ...within, from: Math.max(within.from ?? horizon, horizon), where })),
    server.ask(question("reading", { ...before, where: [...where, `"stored" > ${since}`] })),
    server.ask(question("kept", { ...before, where: [...where, oneOf("freezing", [String(since)])] })),
  ]);
  return parts.flat();
}

/** A row of a reading that was removed may lie there for a while yet. */
export const isThere =
  ({ frozen }: Commits) =>
  (row: Row): boolean =>
    frozen === undefined || momentOf(whole(row, "time")) >= frozen.horizon || integer(row, "stored") > frozen.since;

/** All readings that count, with when they were stored and whether they came too late. */
export async function storedReadings(seen: Seen): Promise<StoredSample[]> {
  const rows = await standingRows(seen, {}, []);
  return rows
    .filter((row) => counts(seen.commits, integer(row, "stored")))
    .map((row) => ({ ...sampleOf(row), storedAt: at(integer(row, "stored")), isLate: isLateRow(row) }));
}

/** Those of a period that came too late for it. */
export async function lateReadings(seen: Seen, { start, end }: Period): Promise<Sample[]> {
  const rows = await standingRows(seen, { from: start, to: end }, [`"late" = 1`]);
  return rows.filter((row) => counts(seen.commits, integer(row, "stored")) && isLateRow(row)).map(sampleOf);
}

const isLateRow = (row: Row): boolean => row["late"] === "1";

export interface StoredSample extends Sample {
  readonly storedAt: Instant;
  readonly isLate: boolean;
}

export const readingPrefix = (prefix: Prefixes, { meter, region, resource }: Sample): string =>
  prefix("reading", { meter, region, resource });

/** Of what stays when hours are frozen. */
export const keptPrefix = (prefix: Prefixes, { meter, region, resource }: Sample, freezing: Instant): string =>
  prefix("kept", { freezing: String(freezing), meter, region, resource });

export const readingLine = (prefix: string, sample: StoredSample, time: bigint): string =>
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
    },
    time,
  );

function sampleOf(row: Row): Sample {
  const transition = text(row, "transition");
  const incarnation = text(row, "incarnation");
  return {
    id: text(row, "id"),
    region: untagged(text(row, "region")),
    project: text(row, "project"),
    meter: untagged(text(row, "meter")),
    resource: untagged(text(row, "resource")),
    at: momentOf(whole(row, "time")),
    value: whole(row, "value"),
    origin: originNamed(text(row, "origin")),
    source: text(row, "source"),
    stance: stanceNamed(text(row, "stance")),
    dimensions: JSON.parse(text(row, "dimensions")),
    sequence: integer(row, "sequence"),
    ...(transition === "" ? {} : { transition }),
    ...(incarnation === "" ? {} : { incarnation: JSON.parse(incarnation) }),
    message: text(row, "message"),
  };
}
