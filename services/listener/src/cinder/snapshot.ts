import type { Notification } from "@raingauge/openstack";
import { metadata } from "../attributes.ts";
import { count, GIBIBYTE, MalformedNotification, needed, second, text } from "../fields.ts";
import type { Described } from "../resource.ts";
import { auditedEnd } from "./audited.ts";
import { pricedState } from "./volume.ts";

/** A snapshot out of any `snapshot.*` notification; it is as large as its volume was when it was made. */
export function snapshot({ payload }: Notification): Described {
  const createdAt = second(payload, "created_at");
  if (createdAt === undefined) throw new MalformedNotification("created_at is missing");
  return {
    source: "cinder",
    type: "snapshot",
    id: needed(payload, "snapshot_id"),
    project: needed(payload, "tenant_id"),
    amounts: [["snapshot.size", count(payload, "volume_size") * GIBIBYTE]],
    dimensions: { state: pricedState(payload) },
    about: {
      ...metadata(payload["metadata"]),
      name: text(payload, "display_name"),
      status: text(payload, "status"),
      volume: text(payload, "volume_id"),
      user: text(payload, "user_id"),
    },
    began: true,
    beginning: { at: createdAt, state: "available" },
    ...auditedEnd(payload),
  };
}

/** The accepting project's, as the volume is: see `acceptedVolume`. */
export function acceptedSnapshot(notification: Notification): Described {
  const given = snapshot(notification);
  return { ...given, project: notification.actor.project ?? given.project };
}
