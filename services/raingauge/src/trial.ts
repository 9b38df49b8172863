import {
  convert,
  type Definitions,
  isLeftOut,
  type Message,
  type MeterDefinition,
  messageOf,
  readingsOf,
  traitsOf,
} from "@raingauge/definitions";
import { decimal, type Meter } from "@raingauge/domain";
import type { Notification } from "@raingauge/openstack";

/** What definitions make of one message. */
export interface Trial {
  readonly type: string;
  readonly message: string;
  readonly samples: readonly TriedSample[];
  /** What the definitions that hear it make nothing of, and why. */
  readonly nothing: readonly { readonly meter: string; readonly at: string; readonly why: string }[];
  /** Those that do not hear messages of this type. */
  readonly deaf: readonly string[];
  readonly event?: {
    readonly at: string;
    readonly traits: Readonly<Record<string, string>>;
    readonly unfit: readonly string[];
  };
}

export interface TriedSample {
  readonly meter: string;
  readonly at: string;
  readonly value: string;
  readonly unit: string;
  readonly resource: string;
  readonly project?: string;
  readonly dimensions: Readonly<Record<string, unknown>>;
  /** Why it is not stored: the meter is built in. */
  readonly aside?: string;
}

export function trial(definitions: Definitions, notification: Notification): Trial {
  const message = messageOf(notification);
  const { meters, aside, events } = definitions;
  const own = new Map<string, Meter>(definitions.own.map((meter) => [meter.name, meter]));
  const acting = readingsOf(meters, (name) => own.get(name), message);
  const beside = aside
    .filter(({ definition }) => definition.hears(notification.type))
    .map(({ definition, why }) => ({ definition, why, made: besides(definition, why, message) }));
  const all = [...meters, ...aside.map(({ definition }) => definition)];
  const event = events.findLast(({ hears }) => hears(notification.type));
  return {
    type: notification.type,
    message: notification.messageId,
    samples: [
      ...acting.flatMap((each) => (isLeftOut(each) ? [] : [stored(each, meters, message)])),
      ...beside.flatMap(({ made }) => made.flatMap((each) => ("value" in each ? [each] : []))),
    ],
    nothing: [
      ...acting.flatMap((each) =>
        isLeftOut(each) ? [{ meter: each.definition.name, at: placeOf(each.definition), why: each.nothing }] : [],
      ),
      ...beside.flatMap(({ made }) => made.flatMap((each) => ("value" in each ? [] : [each]))),
    ],
    deaf: all.filter(({ hears }) => !hears(notification.type)).map(({ name }) => name),
    ...(event === undefined ? {} : { event: { at: placeOf(event), ...traitsOf(event, message) } }),
  };
}

const placeOf = ({ file, line }: { readonly file: string; readonly line: number }): string => `${file}:${line}`;

type Reading = Exclude<ReturnType<typeof readingsOf>[number], { readonly nothing: string }>;

function stored(
  { meter, value, resource, project, dimensions }: Reading,
  definitions: readonly MeterDefinition[],
  { event_type: type }: Message,
): TriedSample {
  const by = definitions.find(
    (each) => each.hears(type) && (each.name === meter.name || Object.hasOwn(each.manners.names, meter.name)),
  );
  return {
    meter: meter.name,
    at: by === undefined ? "" : placeOf(by),
    value: String(value),
    unit: meter.unit,
    resource,
    project,
    dimensions,
  };
}

const besides = (definition: MeterDefinition, why: string, message: Message) =>
  convert(definition, message).map((made) =>
    "nothing" in made
      ? { meter: definition.name, at: placeOf(definition), why: made.nothing }
      : {
          meter: made.name,
          at: placeOf(definition),
          value: decimal(made.volume, 9),
          unit: made.unit,
          resource: made.resource,
          ...(made.project === undefined ? {} : { project: made.project }),
          dimensions: made.metadata,
          aside: why,
        },
  );
