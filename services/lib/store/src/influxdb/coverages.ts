import { at, type Coverage, type Instant, overlapMs, type Period } from "@raingauge/domain";
import { counts } from "./commits.ts";
import { integer, type Row, text, whole } from "./csv.ts";
import { lineOf, oneOf, untagged } from "./line.ts";
import type { Prefixes } from "./prefixes.ts";
import { question } from "./schema.ts";
import type { Seen } from "./seen.ts";
import { momentOf } from "./slots.ts";

/** Whatever overlaps a period, or all that was ever told; by start, then as it came. */
export async function coverages(
  { server, commits }: Seen,
  {
    period,
    region,
    asOf,
  }: { readonly period?: Period; readonly region?: string | undefined; readonly asOf?: Instant | undefined },
): Promise<Coverage[]> {
  const within = period === undefined ? [] : [`"ends" > ${period.start}`];
  const rows = await server.ask(
    question("coverage", {
      to: period?.end,
      where: [...within, ...(region === undefined ? [] : [oneOf("region", [region])])],
    }),
  );
  return rows
    .filter((row) => counts(commits, integer(row, "stored"), asOf))
    .toSorted(byArrival)
    .map(coverageOf)
    .filter((each) => period === undefined || overlapMs(each.period, period) > 0)
    .toSorted((a, b) => a.period.start - b.period.start);
}

const byArrival = (a: Row, b: Row): number =>
  integer(a, "stored") - integer(b, "stored") || integer(a, "rank") - integer(b, "rank");

export const coveragePrefix = (prefix: Prefixes, { agent, region, source }: Coverage): string =>
  prefix("coverage", { agent, region, source });

/** A coverage has no identity of its own: each telling is one, named by the place where it stood. */
export interface CoverageTold {
  readonly id: string;
  readonly rank: number;
  readonly coverage: Coverage;
}

export const coverageLine = (
  prefix: string,
  { id, rank, coverage: { period, confirms } }: CoverageTold,
  time: bigint,
  storedAt: Instant,
): string =>
  lineOf(
    prefix,
    {
      id,
      ends: period.end,
      types: confirms === undefined ? "" : JSON.stringify(confirms.resourceTypes),
      limit: String(confirms?.limitSeconds ?? ""),
      rank,
      stored: storedAt,
    },
    time,
  );

function coverageOf(row: Row): Coverage {
  const types = text(row, "types");
  return {
    region: untagged(text(row, "region")),
    source: untagged(text(row, "source")),
    agent: untagged(text(row, "agent")),
    period: { start: momentOf(whole(row, "time")), end: at(integer(row, "ends")) },
    ...(types === "" ? {} : { confirms: { resourceTypes: JSON.parse(types), limitSeconds: integer(row, "limit") } }),
  };
}
