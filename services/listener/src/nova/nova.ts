import { begins, changes, ends, type Happening, happening, looks, settles } from "../happening.ts";
import { ignoring, type Reason, type Translation } from "../heard.ts";
import { boots } from "./booted.ts";
import { exists } from "./exists.ts";
import { type Format, LEGACY, VERSIONED } from "./format.ts";
import { monitored } from "./monitored.ts";
import { update } from "./update.ts";

/** What happens to a machine, as the legacy and as the versioned format call it. */
const HAPPENINGS: readonly (readonly [legacy: string, versioned: string, happens: Happening])[] = [
  // Nova notes when a machine is launched: at its creation, and anew at a resize and its revert, a rebuild (of which an
  // evacuation is one), a rescue and an unshelve. Both formats carry that time.
  ["finish_resize.end", "resize_finish.end", begins],
  ["resize.revert.end", "resize_revert.end", begins],
  ["rebuild.end", "rebuild.end", begins],
  ["rescue.end", "rescue.end", begins],
  ["unshelve.end", "unshelve.end", begins],
  // Changes nothing, but for a machine that was stopped when it was resized: it is stopped again from here on.
  ["resize.confirm.end", "resize_confirm.end", settles],
  ["power_off.end", "power_off.end", settles],
  ["power_on.end", "power_on.end", settles],
  // A hard reboot starts a stopped machine.
  ["reboot.end", "reboot.end", settles],
  ["suspend.end", "suspend.end", settles],
  ["resume.end", "resume.end", settles],
  ["pause.end", "pause.end", settles],
  ["unpause.end", "unpause.end", settles],
  ["shelve.end", "shelve.end", settles],
  ["shelve_offload.end", "shelve_offload.end", settles],
  ["unrescue.end", "unrescue.end", settles],
  ["restore.end", "restore.end", settles],
  // From the second in which it was asked for, which both formats carry.
  ["soft_delete.end", "soft_delete.end", changes],
  ["delete.end", "delete.end", ends],
  ["force_delete.end", "force_delete.end", ends],
  ["live_migration.post.dest.end", "live_migration_post_dest.end", looks],
];

/** Every notification of Nova's that comes to something. */
export const novaTranslations = (): ReadonlyMap<string, Translation> =>
  new Map([
    ...HAPPENINGS.flatMap(([legacy, versioned, happens]) => [
      entry(LEGACY, legacy, happening(versioned, LEGACY.server, happens)),
      entry(VERSIONED, versioned, happening(versioned, VERSIONED.server, happens)),
    ]),
    ...[LEGACY, VERSIONED].flatMap((format) => [
      entry(format, "create.end", happening("create.end", format.server, boots(format.createdAt))),
      entry(format, "exists", exists("exists", format)),
      entry(format, "update", update("update", format)),
    ]),
    ["compute.metrics.update", monitored.legacy],
    ["metrics.update", monitored.versioned],
    ...IGNORED.flatMap(([reason, types]) => types.map((type) => [type, ignoring(reason)] as const)),
  ]);

const entry = ({ prefix }: Format, type: string, translation: Translation) =>
  [`${prefix}${type}`, translation] as const;

/** What we know and leave alone; beginnings and failures go by their suffix. */
const IGNORED: readonly (readonly [Reason, readonly string[]])[] = [
  [
    "midway",
    [
      "compute.instance.resize.prep.end",
      "compute.instance.resize.end",
      "compute.instance.rebuild.scheduled",
      "compute.instance.live_migration.pre.end",
      "instance.resize_prep.end",
      "instance.resize.end",
      "instance.rebuild_scheduled",
      "instance.evacuate",
      "instance.live_migration_pre.end",
    ],
  ],
  [
    "retold",
    [
      // `delete.end` says when it was.
      "compute.instance.shutdown.end",
      "instance.shutdown.end",
      // The host that a machine has left speaks last, and still names itself as its host.
      "compute.instance.live_migration._post.end",
      "compute.instance.live_migration.post.end",
      "instance.live_migration_post.end",
    ],
  ],
  [
    "not_metered",
    [
      "compute.instance.snapshot.end",
      "compute.instance.volume.attach",
      "compute.instance.volume.detach",
      "instance.snapshot.end",
      "instance.volume_attach.end",
      "instance.volume_detach.end",
      "instance.volume_swap.end",
      "instance.interface_attach.end",
      "instance.interface_detach.end",
      "instance.lock",
      "instance.unlock",
      "instance.trigger_crash_dump.end",
      "servergroup.create",
      "servergroup.delete",
      "servergroup.addmember",
      "server_group.create",
      "server_group.delete",
      "server_group.add_member",
      "service.create",
      "service.update",
      "service.delete",
      "flavor.create",
      "flavor.update",
      "flavor.delete",
      "volume.usage",
      ...["create.end", "delete.end", "import.end"].map((action) => `keypair.${action}`),
      ...["create", "delete", "addhost", "removehost", "updateprop", "updatemetadata"].map((a) => `aggregate.${a}.end`),
      ...["add_host", "remove_host", "update_prop", "update_metadata"].map((action) => `aggregate.${action}.end`),
      "scheduler.select_destinations.end",
    ],
  ],
];
