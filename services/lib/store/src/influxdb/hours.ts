import {
  at,
  type Dimensions,
  dimensionsKey,
  HOUR_MS,
  hourOf,
  type Instant,
  type Period,
  type Usage,
} from "@raingauge/domain";
import { counts } from "./commits.ts";
import { cellsBy, type Reader } from "./csv.ts";
import { lineOf, once, untagged } from "./line.ts";
import type { Prefixes } from "./prefixes.ts";
import { type ReadingQuery, seriesAsked } from "./readings.ts";
import { question } from "./schema.ts";
import type { Seen } from "./seen.ts";
import { momentWritten, type Slots } from "./slots.ts";

/** Usage of the frozen hours that a period touches. */
export async function frozenHours(
  { server, commits }: Seen,
  query: ReadingQuery,
  { start, end }: Period,
): Promise<Usage[]> {
  if (commits.frozen === undefined || query.meters?.length === 0) return [];
  const to = Math.min(end, commits.frozen.horizon);
  if (to <= hourOf(start)) return [];
  const asked = question("hour", { from: hourOf(start), to, where: seriesAsked(query) });
  const rows = await server.read(
    asked,
    hourRow((stored) => counts(commits, stored)),
  );
  return rows.flatMap(({ usage }) => usage ?? []);
}

/** Several holders of one series in one hour stand side by side in its nanoseconds. */
export function hourLine(
  prefix: Prefixes,
  measurement: "hour" | "rolled",
  usage: Usage,
  { slots, storedAt }: Placed,
): string {
  const { meter, region, resource, project, dimensions, quantity, evidence, period } = usage;
  const series = prefix(measurement, { meter, region, resource });
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

export interface Placed {
  readonly slots: Slots;
  readonly storedAt: Instant;
}

/** What is said of an hour in which there was something, and is nothing any more. */
export function emptyLine(
  prefix: Prefixes,
  { meter, region, resource }: Pick<Usage, "meter" | "region" | "resource">,
  hour: Instant,
  { slots, storedAt }: Placed,
): string {
  const series = prefix("rolled", { meter, region, resource });
  const nothing = { project: "", dimensions: "{}", quantity: "", readings: 0, observed: 0, inferred: 0, afterEnd: 0 };
  const fields = { ...nothing, counterDropped: 0, endAt: "", endKind: "", stored: storedAt };
  return lineOf(series, fields, slots.take(series, hour, ""));
}

export interface HourRow {
  readonly meter: string;
  readonly region: string;
  readonly resource: string;
  readonly hour: Instant;
  /** In nanoseconds. */
  readonly time: string;
  readonly storedAt: number;
  /** Nothing where the row says that there is none. */
  readonly usage: Usage | undefined;
}

/** Reads rows of hours as they come. */
export const hourRow =
  (isCounted: (stored: number) => boolean): Reader<HourRow> =>
  (columns) => {
    const column = cellsBy(columns);
    const [meterOf, regionOf, resourceOf] = [column("meter"), column("region"), column("resource")];
    const [timeOf, storedOf] = [column("time"), column("stored")];
    const usageOf = usageRead(columns);
    const tag = once(untagged);
    return (cells) => {
      const storedAt = Number(storedOf(cells));
      if (!isCounted(storedAt)) return undefined;
      const time = timeOf(cells);
      const hour = hourOf(momentWritten(time));
      const series = { meter: tag(meterOf(cells)), region: tag(regionOf(cells)), resource: tag(resourceOf(cells)) };
      const usage = usageOf(cells, hour);
      return { ...series, hour, time, storedAt, usage: usage && { ...series, ...usage } };
    };
  };

type Used = Omit<Usage, "meter" | "region" | "resource">;

function usageRead(columns: readonly string[]): (cells: readonly string[], start: Instant) => Used | undefined {
  const column = cellsBy(columns);
  const [projectOf, dimensionsOf, quantityOf] = [column("project"), column("dimensions"), column("quantity")];
  const [readingsOf, observedOf, inferredOf] = [column("readings"), column("observed"), column("inferred")];
  const [afterEndOf, droppedOf] = [column("afterEnd"), column("counterDropped")];
  const [endAtOf, endKindOf] = [column("endAt"), column("endKind")];
  const said = once((text) => text);
  const told = once((text): Dimensions => JSON.parse(text));
  return (cells, start) => {
    const [quantity, endAt] = [quantityOf(cells), endAtOf(cells)];
    if (quantity === "") return undefined;
    return {
      project: said(projectOf(cells)),
      dimensions: told(dimensionsOf(cells)),
      period: { start, end: at(start + HOUR_MS) },
      quantity: BigInt(quantity),
      evidence: {
        readings: Number(readingsOf(cells)),
        observedMs: Number(observedOf(cells)),
        inferredMs: Number(inferredOf(cells)),
        afterEnd: Number(afterEndOf(cells)),
        counterDropped: Number(droppedOf(cells)),
        ...(endAt === ""
          ? {}
          : { end: { at: at(Number(endAt)), kind: endKindOf(cells) === "final" ? "final" : "inferred" } }),
      },
    };
  };
}
