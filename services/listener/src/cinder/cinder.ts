import { begins, ends, happening, looks, settles } from "../happening.ts";
import { ignoring, type Reason, type Translation } from "../heard.ts";
import { audits, once } from "./audited.ts";
import { snapshot } from "./snapshot.ts";
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
    ["snapshot.exists", audits(snapshot)],
    ...IGNORED.flatMap(([reason, types]) => types.map((type) => [type, ignoring(reason)] as const)),
  ]);

/** What we know and leave alone; beginnings and failures go by their suffix. */
const IGNORED: readonly (readonly [Reason, readonly string[]])[] = [
  // The offer of a transfer; the volume is its giver's until it is accepted.
  ["midway", ["volume.transfer.create.end", "backup.createprogress"]],
  ["failed", ["scheduler.retype", "scheduler.create_volume"]],
  // The volume tells it too.
  ["retold", ["snapshot.revert.end"]],
  [
    "not_metered",
    [
      "backup.create.end",
      "backup.delete.end",
      "backup.restore.end",
      "backup.exists",
      "capacity.backend",
      "capacity.pool",
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
