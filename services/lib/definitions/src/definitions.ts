import type { Meter } from "@raingauge/domain";
import { type Aside, sorted } from "./catalogue.ts";
import { type Located, located } from "./document.ts";
import { type EventDefinition, eventDefinitions } from "./event-definition.ts";
import { type MeterDefinition, meterDefinitions } from "./meter-definition.ts";
import { type PipelineSource, pipelineSources } from "./polling/pipeline.ts";
import { type PollingSource, pollingSources } from "./polling/polling-source.ts";
import { type PollsterDefinition, pollsterDefinitions } from "./pollster/pollster-definition.ts";
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
  /** What the pollers ask, and what of it they do not. */
  readonly pollsters: readonly PollsterDefinition[];
  readonly unasked: readonly Aside<PollsterDefinition>[];
  /** Which meters are asked for how often; undefined where no file says it. */
  readonly polling: readonly PollingSource[] | undefined;
  /** What was understood and changes nothing, by its place. */
  readonly passed: readonly Problem[];
  /** The meters that the catalogue gains. */
  readonly own: readonly Meter[];
}

export const NONE: Definitions = {
  ...{ meters: [], aside: [], events: [], pollsters: [], unasked: [], passed: [], own: [] },
  polling: undefined,
};

/** Reads files of definitions, each for what it is by its contents, and tells all that is wrong with them at once. */
export function readDefinitions(files: readonly DefinitionFile[]): {
  readonly definitions: Definitions;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const passed: Problem[] = [];
  const tell = (problem: Problem): number => problems.push(problem);
  const note = (problem: Problem): number => passed.push(problem);
  const meters: MeterDefinition[] = [];
  const events: EventDefinition[] = [];
  const pollsters: PollsterDefinition[] = [];
  let polling: readonly PollingSource[] | undefined;
  let pipeline: readonly PipelineSource[] | undefined;
  for (const { name, text } of files) {
    const document = located(name, text);
    if ("says" in document) tell(document);
    else if (document.value === null || document.value === undefined) continue;
    else if (isMeters(document)) meters.push(...meterDefinitions(document, tell));
    else if (isPollsters(document)) pollsters.push(...pollsterDefinitions(document, tell));
    else if (isEvents(document)) events.push(...eventDefinitions(document, tell));
    else if (isPipeline(document)) pipeline = [...(pipeline ?? []), ...pipelineSources(document, tell, note)];
    else if (isPolling(document)) polling = [...(polling ?? []), ...pollingSources(document, tell, note)];
    else if (isResources(document))
      note(document.problem([], "passed over: a defined meter is stored with no second word"));
    else tell(document.problem([], UNKNOWN));
  }
  const sources = sorted({ definitions: meters, pollsters, polling, pipeline }, tell);
  const { acting, aside, asking, unasked, meters: own } = sources;
  return { definitions: { meters: acting, aside, events, pollsters: asking, unasked, polling, passed, own }, problems };
}

const isMeters = ({ value }: Located): boolean => isTable(value) && "metric" in value;

const isEvents = ({ value }: Located): boolean =>
  Array.isArray(value) && value.every((entry) => isTable(entry) && ("event_type" in entry || "traits" in entry));

const isPollsters = ({ value }: Located): boolean =>
  Array.isArray(value) &&
  value.some(
    (entry) =>
      isTable(entry) && ["sample_type", "url_path", "value_attribute", "host_command"].some((key) => key in entry),
  );

const isPipeline = ({ value }: Located): boolean => isTable(value) && "sources" in value && "sinks" in value;
const isPolling = ({ value }: Located): boolean => isTable(value) && "sources" in value;

/** `gnocchi_resources.yaml`, without which Ceilometer stores nothing. */
const isResources = ({ value }: Located): boolean =>
  isTable(value) && ("archive_policy_default" in value || "archive_policies" in value) && "resources" in value;

const UNKNOWN =
  "neither meters (a table with “metric”), nor event definitions (a list of tables with “event_type” and “traits”), nor pollsters (a list of tables with “sample_type”), nor sources of polling or of a pipeline";
