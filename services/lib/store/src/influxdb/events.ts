import { type Event, type Instant, permits, type Scope } from "@raingauge/domain";
import { compareText } from "../order.ts";
import { counts } from "./commits.ts";
import { integer, type Row, text, whole } from "./csv.ts";
import { lineOf, untagged } from "./line.ts";
import type { Prefixes } from "./prefixes.ts";
import { type Condition, question } from "./schema.ts";
import type { Seen } from "./seen.ts";
import { momentOf } from "./slots.ts";

/** By instant and id; what belongs to no project only for those who may see everything. */
export async function events({ server, commits }: Seen, condition: Condition, scope: Scope): Promise<Event[]> {
  const rows = await server.ask(question("event", condition));
  return rows
    .filter((row) => counts(commits, integer(row, "stored")))
    .map(eventOf)
    .filter(({ project }) => (project === undefined ? scope.kind === "all" : permits(scope, project)))
    .toSorted((a, b) => a.at - b.at || compareText(a.id, b.id));
}

/** An event of no resource is one of the empty resource. */
export const eventPrefix = (prefix: Prefixes, { region, resource = "" }: Event): string =>
  prefix("event", { region, resource });

export const eventLine = (prefix: string, event: Event, time: bigint, storedAt: Instant): string =>
  lineOf(
    prefix,
    {
      id: event.id,
      type: event.type,
      source: event.source,
      project: event.project ?? "",
      resourceType: event.resourceType ?? "",
      attributes: JSON.stringify(event.attributes),
      stored: storedAt,
    },
    time,
  );

function eventOf(row: Row): Event {
  const [project, resource, resourceType] = [
    text(row, "project"),
    untagged(text(row, "resource")),
    text(row, "resourceType"),
  ];
  return {
    id: text(row, "id"),
    type: text(row, "type"),
    region: untagged(text(row, "region")),
    source: text(row, "source"),
    at: momentOf(whole(row, "time")),
    ...(project === "" ? {} : { project }),
    ...(resource === "" ? {} : { resource }),
    ...(resourceType === "" ? {} : { resourceType }),
    attributes: JSON.parse(text(row, "attributes")),
  };
}
