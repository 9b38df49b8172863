import type { Dimensions } from "@raingauge/domain";
import type { List, Payload } from "@raingauge/openstack";
import { snapshotDials, volumeDials } from "./dials/cinder.ts";
import { count, GIBIBYTE, needed, second, text } from "./fields.ts";
import { looks } from "./looks.ts";
import type { Claim, Listed } from "./resource.ts";
import type { Source } from "./source.ts";

/** 3.63 names a volume's type by its id, as notifications do; before, there was only the name, which may change. */
const list = (path: string, items: string, least?: Pick<List, "microversionLeast">) => () => [
  { service: "block-storage", path, items, query: { all_tenants: "1" }, microversion: "volume 3.63", ...least },
];

export const cinderVolumes: Source = {
  name: "cinder.volumes.sweep",
  resourceTypes: ["volume"],
  lists: list("/volumes/detail", "volumes"),
  read: volume,
  dials: { collector: "cinder", make: volumeDials },
};

export const cinderSnapshots: Source = {
  name: "cinder.snapshots.sweep",
  resourceTypes: ["snapshot"],
  lists: list("/snapshots/detail", "snapshots", { microversionLeast: "3.0" }),
  read: (said) => copy("snapshot", said, "snapshot.size", "os-extended-snapshot-attributes:project_id", {}),
  dials: { collector: "cinder", make: snapshotDials },
};

export const cinderBackups: Source = {
  name: "cinder.backups.sweep",
  resourceTypes: ["backup"],
  // 3.18 names a backup's project.
  lists: list("/backups/detail", "backups", { microversionLeast: "3.18" }),
  read: (said) =>
    copy("backup", said, "backup.size", "os-backup-project-attr:project_id", {
      availability_zone: text(said, "availability_zone") ?? "",
    }),
};

/**
 * The API does not say when a volume became usable, only when it was asked for; its beginning is left to whoever knows it,
 * and without that it is billed from the first sweep on. While it migrates there are two of it, and the copy is nobody's.
 */
function volume(said: Payload): Listed {
  const id = needed(said, "id");
  const isCopy = text(said, "migration_status")?.startsWith("target:") === true;
  if (isCopy || UNUSABLE.has(needed(said, "status"))) return { id };
  const dimensions = {
    volume_type: text(said, "volume_type") === undefined ? "" : needed(said, "volume_type_id"),
    state: pricedState(said),
    availability_zone: text(said, "availability_zone") ?? "",
  };
  return {
    id,
    resource: {
      source: "cinder",
      project: needed(said, "os-vol-tenant-attr:tenant_id"),
      amounts: [["volume.size", count(said, "size") * GIBIBYTE]],
      dimensions,
      looks: looks("volume", said, { name: "name", status: "status", host: "os-vol-host-attr:host", user: "user_id" }),
      known: [],
      now: "states",
    },
  };
}

/** A snapshot or a backup: as large as its volume was when it was made, and there from then on. */
function copy(type: string, said: Payload, meter: string, project: string, dimensions: Dimensions): Listed {
  const id = needed(said, "id");
  if (UNUSABLE.has(needed(said, "status"))) return { id };
  const createdAt = second(said, "created_at");
  const known: Claim[] = createdAt === undefined ? [] : [{ stance: "states", at: createdAt, state: "available" }];
  return {
    id,
    resource: {
      source: "cinder",
      project: needed(said, project),
      amounts: [[meter, count(said, "size") * GIBIBYTE]],
      dimensions: { ...dimensions, state: pricedState(said) },
      looks: looks(type, said, { name: "name", status: "status", volume: "volume_id", user: "user_id" }),
      known,
      now: "states",
    },
  };
}

/**
 * Whom it favours: the tenant. What is being made is not usable yet, and of what is merely in `error` the API does not tell
 * whether it ever was.
 */
const UNUSABLE: ReadonlySet<string> = new Set(["creating", "downloading", "managing", "error", "error_managing"]);

/** Cinder does not say when attaching, extending and the like begin and end: all of them are `available` to a price. */
const pricedState = (said: Payload): string => (needed(said, "status").startsWith("error") ? "error" : "available");
