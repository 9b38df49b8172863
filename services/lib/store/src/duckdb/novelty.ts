import { BIGINT, type DuckDBConnection, LIST, listValue, VARCHAR } from "@duckdb/node-api";
import { type Event, type Sample, toldEarlier } from "@raingauge/domain";
import type { Arrival } from "../store.ts";
import { integer, rowsOf, text, whole } from "./answer.ts";
import type { Catalogue, Series } from "./catalogue.ts";
import { FOREVER } from "./schema.ts";

/** A reading to be stored. */
export interface Reading {
  readonly sample: Sample;
  readonly series: Series;
  /** It was stored before; this delivery tells it earlier, and so it is the one that counts from now on. */
  readonly again: boolean;
}

/** The arrivals whose position was never stored, each once. */
export async function newPositions(connection: DuckDBConnection, arrivals: readonly Arrival[]): Promise<Arrival[]> {
  const known = new Set<string>();
  for (const [stream, mine] of Map.groupBy(arrivals, ({ position }) => position.stream)) {
    const sequences = mine.map(({ position }) => position.sequence).toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const rows = await rowsOf(connection, {
      sql: "select sequence from position where stream = $stream and sequence between $first and $last",
      values: { stream, first: sequences.at(0) ?? 0n, last: sequences.at(-1) ?? 0n },
      types: { stream: VARCHAR, first: BIGINT, last: BIGINT },
    });
    for (const [sequence] of rows) known.add(`${stream}\n${whole(sequence)}`);
  }
  return arrivals.filter(({ position }) => isNew(known, `${position.stream}\n${position.sequence}`));
}

function isNew(known: Set<string>, key: string): boolean {
  if (known.has(key)) return false;
  known.add(key);
  return true;
}

/** The events that were never stored, each once. */
export async function newEvents(connection: DuckDBConnection, events: readonly Event[]): Promise<Event[]> {
  if (events.length === 0) return [];
  const rows = await rowsOf(connection, {
    sql: "select id from event where id in (select unnest($ids))",
    values: { ids: listValue(events.map(({ id }) => id)) },
    types: { ids: LIST(VARCHAR) },
  });
  const known = new Set(rows.map(([id]) => text(id)));
  return events.filter(({ id }) => isNew(known, id));
}

/** The readings to store: those never stored, and of the others those told earlier than before. */
export async function newReadings(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  samples: readonly Sample[],
): Promise<Reading[]> {
  const told = [...earliest(samples).values()].map((sample) => ({ sample, series: catalogue.enterSeries(sample) }));
  const known = await knownTellings(
    connection,
    told.filter(({ sample, series }) => sample.at <= series.lastAt).map(({ sample }) => sample),
  );
  return told.flatMap(({ sample, series }): Reading[] => {
    const before = known.get(sample.id);
    if (before === undefined) return [{ sample, series, again: false }];
    return toldEarlier(sample, before) ? [{ sample, series, again: true }] : [];
  });
}

function earliest(samples: readonly Sample[]): Map<string, Sample> {
  const byId = new Map<string, Sample>();
  for (const sample of samples) {
    const known = byId.get(sample.id);
    if (known === undefined || toldEarlier(sample, known)) byId.set(sample.id, sample);
  }
  return byId;
}

type Telling = Pick<Sample, "sequence" | "message">;

/** How readings were told that are stored already. Only what is not later than its series' last instant needs looking up. */
async function knownTellings(connection: DuckDBConnection, samples: readonly Sample[]): Promise<Map<string, Telling>> {
  if (samples.length === 0) return new Map();
  const instants: readonly number[] = samples.map(({ at }) => at);
  const rows = await rowsOf(connection, {
    sql: `
      select r.id, r.sequence, m.message from reading r join message m using (message_id)
      where r.moment between $first and $last and r.id in (select unnest($ids)) order by r.stored_at`,
    values: {
      first: BigInt(instants.reduce((a, b) => Math.min(a, b), FOREVER)),
      last: BigInt(instants.reduce((a, b) => Math.max(a, b), 0)),
      ids: listValue(samples.map(({ id }) => id)),
    },
    types: { first: BIGINT, last: BIGINT, ids: LIST(VARCHAR) },
  });
  return new Map(
    rows.map(([id, sequence, message]) => [text(id), { sequence: integer(sequence), message: text(message) }]),
  );
}
