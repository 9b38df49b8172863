import { isObject, type Notification, type Payload } from "@raingauge/openstack";
import { MalformedNotification, needed } from "../fields.ts";
import type { Translation } from "../heard.ts";
import { measured } from "../measured.ts";
import { unwrapped } from "./versioned.ts";

/** What Nova's monitor read of a host. The legacy format tells shares as parts of one, the versioned one as hundredths. */
export const monitored: Readonly<Record<"legacy" | "versioned", Translation>> = {
  legacy: (notification, place) => readings(notification, place, notification.payload, (metric) => metric, 100),
  versioned: (notification, place) => readings(notification, place, unwrapped(notification.payload), unwrapped, 1),
};

function readings(
  notification: Notification,
  place: Parameters<Translation>[1],
  said: Payload,
  opened: (metric: Payload) => Payload,
  share: number,
): ReturnType<Translation> {
  const { metrics } = said;
  if (!Array.isArray(metrics) || !metrics.every(isObject)) throw new MalformedNotification("metrics is not a list");
  const resource = `${needed(said, "host")}_${needed(said, "nodename")}`;
  const samples = metrics.map(opened).flatMap(({ name, value }) => {
    const told = String(name).endsWith(".percent") && typeof value === "number" ? value * share : value;
    return measured(notification, place, { meter: `compute.node.${name}`, source: "nova", resource, value: told });
  });
  return { samples, events: [], coverage: [] };
}
