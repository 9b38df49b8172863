import type { Event } from "@raingauge/domain";
import { z } from "zod";
import { checkInstant, checkName } from "./limits.ts";

/** Kept as it was parsed: a copy would lose an attribute that bears the name of one of JavaScript's own. */
const attributes = z.custom<Readonly<Record<string, string>>>(isTextual, "not an object of texts");

export const EventDocument = z.strictObject({
  id: z.string(),
  type: z.string(),
  region: z.string(),
  source: z.string(),
  at: z.int(),
  project: z.exactOptional(z.string()),
  resource: z.exactOptional(z.string()),
  resourceType: z.exactOptional(z.string()),
  attributes,
});
export type EventDocument = z.infer<typeof EventDocument>;

export function eventsOf(documents: readonly EventDocument[]): Event[] {
  return documents.map((said, index): Event => {
    const { at } = said;
    checkName(said.id, `events.${index}.id`);
    checkName(said.region, `events.${index}.region`);
    checkInstant(at, `events.${index}.at`);
    return { ...said, at };
  });
}

function isTextual(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === "string")
  );
}
