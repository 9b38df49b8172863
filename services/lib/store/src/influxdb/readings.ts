import type { Instant, Sample } from "@raingauge/domain";
import { counts } from "./commits.ts";
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
  const rows = await seen.server.ask(question("reading", { ...within, where }));
  return rows.filter((row) => counts(seen.commits, integer(row, "stored"), asOf)).map(sampleOf);
}

export const readingPrefix = (prefix: Prefixes, { meter, region, resource }: Sample): string =>
  prefix("reading", { meter, region, resource });

export const readingLine = (prefix: string, sample: Sample, time: bigint, storedAt: Instant): string =>
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
      stored: storedAt,
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
    origin: originOf(text(row, "origin")),
    source: text(row, "source"),
    stance: stanceOf(text(row, "stance")),
    dimensions: JSON.parse(text(row, "dimensions")),
    sequence: integer(row, "sequence"),
    ...(transition === "" ? {} : { transition }),
    ...(incarnation === "" ? {} : { incarnation: JSON.parse(incarnation) }),
    message: text(row, "message"),
  };
}

const ORIGINS: readonly Sample["origin"][] = ["notification", "api", "poll"];
const STANCES: readonly Sample["stance"][] = ["states", "sights", "ends", "vanishes"];

const originOf = (said: string): Sample["origin"] => oneAmong(ORIGINS, said);
const stanceOf = (said: string): Sample["stance"] => oneAmong(STANCES, said);

function oneAmong<T extends string>(words: readonly T[], said: string): T {
  const word = words.find((each) => each === said);
  if (word === undefined) throw new TypeError(`InfluxDB holds a reading that is "${said}", which means nothing`);
  return word;
}
