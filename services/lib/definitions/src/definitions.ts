import type { Meter } from "@raingauge/domain";
import { type Aside, sorted } from "./catalogue.ts";
import { type Located, located } from "./document.ts";
import { type EventDefinition, eventDefinitions } from "./event-definition.ts";
import { type MeterDefinition, meterDefinitions } from "./meter-definition.ts";
import type { Problem } from "./problem.ts";
import { isTable } from "./table.ts";

/** A file as it was read, whole. */
export interface DefinitionFile {
  readonly name: string;
  readonly text: string;
}

/** All that an operator defined. */
export interface Definitions {
  /** What the listener acts upon. */
  readonly meters: readonly MeterDefinition[];
  /** What is understood and comes to nothing here, because the meter is built in or gone. */
  readonly aside: readonly Aside[];
  /** In their order: the last that hears a notification counts. */
  readonly events: readonly EventDefinition[];
  /** The meters that the catalogue gains. */
  readonly own: readonly Meter[];
}

export const NONE: Definitions = { meters: [], aside: [], events: [], own: [] };

/** Reads files of definitions, each for what it is by its contents, and tells all that is wrong with them at once. */
export function readDefinitions(files: readonly DefinitionFile[]): {
  readonly definitions: Definitions;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const tell = (problem: Problem): number => problems.push(problem);
  const meters: MeterDefinition[] = [];
  const events: EventDefinition[] = [];
  for (const { name, text } of files) {
    const document = located(name, text);
    if ("says" in document) tell(document);
    else if (document.value === null || document.value === undefined) continue;
    else if (isMeters(document)) meters.push(...meterDefinitions(document, tell));
    else if (isEvents(document)) events.push(...eventDefinitions(document, tell));
    else tell(document.problem([], strange(document)));
  }
  const { acting, aside, meters: own } = sorted(meters, tell);
  return { definitions: { meters: acting, aside, events, own }, problems };
}

const isMeters = ({ value }: Located): boolean => isTable(value) && "metric" in value;

const isEvents = ({ value }: Located): boolean =>
  Array.isArray(value) && value.every((entry) => isTable(entry) && ("event_type" in entry || "traits" in entry));

/** What else Ceilometer keeps in such files, and what says it here. */
function strange({ value }: Located): string {
  if (
    Array.isArray(value) &&
    value.some((entry) => isTable(entry) && ("sample_type" in entry || "url_path" in entry))
  ) {
    return "dynamic pollsters are not understood: send what they would read to POST /v1/samples (docs/outside.md), and take the file away";
  }
  if (isTable(value) && "sources" in value && "sinks" in value) {
    return "pipelines are not understood: everything that is heard goes to the bus; take the file away";
  }
  if (isTable(value) && "sources" in value) {
    return "what is polled how often is not read from here: RAINGAUGE_POLLER_SCHEDULE, RAINGAUGE_SWEEP_INTERVAL and RAINGAUGE_SWEEP_SOURCES say it; take the file away";
  }
  return "neither meters (a table with “metric”) nor event definitions (a list of tables with “event_type” and “traits”)";
}
