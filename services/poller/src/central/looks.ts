import { hash } from "node:crypto";
import { type Dimensions, type Event, type Instant, wholeSecond } from "@raingauge/domain";
import type { Payload } from "@raingauge/openstack";
import { second } from "./fields.ts";
import type { Described, Hearing, Listed, Looks } from "./resource.ts";

/** What a resource is for people, by the names under which its notifications tell it too. Only what is named is kept. */
export function looks(
  type: string,
  said: Payload,
  fields: Readonly<Record<string, string>>,
  changed = "updated_at",
): Looks {
  const attributes = Object.entries(fields).flatMap(([name, field]) => {
    const value = said[field];
    return typeof value === "string" && value !== "" ? [[name, value.slice(0, ATTRIBUTE_CHARACTERS_MAX)] as const] : [];
  });
  return { type, attributes: Object.fromEntries(attributes), changedAt: second(said, changed) };
}

const ATTRIBUTE_CHARACTERS_MAX = 255;

/**
 * What a resource looks like, where that is news: a name or a project that changed follows in the time in which it changed,
 * though its notification was lost. Told once for each change, whoever sweeps.
 */
export function newsOf(
  { id, resource }: Listed,
  before: Described | undefined,
  { region, askedAt, message }: Hearing,
): Event[] {
  if (resource?.looks === undefined || resource.now === undefined) return [];
  const { looks: now, project, source, dimensions } = resource;
  const attributes = { ...dimensions, ...now.attributes };
  if (before !== undefined && before.project === project && isSame(attributes, before)) return [];
  const at: Instant = now.changedAt ?? wholeSecond(askedAt);
  return [
    {
      id: `sweep ${hash("sha256", JSON.stringify([region, source, id, project, at, attributes]), "hex").slice(0, 32)}`,
      ...{ type: message.slice(0, message.indexOf("/")), region, source, at, project, resource: id },
      ...{ resourceType: now.type, attributes },
    },
  ];
}

function isSame(attributes: Dimensions, { dimensions, looks: known }: Described): boolean {
  const before: Dimensions = { ...dimensions, ...known?.attributes };
  const names = new Set([...Object.keys(attributes), ...Object.keys(before)]);
  return [...names].every((name) => attributes[name] === before[name]);
}
