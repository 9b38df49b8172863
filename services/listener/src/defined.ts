import {
  type DefinedReading,
  type Definitions,
  type EventDefinition,
  isLeftOut,
  messageOf,
  readingsOf,
  traitsOf,
} from "@raingauge/definitions";
import {
  type Batch,
  type Dimensions,
  type Event,
  type Instant,
  instant,
  meterNamed,
  type Sample,
  wholeSecond,
} from "@raingauge/domain";
import type { Notification } from "@raingauge/openstack";
import { attributes, isSecret } from "./attributes.ts";
import { MalformedNotification, second } from "./fields.ts";
import { type Heard, isIgnored, type Place, type Reason } from "./heard.ts";
import { added, implied, saidAt, told } from "./telling.ts";

/** Hears that a definition that hears a notification makes nothing of it, and why. */
export type LeftOutTeller = (leftOut: { readonly meter: string; readonly reason: string }) => void;

/**
 * What a notification comes to with an operator's definitions: what Raingauge makes of it by itself, and beside it readings of
 * the operator's own meters and traits of the event. What fails here takes nothing away from the rest.
 */
export function withDefined(
  heard: Heard,
  notification: Notification,
  place: Place,
  definitions: Definitions,
  tell: LeftOutTeller,
): Heard {
  const message = messageOf(notification);
  const event = definitions.events.findLast(({ hears }) => hears(notification.type));
  const samples = readingsOf(definitions.meters, meterNamed, message).flatMap((reading) => {
    if (isLeftOut(reading)) {
      tell({ meter: reading.definition.name, reason: reading.nothing });
      return [];
    }
    try {
      return [sampleOf(reading, notification, place)];
    } catch (error) {
      if (!(error instanceof MalformedNotification)) throw error;
      tell({ meter: reading.meter.name, reason: error.message });
      return [];
    }
  });
  const traits = event === undefined ? {} : unsecret(traitsOf(event, message).traits);
  if (isIgnored(heard)) {
    if (samples.length === 0 && (event === undefined || !NEW.includes(heard.ignored))) return heard;
    return { samples, events: [eventOf(notification, place, samples, traits, event)], coverage: [] };
  }
  return withTraits({ ...heard, samples: [...heard.samples, ...samples] }, notification, traits);
}

/** What begins, fails or is told elsewhere is no news, whoever else defines it; what nobody knows is. */
const NEW: readonly Reason[] = ["unknown_type", "not_metered"];

/** What Raingauge says of the event itself stands. */
const withTraits = (batch: Batch, { messageId }: Notification, traits: Dimensions): Batch => ({
  ...batch,
  events: batch.events.map((event) =>
    event.id === messageId ? { ...event, attributes: { ...attributes(traits), ...event.attributes } } : event,
  ),
});

function eventOf(
  notification: Notification,
  { region }: Place,
  [sample]: readonly Sample[],
  traits: Dimensions,
  event: EventDefinition | undefined,
): Event {
  const project = sample?.project ?? traits["project_id"] ?? traits["tenant_id"] ?? notification.actor.project;
  const resource = sample?.resource ?? traits["resource_id"];
  const type = sample === undefined ? undefined : meterNamed(sample.meter)?.resourceType;
  return told(notification, {
    region,
    source: serviceOf(notification),
    ...(project === undefined ? {} : { project }),
    ...(resource === undefined ? {} : { resource }),
    ...(type === undefined ? {} : { resourceType: type }),
    attributes: attributes(event === undefined ? (sample?.dimensions ?? {}) : traits),
  });
}

const sampleOf = (reading: DefinedReading, notification: Notification, { region }: Place): Sample => {
  const { meter, value, resource, project, dimensions, ends } = reading;
  const said = {
    region,
    source: serviceOf(notification),
    project,
    resource,
    meter: meter.name,
    value,
    dimensions,
    at: momentOf(reading, notification),
  };
  if (meter.kind === "delta") return added(notification, said);
  if (meter.kind === "gauge") return implied(notification, { ...said, stance: ends ? "ends" : "states" });
  const host = notification.publisher === "" ? said.source : notification.publisher;
  const incarnation = { host, device: "", startedAt: SINCE_EVER, witnessed: false };
  return implied(notification, { ...said, stance: "sights", incarnation });
};

/** What begins and ends does so in a second, as everything that is billed by its life. */
function momentOf({ meter, timestamp }: DefinedReading, notification: Notification): Instant {
  const given = timestamp === undefined ? undefined : second({ timestamp }, "timestamp");
  return given ?? (meter.existence ? wholeSecond(saidAt(notification)) : saidAt(notification));
}

/** Since when a notification's counter counts, nobody says: its first reading is a baseline worth nothing. */
const SINCE_EVER = instant("2000-01-01T00:00:00Z");

/** Who said it, without the host. */
const serviceOf = ({ publisher }: Notification): string => publisher.split(".", 1)[0] || "listener";

const unsecret = (traits: Dimensions): Dimensions =>
  Object.fromEntries(Object.entries(traits).filter(([name]) => !isSecret(name)));
