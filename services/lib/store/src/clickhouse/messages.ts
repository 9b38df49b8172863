import { meterNamed } from "@raingauge/domain";
import type { Catalogue } from "./catalogue.ts";
import type { Lot } from "./lot.ts";
import type { ClickhouseServer } from "./server.ts";
import { type Reading, type Row, storedReadings, type TellingId } from "./stored.ts";

/** How many lots are named in one question. */
const LOTS_MAX = 20_000;

/** The messages behind some rows. */
export async function messagesOf(
  server: ClickhouseServer,
  rows: readonly TellingId[],
): Promise<(row: TellingId) => string> {
  const lots = [...new Set(rows.map(({ lot }) => lot))];
  const found = new Map<string, string>();
  for (let start = 0; start < lots.length; start += LOTS_MAX) {
    const some: readonly Lot[] = lots.slice(start, start + LOTS_MAX);
    const tellings = await server.ask(
      `select lot, telling, message from ${server.table("telling")} where lot in (${some.join(", ")})`,
      (row) => [`${row.unsigned()} ${row.count()}`, row.text()] as const,
    );
    for (const [name, message] of tellings) found.set(name, message);
  }
  return ({ lot, telling }) => found.get(`${lot} ${telling}`) ?? "";
}

/**
 * Readings with the messages that decide something: of a difference, which is named by its message, and of readings that
 * share series, instant and sequence, of which the message may say which was told first. Rows come in the order of series
 * and instants.
 */
export async function readingsOf(
  server: ClickhouseServer,
  catalogue: Catalogue,
  rows: readonly Row[],
): Promise<Reading[]> {
  const seriesOf = await catalogue.seriesOf(new Set(rows.map(({ series }) => series)));
  const isNamed = (row: Row): boolean => (meterNamed(seriesOf(row.series).meter)?.kind ?? "delta") === "delta";
  const isTied = (row: Row, other: Row | undefined): boolean =>
    other?.series === row.series && other.moment === row.moment;
  const named = rows.filter(
    (row, index) => isNamed(row) || isTied(row, rows[index - 1]) || isTied(row, rows[index + 1]),
  );
  const messageOf = await messagesOf(server, named);
  const asked = new Set(named);
  const read = await storedReadings(catalogue, rows);
  return rows.map((row) => read(row, asked.has(row) ? messageOf(row) : ""));
}
