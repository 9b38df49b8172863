import type { Event } from "@raingauge/domain";
import { type Cells, moment, optional, text } from "./answer.ts";
import type { Row } from "./table.ts";

/** In the order in which an event lies in a table, wherever that is. */
export const eventRow = (event: Event): Row => [
  event.id,
  event.type,
  event.region,
  event.source,
  BigInt(event.at),
  event.project ?? null,
  event.resource ?? null,
  event.resourceType ?? null,
  JSON.stringify(event.attributes),
];

export function eventOf([id, type, region, source, at, ...more]: Cells): Event {
  const [project, resource, resourceType] = more.slice(0, 3).map((cell) => optional(cell, text));
  return {
    id: text(id),
    type: text(type),
    region: text(region),
    source: text(source),
    at: moment(at),
    ...(project === undefined ? {} : { project }),
    ...(resource === undefined ? {} : { resource }),
    ...(resourceType === undefined ? {} : { resourceType }),
    attributes: JSON.parse(text(more[3])),
  };
}
