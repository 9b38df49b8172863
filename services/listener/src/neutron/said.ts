import type { Payload } from "@raingauge/openstack";
import { isObject, type Notification } from "@raingauge/openstack";
import { MalformedNotification, needed, text } from "../fields.ts";
import { type Heard, ignoring, isIgnored, type Place, type Translation, together } from "../heard.ts";

/**
 * What a notification says of the one thing that it is about, under the thing's own name. A deletion by an older Neutron
 * carries nothing but its id; whoever deletes it owns it, unless an administrator does: its end is an end all the same.
 */
export function saidOf(type: string, { payload, actor: { project } }: Notification): Payload {
  const said = payload[type];
  if (isObject(said)) return said;
  if (project === undefined) throw new MalformedNotification(`neither the ${type} nor its project is there`);
  return { id: needed(payload, `${type}_id`), project_id: project };
}

/** Empty for what Neutron makes for itself, such as the port of a floating address. */
export const projectOf = (said: Payload): string | undefined => text(said, "project_id") ?? text(said, "tenant_id");

/** What belongs to nobody is nobody's to pay for. What was asked for in one request is told in one notification, as a list. */
export const owned =
  (type: string, translation: Translation): Translation =>
  (notification, place) => {
    const many = notification.payload[plural(type)];
    if (!Array.isArray(many)) return one(type, translation, notification, place);
    const ones = many.filter(isObject).map((said) => ({ ...notification, payload: { [type]: said } }));
    return together(ones.map((each, index) => numbered(one(type, translation, each, place), index)));
  };

const one = (type: string, translation: Translation, notification: Notification, place: Place): Heard =>
  projectOf(saidOf(type, notification)) === undefined ? UNOWNED(notification, place) : translation(notification, place);

const UNOWNED = ignoring("not_metered");

/** An event is known by its message; of several in one message each needs a name of its own. */
const numbered = (heard: Heard, index: number): Heard =>
  isIgnored(heard)
    ? heard
    : { ...heard, events: heard.events.map((event) => ({ ...event, id: `${event.id} ${index}` })) };

const plural = (type: string): string => (type.endsWith("y") ? `${type.slice(0, -1)}ies` : `${type}s`);
