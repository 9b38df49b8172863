import type { Instant, Sample } from "@raingauge/domain";
import { integer, type Row, text } from "../csv.ts";
import { lineOf, untagged } from "../line.ts";
import type { Prefixes } from "../prefixes.ts";
import { question } from "../schema.ts";
import type { InfluxdbServer } from "../server.ts";
import { nanoseconds } from "../slots.ts";
import { type SeriesKey, seriesKey } from "./series.ts";

/** Notes that something came for hours that are rolled up. Such a series is measured from its readings until they are made anew. */
export const disturbedLine = (
  prefix: Prefixes,
  { meter, region, resource, at }: Pick<Sample, "meter" | "region" | "resource" | "at">,
  storedAt: Instant,
): string => lineOf(prefix("disturbed", { meter, region, resource }), { stored: storedAt }, nanoseconds(at));

export type Marks = ReadonlyMap<SeriesKey, { readonly meter: string; readonly resource: string }>;

/**
 * The series that were disturbed since a roll-up; those too of which that was noted by an append that never was committed: it
 * may have taken the place of another's note.
 */
export async function disturbedSince(
  server: InfluxdbServer,
  since: Instant,
  where: readonly string[] = [],
): Promise<Marks> {
  const rows = await server.ask(question("disturbed", { where }));
  return new Map(rows.filter((row) => integer(row, "stored") > since).map((row) => [keyOf(row), seriesOf(row)]));
}

const keyOf = (row: Row): SeriesKey => seriesKey({ region: untagged(text(row, "region")), ...seriesOf(row) });

const seriesOf = (row: Row): { readonly meter: string; readonly resource: string } => ({
  meter: untagged(text(row, "meter")),
  resource: untagged(text(row, "resource")),
});
