import type { Notification, Payload } from "@raingauge/openstack";
import { metadata } from "../attributes.ts";
import { count, GIBIBYTE, needed, second, text } from "../fields.ts";
import type { Described } from "../resource.ts";
import { auditedEnd } from "./audited.ts";

/** A volume out of any `volume.*` notification. One without a launch never became usable. */
export function volume({ payload }: Notification): Described {
  const launchedAt = second(payload, "launched_at");
  return {
    source: "cinder",
    type: "volume",
    id: needed(payload, "volume_id"),
    project: needed(payload, "tenant_id"),
    amounts: [["volume.size", count(payload, "size") * GIBIBYTE]],
    dimensions: {
      // Cinder notifies with the type's id and never with its name, which may change; the id is what a price names.
      volume_type: text(payload, "volume_type") ?? "",
      state: pricedState(payload),
      availability_zone: text(payload, "availability_zone") ?? "",
    },
    about: {
      ...metadata(payload["metadata"]),
      name: text(payload, "display_name"),
      status: text(payload, "status"),
      host: text(payload, "host"),
      user: text(payload, "user_id"),
    },
    began: launchedAt !== undefined,
    ...(launchedAt === undefined ? {} : { beginning: { at: launchedAt, state: "available" } }),
    ...auditedEnd(payload),
  };
}

/**
 * The accepting project, which is the new owner whatever else the notification says. What Cinder puts into the payload
 * depends on whether it read the volume again.
 */
export function acceptedVolume(notification: Notification): Described {
  const given = volume(notification);
  return { ...given, project: notification.actor.project ?? given.project };
}

/**
 * Storage is taken whether it is attached, being extended or backed up, and Cinder does not say when those begin and end:
 * all of them are `available` to a price. Only what failed is told apart.
 */
export const pricedState = (payload: Payload): string =>
  text(payload, "status")?.startsWith("error") === true ? "error" : "available";
