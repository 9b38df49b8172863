import { at, type Instant } from "@raingauge/domain";
import { cellsBy, type Reader } from "../csv.ts";
import type { Prefixes } from "../prefixes.ts";
import { readingLine, readingOf, type StoredSample } from "../readings.ts";
import { type Measurement, question } from "../schema.ts";
import type { InfluxdbServer } from "../server.ts";
import type { Slots } from "../slots.ts";
import type { RolledUp } from "./book.ts";
import { type SeriesKey, seriesKey } from "./series.ts";

/** What a roll-up leaves of a series for whoever measures it further. */
export interface Tail {
  /** The hour up to which its usage is rolled up. */
  readonly from: Instant;
  /** What decides its usage from there on, of what is earlier than the roll-up's horizon. */
  readonly decisive: readonly StoredSample[];
}

export const placeOf = ({ side }: Pick<RolledUp, "side">): Measurement & ("decisive0" | "decisive1") =>
  side === 0 ? "decisive0" : "decisive1";

export function tailLines(
  prefix: Prefixes,
  measurement: Measurement,
  { from, decisive }: Tail,
  { slots, storedAt }: { readonly slots: Slots; readonly storedAt: Instant },
): string[] {
  return decisive.map((sample) => {
    const { meter, region, resource } = sample;
    const series = prefix(measurement, { meter, region, resource });
    // Stored when it was; the roll-up that it belongs to is its place.
    return readingLine(
      series,
      sample,
      slots.take(series, sample.at, `${sample.id} ${sample.sequence} ${sample.message}`),
      {
        from,
        rolled: storedAt,
      },
    );
  });
}

/** Of the roll-up itself: what another that was cut off has left in its place is none of it. */
export async function readTails(
  server: InfluxdbServer,
  rolled: RolledUp,
  where: readonly string[],
): Promise<Map<SeriesKey, Tail>> {
  const rows = await server.read(
    question(placeOf(rolled), { where: [...where, `"rolled" = ${rolled.since}`] }),
    tailRow,
  );
  return new Map(
    [...Map.groupBy(rows, ({ sample }) => seriesKey(sample))].map(([key, mine]) => [
      key,
      { from: mine[0]?.from ?? at(0), decisive: mine.map(({ sample }) => sample) },
    ]),
  );
}

interface TailRow {
  readonly sample: StoredSample;
  readonly from: Instant;
}

const tailRow: Reader<TailRow> = (columns) => {
  const read = readingOf(() => true)(columns);
  const fromOf = cellsBy(columns)("from");
  return (cells) => {
    const sample = read(cells);
    return sample === undefined ? undefined : { sample, from: at(Number(fromOf(cells))) };
  };
};
