import type { Event } from "@raingauge/domain";
import type { Arrival } from "../store.ts";
import { counted, type Seen } from "./seen.ts";
import { every, oneOf, quoted } from "./sql.ts";

/** The arrivals whose position was never stored, each once. */
export async function newPositions({ server, lasts }: Seen, arrivals: readonly Arrival[]): Promise<Arrival[]> {
  const known = new Set<string>();
  for (const [stream, mine] of Map.groupBy(arrivals, ({ position }) => position.stream)) {
    const sequences = mine.map(({ position }) => position.sequence).join(", ");
    const where = every(`stream = ${quoted(stream)}`, `sequence in (${sequences})`, counted(lasts));
    const rows = await server.ask(`select sequence from ${server.table("position")} where ${where}`, (row) =>
      row.unsigned(),
    );
    for (const sequence of rows) known.add(`${stream}\n${sequence}`);
  }
  return arrivals.filter(({ position }) => isNew(known, `${position.stream}\n${position.sequence}`));
}

function isNew(known: Set<string>, key: string): boolean {
  if (known.has(key)) return false;
  known.add(key);
  return true;
}

/** The events that were never stored, each once. */
export async function newEvents({ server, lasts }: Seen, events: readonly Event[]): Promise<Event[]> {
  if (events.length === 0) return [];
  const ids = oneOf(
    "id",
    events.map(({ id }) => id),
  );
  const rows = await server.ask(`select id from ${server.table("event")} where ${every(ids, counted(lasts))}`, (row) =>
    row.text(),
  );
  const known = new Set(rows);
  return events.filter(({ id }) => isNew(known, id));
}
