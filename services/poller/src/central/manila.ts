import type { Payload } from "@raingauge/openstack";
import { ABSENT } from "./absence.ts";
import { shareDials } from "./dials/manila.ts";
import { count, GIBIBYTE, needed, second, text } from "./fields.ts";
import { looks } from "./looks.ts";
import type { Claim, Listed } from "./resource.ts";
import type { Source } from "./source.ts";

/** Manila counts pages by what is skipped, and its versions by a header of its own. 2.8 names a share's type. */
const SHARES = {
  service: "shared-file-system",
  version: "v2",
  path: "/shares/detail",
  items: "shares",
  paging: "offset",
  headers: { "x-openstack-manila-api-version": "2.8" },
} as const;

export const shares: Source = {
  name: "manila.sweep",
  resourceTypes: ["manila_share"],
  lists: () => [{ ...SHARES, query: { all_tenants: "1" } }],
  read: share,
  absence: ABSENT,
  dials: { collector: "sharev2", isVoice: true, make: shareDials },
};

/** A share's snapshots are told by no notification. 2.17 names their project. */
export const shareSnapshots: Source = {
  name: "manila.snapshots.sweep",
  resourceTypes: ["manila_snapshot"],
  lists: () => [
    {
      ...SHARES,
      ...{ path: "/snapshots/detail", items: "snapshots", query: { all_tenants: "1" } },
      headers: { "x-openstack-manila-api-version": "2.17" },
    },
  ],
  read: snapshot,
  absence: ABSENT,
};

function snapshot(said: Payload): Listed {
  const id = needed(said, "id");
  const status = needed(said, "status");
  if (UNUSABLE.has(status)) return { id };
  const createdAt = second(said, "created_at");
  const known: Claim[] = createdAt === undefined ? [] : [{ stance: "states", at: createdAt, state: "available" }];
  return {
    id,
    resource: {
      source: "manila",
      project: needed(said, "project_id"),
      amounts: [["manila.snapshot.size", count(said, "size") * GIBIBYTE]],
      dimensions: {
        protocol: text(said, "share_proto") ?? "",
        state: status.includes("error") ? "error" : "available",
      },
      looks: looks("manila_snapshot", said, { name: "name", description: "description", share: "share_id" }),
      known,
      now: "states",
    },
  };
}

function share(said: Payload): Listed {
  const id = needed(said, "id");
  const status = needed(said, "status");
  if (UNUSABLE.has(status)) return { id };
  const createdAt = second(said, "created_at");
  const known: Claim[] = createdAt === undefined ? [] : [{ stance: "sights", at: createdAt, state: "available" }];
  return {
    id,
    resource: {
      source: "manila",
      project: needed(said, "project_id"),
      amounts: [["manila.share.size", count(said, "size") * GIBIBYTE]],
      dimensions: {
        share_type: text(said, "share_type") ?? "",
        protocol: text(said, "share_proto") ?? "",
        // It takes its room while it grows or shrinks.
        state: status.includes("error") ? "error" : "available",
        availability_zone: text(said, "availability_zone") ?? "",
      },
      looks: looks("manila_share", said, { name: "name", description: "description", status: "status" }),
      known,
      now: "states",
    },
  };
}

/** Whom it favours: the tenant. Of what is merely in `error` the API does not tell whether it was ever usable. */
const UNUSABLE: ReadonlySet<string> = new Set([
  ...["creating", "creating_from_snapshot", "error", "manage_starting", "manage_error"],
  ...["unmanage_starting", "unmanaged", "deleted"],
]);
