import { at, dimensionsKey, HOUR_MS, hourOf, type Instant, type Period, type Usage } from "@raingauge/domain";
import { counts } from "./commits.ts";
import { integer, type Row, text, whole } from "./csv.ts";
import { lineOf, oneOf, untagged } from "./line.ts";
import type { Prefixes } from "./prefixes.ts";
import type { ReadingQuery } from "./readings.ts";
import { question } from "./schema.ts";
import type { Seen } from "./seen.ts";
import { momentOf, type Slots } from "./slots.ts";

/** Usage of the frozen hours that a period touches. */
export async function frozenHours(
  { server, commits }: Seen,
  { meters, region, resource }: ReadingQuery,
  { start, end }: Period,
): Promise<Usage[]> {
  if (commits.frozen === undefined || meters?.length === 0) return [];
  const where = [
    ...(meters === undefined ? [] : [oneOf("meter", meters)]),
    ...(region === undefined ? [] : [oneOf("region", [region])]),
    ...(resource === undefined ? [] : [oneOf("resource", [resource])]),
  ];
  const to = Math.min(end, commits.frozen.horizon);
  const rows = await server.ask(question("hour", { from: hourOf(start), to, where }));
  return rows.filter((row) => counts(commits, integer(row, "stored"))).map(usageOf);
}

/** Several holders of one series in one hour stand side by side in its nanoseconds. */
export function hourLine(prefix: Prefixes, usage: Usage, slots: Slots, storedAt: Instant): string {
  const { meter, region, resource, project, dimensions, quantity, evidence, period } = usage;
  const series = prefix("hour", { meter, region, resource });
  const { readings, observedMs, inferredMs, afterEnd, counterDropped, end } = evidence;
  return lineOf(
    series,
    {
      project,
      dimensions: JSON.stringify(dimensions),
      // A text: it may be of 128 bits, and InfluxDB counts in 64.
      quantity: String(quantity),
      readings,
      observed: observedMs,
      inferred: inferredMs,
      afterEnd,
      counterDropped,
      endAt: end === undefined ? "" : String(end.at),
      endKind: end === undefined ? "" : end.kind,
      stored: storedAt,
    },
    slots.take(series, period.start, `${project} ${dimensionsKey(dimensions)}`),
  );
}

function usageOf(row: Row): Usage {
  const start = hourOf(momentOf(whole(row, "time")));
  const endAt = text(row, "endAt");
  return {
    region: untagged(text(row, "region")),
    meter: untagged(text(row, "meter")),
    resource: untagged(text(row, "resource")),
    project: text(row, "project"),
    dimensions: JSON.parse(text(row, "dimensions")),
    period: { start, end: at(start + HOUR_MS) },
    quantity: whole(row, "quantity"),
    evidence: {
      readings: integer(row, "readings"),
      observedMs: integer(row, "observed"),
      inferredMs: integer(row, "inferred"),
      afterEnd: integer(row, "afterEnd"),
      counterDropped: integer(row, "counterDropped"),
      ...(endAt === ""
        ? {}
        : { end: { at: at(Number(endAt)), kind: text(row, "endKind") === "final" ? "final" : "inferred" } }),
    },
  };
}
