import { begins, ends, happening, looks, settles } from "../happening.ts";
import { ignoring, type Reason, type Translation } from "../heard.ts";
import { audits, once } from "./audited.ts";
import { backup } from "./backup.ts";
import { cached } from "./cache.ts";
import { capacity } from "./capacity.ts";
import { group, groupSnapshot } from "./group.ts";
import { acceptedSnapshot, snapshot } from "./snapshot.ts";
import { acceptedVolume, volume } from "./volume.ts";

/** Every notification of Cinder's that comes to something, and those that knowingly do not. */
export const cinderTranslations = (): ReadonlyMap<string, Translation> =>
  new Map([
    ["volume.create.end", happening("create", volume, once(begins))],
    ["volume.manage_existing.end", happening("manage", volume, begins)],
    ["volume.resize.end", happening("resize", volume, settles)],
    ["volume.retype", happening("retype", volume, settles)],
    // It is as large afterwards as it was before, whatever the snapshot was.
    ["volume.revert.end", happening("revert", volume, looks)],
    ["volume.transfer.accept.end", happening("accept", acceptedVolume, settles)],
    ["volume.update.end", happening("update", volume, looks)],
    ["volume.attach.end", happening("attach", volume, looks)],
    ["volume.detach.end", happening("detach", volume, looks)],
    ["volume.delete.end", happening("delete", volume, ends)],
    ["volume.unmanage.end", happening("delete", volume, ends)],
    ["volume.exists", audits(volume)],
    ["snapshot.create.end", happening("create", snapshot, once(begins))],
    ["snapshot.update.end", happening("update", snapshot, looks)],
    ["snapshot.delete.end", happening("delete", snapshot, ends)],
    ["snapshot.manage_existing_snapshot.end", happening("manage", snapshot, begins)],
    ["snapshot.unmanage.end", happening("delete", snapshot, ends)],
    // The snapshots of a volume go with it.
    ["snapshot.transfer.accept.end", happening("accept", acceptedSnapshot, settles)],
    ["snapshot.exists", audits(snapshot)],
    ["backup.create.end", happening("create", backup, once(begins))],
    ["backup.restore.end", happening("restore", backup, looks)],
    ["backup.delete.end", happening("delete", backup, ends)],
    ["backup.exists", audits(backup)],
    ...["group", "consistencygroup"].flatMap((type) =>
      ["create.end", "update.end", "delete.end"].map(
        (action) => [`${type}.${action}`, happening(action, group, looks)] as const,
      ),
    ),
    ...["group_snapshot", "cgsnapshot"].flatMap((type) =>
      ["create.end", "update.end", "delete.end"].map(
        (action) => [`${type}.${action}`, happening(action, groupSnapshot, looks)] as const,
      ),
    ),
    ["capacity.backend", capacity("volume.provider.capacity")],
    ["capacity.pool", capacity("volume.provider.pool.capacity")],
    ...["hit", "miss", "evict"].map((what) => [`image_volume_cache.${what}`, cached] as const),
    ...IGNORED.flatMap(([reason, types]) => types.map((type) => [type, ignoring(reason)] as const)),
  ]);

/** What we know and leave alone; beginnings and failures go by their suffix. */
const IGNORED: readonly (readonly [Reason, readonly string[]])[] = [
  // The offer of a transfer and its withdrawal; the volume is its giver's until it is accepted.
  [
    "midway",
    [
      "volume.transfer.create.end",
      "volume.transfer.delete.end",
      "snapshot.transfer.create.end",
      "snapshot.transfer.delete.end",
      "backup.createprogress",
      "backup.restoreprogress",
    ],
  ],
  ["failed", ["scheduler.retype", "scheduler.create_volume"]],
  // The volume tells it too.
  ["retold", ["snapshot.revert.end"]],
  [
    "not_metered",
    [
      "qos_specs.create",
      "qos_specs.update",
      "qos_specs.delete",
      "volume_type.create",
      "volume_type.update",
      "volume_type.delete",
      "volume_type_extra_specs.create",
      "volume_type_extra_specs.delete",
    ],
  ],
];
