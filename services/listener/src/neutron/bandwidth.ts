import { at } from "@raingauge/domain";
import type { Notification } from "@raingauge/openstack";
import { attributes } from "../attributes.ts";
import { count, MalformedNotification, needed, text } from "../fields.ts";
import { type Heard, heard, type Place } from "../heard.ts";
import { added, saidAt, told } from "../telling.ts";

/**
 * `l3.meter`: what passed under a label since the report before, by a router's metering agent. It counts from the second in
 * which the agent last looked, so that a backlog puts it into the right hour.
 */
export function bandwidth(notification: Notification, { region }: Place): Heard {
  const { payload } = notification;
  const where = {
    region,
    source: "neutron",
    project: needed(payload, "tenant_id"),
    resource: needed(payload, "label_id"),
  };
  const value = count(payload, "bytes");
  const event = told(notification, {
    ...where,
    resourceType: "metering_label",
    attributes: attributes({ host: text(payload, "host") }),
  });
  return heard(event, [
    added(notification, { ...where, meter: "bandwidth", value, at: lookedAt(notification), dimensions: {} }),
  ]);
}

/** In seconds since 1970, with a fraction if the agent feels like it. */
function lookedAt(notification: Notification) {
  const last = notification.payload["last_update"];
  if (last === undefined || last === null) return saidAt(notification);
  if (typeof last !== "number" || !Number.isFinite(last)) throw new MalformedNotification("last_update is not a time");
  return at(Math.floor(last) * 1_000);
}
