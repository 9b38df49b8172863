import { type Event, permits, type Scope } from "@raingauge/domain";
import { compareText } from "../order.ts";
import type { Cursor } from "./cursor.ts";
import type { Lot } from "./lot.ts";
import { counted, type Seen } from "./seen.ts";
import { every } from "./sql.ts";

/** By instant and id, each once; what belongs to no project only for those who may see everything. */
export async function readEvents({ server, lasts }: Seen, where: string, scope: Scope): Promise<Event[]> {
  const rows = await server.ask(
    `select id, type, region, source, moment, project, resource, resource_type, attributes, lot
      from ${server.table("event")} where ${every(where, counted(lasts))}`,
    eventOf,
  );
  return firstTold(rows)
    .filter(({ project }) => (project === undefined ? scope.kind === "all" : permits(scope, project)))
    .toSorted((a, b) => a.at - b.at || compareText(a.id, b.id));
}

interface Told {
  readonly event: Event;
  readonly lot: Lot;
}

/** Two writers may have stored it at once. */
function firstTold(rows: readonly Told[]): Event[] {
  const byId = new Map<string, Told>();
  for (const told of rows) {
    const known = byId.get(told.event.id);
    if (known === undefined || told.lot < known.lot) byId.set(told.event.id, told);
  }
  return [...byId.values()].map(({ event }) => event);
}

function eventOf(row: Cursor): Told {
  const [id, type, region, source, moment] = [row.text(), row.text(), row.text(), row.text(), row.moment()];
  const [project, resource, resourceType, attributes] = [row.text(), row.text(), row.text(), row.text()];
  const event: Event = {
    id,
    type,
    region,
    source,
    at: moment,
    ...(project === "" ? {} : { project }),
    ...(resource === "" ? {} : { resource }),
    ...(resourceType === "" ? {} : { resourceType }),
    attributes: JSON.parse(attributes),
  };
  return { event, lot: row.unsigned() };
}
