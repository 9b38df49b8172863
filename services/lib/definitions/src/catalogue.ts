import { DEAD, METERS, type Meter } from "@raingauge/domain";
import { isSecretName } from "@raingauge/runtime";
import type { MeterDefinition } from "./meter-definition.ts";
import { type Defining, ownMeter } from "./own-meter.ts";
import type { PipelineSource } from "./polling/pipeline.ts";
import { intervalOf, type PollingSource } from "./polling/polling-source.ts";
import { dimensionName } from "./pollster/metadata.ts";
import type { PollsterDefinition } from "./pollster/pollster-definition.ts";
import type { Problem } from "./problem.ts";

/** A definition that is understood and comes to nothing here, and why that is no loss. */
export interface Aside<D = MeterDefinition> {
  readonly definition: D;
  readonly why: string;
}

export interface Sorted {
  /** What the listener acts upon. */
  readonly acting: readonly MeterDefinition[];
  readonly aside: readonly Aside[];
  /** What the pollers ask. */
  readonly asking: readonly PollsterDefinition[];
  readonly unasked: readonly Aside<PollsterDefinition>[];
  /** The operator's own, which the built-in catalogue has not. */
  readonly meters: readonly Meter[];
}

export interface Read {
  readonly definitions: readonly MeterDefinition[];
  readonly pollsters: readonly PollsterDefinition[];
  /** What is asked how often; undefined where no file says it. */
  readonly polling: readonly PollingSource[] | undefined;
  readonly pipeline: readonly PipelineSource[] | undefined;
}

/**
 * Parts the definitions whose meters Raingauge has already, or that nothing asks for, from those that add some, and makes
 * meters of all that are not built in: what is not asked for any more may still be billed.
 */
export function sorted({ definitions, pollsters, polling, pipeline }: Read, tell: (problem: Problem) => void): Sorted {
  const parted = <D extends MeterDefinition | PollsterDefinition>(
    all: readonly D[],
    why: (each: D) => string | undefined,
  ) => {
    const aside = all.flatMap((definition): Aside<D>[] => {
      const reason = why(definition);
      return reason === undefined ? [] : [{ definition, why: reason }];
    });
    return { aside, kept: all.filter((each) => aside.every(({ definition }) => definition !== each)) };
  };
  const heard = parted(definitions, covered);
  const asked = parted(pollsters, (each) => known(each.name));
  const taken = parted(heard.kept, (each) => untaken(each.name, pipeline));
  const wanted = parted(asked.kept, (each) => unwanted(each.name, polling) ?? untaken(each.name, pipeline));
  return {
    acting: taken.kept,
    aside: [...heard.aside, ...taken.aside],
    asking: wanted.kept,
    unasked: [...asked.aside, ...wanted.aside],
    meters: metersOf([...heard.kept.map(heardOf), ...asked.kept.map(polledOf(polling))], tell),
  };
}

function metersOf(all: readonly Defining[], tell: (problem: Problem) => void): readonly Meter[] {
  const meters = new Map<string, { readonly meter: Meter; readonly definition: Defining }>();
  for (const definition of all) {
    const wrong = (field: string, says: string): void =>
      tell({ file: definition.file, line: definition.line, column: definition.column, field, says });
    if (Object.keys(definition.units).length === 0) {
      wrong(
        "name",
        `only ${definition.source.by === "notification" ? "messages" : "answers"} say how these meters are called: list the names and units that there may be, as raingauge: {names: {NAME: UNIT}}`,
      );
    }
    for (const [name, unit] of Object.entries(definition.units)) {
      const first = meters.get(metricOf(name));
      const taken = METERS.find((meter) =>
        [meter.name, ...meter.aliases].some((each) => metricOf(each) === metricOf(name)),
      );
      if (first !== undefined) {
        wrong(
          "name",
          `${name} is defined at ${first.definition.file}:${first.definition.line} already; list all event types in one definition`,
        );
      } else if (taken !== undefined) {
        wrong("name", `${name} and the built-in ${taken.name} would be one in queries: choose another name`);
      } else {
        meters.set(metricOf(name), { meter: ownMeter(definition, name, unit, wrong), definition });
      }
    }
  }
  return [...meters.values()].map(({ meter }) => meter);
}

