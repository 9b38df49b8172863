import { dial } from "./reading.ts";
import { label, labels, number, numbered } from "./said.ts";
import type { Dialling } from "./survey.ts";

export async function clusterDials(): Promise<Dialling> {
  let count = 0;
  return {
    item(said) {
      count += 1;
      const of = {
        ...labels(said, { uuid: "uuid", name: "name", stack_id: "stack_id", status: "status" }),
        ...labels(said, { node_count: "node_count", master_count: "master_count", project_id: "project_id" }),
      };
      return [
        ...dial("openstack_container_infra_cluster_masters", of, number(said, "master_count")),
        ...dial("openstack_container_infra_cluster_nodes", of, number(said, "node_count")),
        ...dial("openstack_container_infra_cluster_status", of, numbered(CLUSTER_STATUSES, label(said, "status"))),
      ];
    },
    total: () => dial("openstack_container_infra_total_clusters", {}, count),
  };
}

/** In the order in which the openstack-exporter numbers them. */
const CLUSTER_STATUSES = [
  ...["CREATE_COMPLETE", "CREATE_FAILED", "CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "UPDATE_FAILED"],
  ...["UPDATE_COMPLETE", "DELETE_IN_PROGRESS", "DELETE_FAILED", "DELETE_COMPLETE", "RESUME_COMPLETE", "RESUME_FAILED"],
  ...["RESTORE_COMPLETE", "ROLLBACK_IN_PROGRESS", "ROLLBACK_FAILED", "ROLLBACK_COMPLETE", "SNAPSHOT_COMPLETE"],
  ...["CHECK_COMPLETE", "ADOPT_COMPLETE"],
];
