import type { Sample } from "./sample.ts";

/** A reading with the statement in force from it on. */
export interface Voice {
  readonly sample: Sample;
  /** Whose project, dimensions and (existence meters) value count: the statement, or the reading itself where none was ever made. */
  readonly stated: Sample;
}

/**
 * A statement holds until the next one; a sighting and an end keep it (before the first: the first), so that any
 * interleaving of sightings leaves the charge unchanged.
 */
export function inForce(ordered: readonly Sample[]): Voice[] {
  let stated = ordered.find(states);
  return ordered.map((sample) => {
    if (states(sample)) stated = sample;
    return { sample, stated: stated ?? sample };
  });
}

export const states = ({ stance }: Sample): boolean => stance === "states";
