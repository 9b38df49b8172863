import type { Payload } from "@raingauge/openstack";
import { ABSENT } from "./absence.ts";
import { clusterDials } from "./dials/magnum.ts";
import { needed, text } from "./fields.ts";
import { looks } from "./looks.ts";
import type { Listed } from "./resource.ts";
import type { Source } from "./source.ts";

export const clusters: Source = {
  name: "magnum.sweep",
  resourceTypes: ["magnum_cluster"],
  lists: () => [
    { service: "container-infrastructure-management", version: "v1", path: "/clusters/detail", items: "clusters" },
  ],
  read: cluster,
  absence: ABSENT,
  dials: { collector: "container_infra", isVoice: true, make: clusterDials },
};

/** A cluster, from when it works; the API does not say when that was, only when it was asked for. */
function cluster(said: Payload): Listed {
  const id = needed(said, "uuid");
  if (UNUSABLE.has(text(said, "status") ?? "CREATE_IN_PROGRESS")) return { id };
  return {
    id,
    resource: {
      source: "magnum",
      project: needed(said, "project_id"),
      amounts: [["magnum.cluster", 1n]],
      dimensions: { template: text(said, "cluster_template_id") ?? "", state: "active" },
      looks: looks("magnum_cluster", said, { name: "name", status: "status", stack_id: "stack_id" }),
      known: [],
      now: "states",
    },
  };
}

const UNUSABLE: ReadonlySet<string> = new Set(["CREATE_IN_PROGRESS", "CREATE_FAILED", "DELETE_COMPLETE"]);
