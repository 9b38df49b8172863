import { type Event, permits, type Scope } from "@raingauge/domain";
import { compareText } from "../order.ts";
import type { EventQuery } from "../store.ts";
import type { Cursor } from "./cursor.ts";
import { counted, type Seen } from "./seen.ts";
import { every, quoted, whereProject } from "./sql.ts";

/**
 * By instant and id, each once: two writers may have stored it, and the first counts. What belongs to no project is for those only
 * who may see everything; a page is cut from what the scope permits.
 */
export async function readEvents(
  { server, lasts }: Seen,
  where: string,
  scope: Scope,
  { after, limit }: Pick<EventQuery, "after" | "limit"> = {},
): Promise<Event[]> {
  const page = limit === undefined ? "" : `limit ${Math.trunc(limit)}`;
  const rows = await server.ask(
    `select id, type, region, source, moment, project, resource, resource_type, attributes
      from (select * from ${server.table("event")} where ${every(where, counted(lasts))} order by lot limit 1 by id)
      where ${every(whereProject(scope), after && `(moment, id) > (${after.at}, ${quoted(after.id)})`)}
      order by moment, id ${page}`,
    eventOf,
  );
  return rows
    .filter(({ project }) => (project === undefined ? scope.kind === "all" : permits(scope, project)))
    .toSorted((a, b) => a.at - b.at || compareText(a.id, b.id));
}

function eventOf(row: Cursor): Event {
  const [id, type, region, source, moment] = [row.text(), row.text(), row.text(), row.text(), row.moment()];
  const [project, resource, resourceType, attributes] = [row.text(), row.text(), row.text(), row.text()];
  return {
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
}
