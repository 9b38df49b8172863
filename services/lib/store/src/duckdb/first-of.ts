import type { DuckDBConnection } from "@duckdb/node-api";
import type { Instant } from "@raingauge/domain";
import { integer, moment, rowsOf, text } from "./answer.ts";

/** What a roll-up takes: whatever came after one telling, up to another. */
export interface Arrived {
  /** The last telling that the roll-ups know. */
  readonly rolledTo: number;
  readonly arrivedTo: number;
  /** When the last of them was stored. */
  readonly storedAt: Instant;
}

/**
 * The first of more than so many readings, in whole tellings and at least one. For whoever goes on with this connection there are no
 * others then: a view stands before the table. Undefined, and nothing is changed, where there are not so many.
 */
export async function firstOf(
  connection: DuckDBConnection,
  { rolledTo, arrivedTo }: Arrived,
  most: number,
): Promise<Arrived | undefined> {
  if (most === Number.POSITIVE_INFINITY) return undefined;
  let to = arrivedTo;
  for (
    let found = await readingsBetween(connection, rolledTo, to);
    found > most && to > rolledTo + 1;
    found = await readingsBetween(connection, rolledTo, to)
  )
    to = rolledTo + Math.max(1, Math.floor(((to - rolledTo) * most) / found));
  if (to === arrivedTo) return undefined;
  const [row] = await rowsOf(connection, {
    // Not every number is one: of what was frozen tellings are removed.
    sql: `select coalesce(max(stored_at), 0), current_database() from telling where telling_id <= ${to}`,
  });
  await connection.run(`
    create temp view reading as from "${text(row?.[1]).replaceAll('"', '""')}".main.reading where telling_id <= ${to}`);
  return { rolledTo, arrivedTo: to, storedAt: moment(row?.[0]) };
}

async function readingsBetween(connection: DuckDBConnection, after: number, to: number): Promise<number> {
  const [row] = await rowsOf(connection, {
    sql: `select count(*) from reading where telling_id > ${after} and telling_id <= ${to}`,
  });
  return integer(row?.[0]);
}
