import { isObject, type Payload } from "@raingauge/openstack";

// A dial is looked at and costs nobody anything: what an API leaves out is left out, and breaks nothing.

/** Whatever stands there, as a label: `true`, `7`, a name; a list with commas; nothing for nothing. */
export function label(said: Payload, field: string): string {
  const value = said[field];
  if (Array.isArray(value)) return value.map(String).join(",");
  return value === undefined || value === null || isObject(value) ? "" : String(value);
}

export const labels = (said: Payload, fields: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, label(said, field)]));

/** Services write numbers as texts here and there, and `infinite` for what has no bound. */
export function number(said: Payload, field: string): number | undefined {
  const value = said[field];
  if (value === "infinite") return -1;
  if (typeof value !== "number" && (typeof value !== "string" || value.trim() === "")) return undefined;
  const read = Number(value);
  return Number.isFinite(read) ? read : undefined;
}

export const part = (said: Payload, field: string): Payload => {
  const value = said[field];
  return isObject(value) ? value : {};
};

export const items = (said: Payload, field: string): readonly Payload[] => {
  const value = said[field];
  return Array.isArray(value) ? value.filter(isObject) : [];
};

/** The place of a status in the list by which the openstack-exporter numbers it; −1 for one that it does not know. */
export const numbered = (statuses: readonly string[], status: string): number => statuses.indexOf(status);

/** How many there are of each, those that never occur with none. */
export function counted(known: readonly string[], seen: readonly string[]): (readonly [string, number])[] {
  const counts = new Map(known.map((each) => [each, 0]));
  for (const each of seen) counts.set(each, (counts.get(each) ?? 0) + 1);
  return [...counts];
}
