import type { Notification, Payload } from "@raingauge/openstack";
import { texts } from "../attributes.ts";
import { needed, text } from "../fields.ts";
import type { Described } from "../resource.ts";

/** A group of volumes has a life but no size; each of its volumes tells its own, also when the whole group goes. */
export const group = ({ payload }: Notification): Described =>
  sizeless(payload, "volume_group", text(payload, "group_id") ?? needed(payload, "consistencygroup_id"));

/** Likewise, of snapshots. */
export const groupSnapshot = ({ payload }: Notification): Described =>
  sizeless(payload, "volume_group_snapshot", text(payload, "group_snapshot_id") ?? needed(payload, "cgsnapshot_id"));

const sizeless = (payload: Payload, type: string, id: string): Described => ({
  source: "cinder",
  type,
  id,
  project: needed(payload, "tenant_id"),
  amounts: [],
  dimensions: {},
  about: { ...texts(payload, ["name", "status", "group_type", "group_id"]), user: text(payload, "user_id") },
  began: true,
});
