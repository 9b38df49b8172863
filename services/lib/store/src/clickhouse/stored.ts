import type { Sample } from "@raingauge/domain";
import { incarnationOf } from "../incarnation.ts";
import { stanceOf } from "../stance.ts";
import { StoredReading } from "../stored-reading.ts";
import type { Catalogue, Claim, Series } from "./catalogue.ts";
import type { Cursor } from "./cursor.ts";
import type { Key } from "./key.ts";
import type { Lot } from "./lot.ts";

/** Where a reading's message is to be found. */
export interface TellingId {
  readonly lot: Lot;
  readonly telling: number;
}

export type Reading = StoredReading<TellingId>;

/** A row of the table `reading`, as `READING` selects it; what its keys stand for is not looked up yet. */
export interface Row {
  readonly series: Key;
  readonly moment: Sample["at"];
  readonly value: bigint;
  readonly stance: number;
  readonly claim: Key;
  readonly sequence: number;
  readonly transition: string;
  readonly lot: Lot;
  readonly telling: number;
  readonly mark: number;
}

export const READING = [
  "series",
  "moment",
  "value",
  "stance",
  "claim",
  "sequence",
  "transition",
  "lot",
  "telling",
  "mark",
]
  .map((column) => `reading.${column}`)
  .join(", ");

export const readRow = (row: Cursor): Row => ({
  series: row.key(),
  moment: row.moment(),
  value: row.whole(),
  stance: row.small(),
  claim: row.key(),
  sequence: row.integer(),
  transition: row.text(),
  lot: row.unsigned(),
  telling: row.count(),
  mark: row.small(),
});

/** What makes readings of rows: with the keys of all of them looked up. */
export async function storedReadings(
  catalogue: Catalogue,
  rows: readonly Row[],
): Promise<(row: Row, message?: string) => Reading> {
  const [seriesOf, claimOf] = await Promise.all([
    catalogue.seriesOf(new Set(rows.map(({ series }) => series))),
    catalogue.claimsOf(new Set(rows.map(({ claim }) => claim))),
  ]);
  return (row, message = "") => readingOf(row, seriesOf(row.series), claimOf(row.claim), message);
}

function readingOf(row: Row, series: Series, claim: Claim, message: string): Reading {
  const { region, meter, resource } = series;
  const { project, origin, source, dimensions } = claim;
  const { moment, value, sequence, transition } = row;
  const incarnation = incarnationOf(series, claim);
  const said = {
    region,
    project,
    meter,
    resource,
    at: moment,
    value,
    origin,
    source,
    stance: stanceOf(row.stance),
    dimensions,
    sequence,
    message,
    ...(transition === "" ? {} : { transition }),
    ...(incarnation === undefined ? {} : { incarnation }),
  };
  return new StoredReading(said, { lot: row.lot, telling: row.telling }, row.mark);
}
