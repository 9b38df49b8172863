import { prefixOf, type Tags } from "./line.ts";

/** Finds the beginning of a series' lines, which is the same for all its points. */
export type Prefixes = (measurement: string, tags: Tags) => string;

/** A cloud's live series, several times over; beyond that it is memory for the dead. */
const PREFIXES_MAX = 500_000;

export function prefixes(): Prefixes {
  const known = new Map<string, string>();
  return (measurement, tags) => {
    const key = [measurement, ...Object.values(tags)].join("\n");
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size >= PREFIXES_MAX) known.clear();
    const made = prefixOf(measurement, tags);
    known.set(key, made);
    return made;
  };
}
