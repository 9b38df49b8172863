import { type Event, type Instant, meterNamed, type Sample } from "@raingauge/domain";

/** A change of what a resource is, when it happened. */
export interface Change {
  readonly at: Instant;
  /** The event's type, or what was read. */
  readonly by: string;
  readonly project: string;
  /** Only what changed. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Life {
  /** When it was first said to be there, in event time; absent where only its middle was seen. */
  readonly created?: Instant;
  readonly ended?: Instant;
  readonly changes: readonly Change[];
}

interface Telling {
  readonly at: Instant;
  readonly by: string;
  readonly project: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * What became of a resource, from what happened to it and what was read of its being there. Attributes are told anew each
 * time by events and by readings that state them; what did not change is left out. Pure.
 */
export function life(events: readonly Event[], readings: readonly Sample[]): Life {
  const being = readings.filter(({ meter }) => meterNamed(meter)?.existence === true);
  const tellings = [...events.flatMap(toldByEvent), ...being.filter(states).map(toldByReading)];
  const created = being.find(states)?.at;
  const ended = being.findLast(({ stance }) => stance === "ends" || stance === "vanishes")?.at;
  return {
    ...(created === undefined ? {} : { created }),
    ...(ended === undefined ? {} : { ended }),
    changes: changes(tellings.toSorted((a, b) => a.at - b.at)),
  };
}

const states = ({ stance }: Sample): boolean => stance === "states";

const toldByEvent = ({ at, type: by, project, attributes }: Event): Telling[] =>
  project === undefined ? [] : [{ at, by, project, attributes }];

const toldByReading = ({ at, meter: by, project, dimensions: attributes }: Sample): Telling => ({
  at,
  by,
  project,
  attributes,
});

function changes(tellings: readonly Telling[]): Change[] {
  const known: Record<string, string> = {};
  let owner: string | undefined;
  return tellings.flatMap(({ at, by, project, attributes }) => {
    const changed = Object.entries(attributes).filter(([name, value]) => known[name] !== value);
    if (changed.length === 0 && owner === project) return [];
    Object.assign(known, Object.fromEntries(changed));
    owner = project;
    return [{ at, by, project, attributes: Object.fromEntries(changed) }];
  });
}