const heardOf = (each: MeterDefinition): Defining => ({
  ...each,
  units: each.isNamedByMessage ? each.manners.names : { [each.name]: each.unit },
  dimensions: each.metadata.map(([name]) => name),
  source: { by: "notification", from: each.eventTypes.join(", ") },
  silenceSeconds: QUARTER_HOUR_SECONDS,
});

const QUARTER_HOUR_SECONDS = 15 * 60;

/** A polled gauge may miss two polls before it is taken for unseen. */
const LIMIT_INTERVALS = 3;

const polledOf =
  (polling: readonly PollingSource[] | undefined) =>
  (each: PollsterDefinition): Defining => {
    const { asks } = each.question;
    const from = asks.by === "command" ? "a command" : asks.by === "address" ? "an API of others" : asks.service;
    const interval = polling === undefined ? undefined : intervalOf(polling, each.name);
    return {
      ...each,
      units:
        each.parts === undefined
          ? { [each.name]: each.unit }
          : Object.fromEntries(
              Object.entries(each.manners.names).map(([name, unit]) => [
                `${each.parts?.stem}.${name}`,
                unit || each.unit,
              ]),
            ),
      dimensions: [
        ...each.metadata.flatMap(({ names }) => names),
        ...each.extras.flatMap(({ name, metadata }) => [name, ...metadata.flatMap(({ names }) => names)]),
      ]
        .filter((name) => !isSecretName(name))
        .map(dimensionName),
      source: { by: "central", from: `a pollster of ${from}` },
      silenceSeconds: Math.max(QUARTER_HOUR_SECONDS, LIMIT_INTERVALS * (interval ?? 0)),
    };
  };

const unwanted = (name: string, polling: readonly PollingSource[] | undefined): string | undefined =>
  polling === undefined || intervalOf(polling, name) !== undefined
    ? undefined
    : "no source of polling.yaml asks for it";

const untaken = (name: string, pipeline: readonly PipelineSource[] | undefined): string | undefined =>
  pipeline === undefined || pipeline.length === 0 || pipeline.some(({ takes }) => takes(name))
    ? undefined
    : "no source of pipeline.yaml takes it";

/** Why the catalogue needs no such definition. */
function covered({ name, isNamedByMessage, eventTypes }: MeterDefinition): string | undefined {
  if (!isNamedByMessage) return known(name);
  return eventTypes.every((each) => NAMED_BY_MESSAGE.some(([known]) => each.startsWith(known)))
    ? NAMED_BY_MESSAGE.find(([known]) => eventTypes[0]?.startsWith(known))?.[1]
    : undefined;
}

/** Whether a name is built in, or gone. */
function known(name: string): string | undefined {
  const built = METERS.find((meter) => meter.name === name || meter.aliases.includes(name));
  if (built !== undefined) {
    const by = [...new Set(built.sources.map((source) => SAID_BY[source.by]))].join(" and ");
    return `built in${built.name === name ? "" : ` as ${built.name}`}, told by ${by}${built.existence ? ", from when a resource begins to when it ends" : ""}`;
  }
  const dead = DEAD.find(
    (each) => each.name === name || (each.name.endsWith("*") && name.startsWith(each.name.slice(0, -1))),
  );
  if (dead === undefined) return undefined;
  return `nothing says it any more: ${dead.why}${dead.instead === undefined ? "" : `; ask for ${dead.instead}`}`;
}

const SAID_BY = {
  notification: "notifications",
  libvirt: "libvirt",
  host: "the host",
  central: "the sweep of the APIs",
  ipmi: "the host's sensors",
} as const;

/** Where Ceilometer's own definitions leave the name to the message. */
const NAMED_BY_MESSAGE: readonly (readonly [eventType: string, why: string])[] = [
  ["identity.authenticate", "built in as identity.authenticate.success, .failure and .pending"],
  ["objectstore.http.request", "built in as storage.api.request and storage.objects.{incoming,outgoing}.bytes"],
  ["magnum.bay.metrics", "Magnum has said nothing of the kind since it calls bays clusters"],
];

/** Two names that are one to PromQL are one here. */
const metricOf = (name: string): string => name.replaceAll(/\W/g, "_");

/** What a log says of a definition that is set aside. */
export const asideLine = ({
  definition,
  why,
}: Aside<MeterDefinition | PollsterDefinition>): { meter: string; at: string; why: string } => ({
  meter: definition.name,
  at: `${definition.file}:${definition.line}`,
  why,
});
