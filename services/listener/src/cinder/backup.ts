import type { Notification } from "@raingauge/openstack";
import { count, GIBIBYTE, MalformedNotification, needed, second, text } from "../fields.ts";
import type { Described } from "../resource.ts";
import { auditedEnd } from "./audited.ts";
import { pricedState } from "./volume.ts";

/** A backup out of any `backup.*` notification; it is as large as its volume was when it was made. */
export function backup({ payload }: Notification): Described {
  const createdAt = second(payload, "created_at");
  if (createdAt === undefined) throw new MalformedNotification("created_at is missing");
  return {
    source: "cinder",
    type: "backup",
    id: needed(payload, "backup_id"),
    project: needed(payload, "tenant_id"),
    amounts: [["backup.size", count(payload, "size") * GIBIBYTE]],
    dimensions: { state: pricedState(payload), availability_zone: text(payload, "availability_zone") ?? "" },
    about: {
      name: text(payload, "display_name"),
      status: text(payload, "status"),
      volume: text(payload, "volume_id"),
      host: text(payload, "host"),
      service: text(payload, "service"),
      user: text(payload, "user_id"),
    },
    began: true,
    beginning: { at: createdAt, state: "available" },
    ...auditedEnd(payload),
  };
}
