import { BIGINT, type DuckDBConnection, LIST, listValue, VARCHAR } from "@duckdb/node-api";
import type { Event } from "@raingauge/domain";
import type { Arrival } from "../store.ts";
import { rowsOf, text, whole } from "./answer.ts";

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
