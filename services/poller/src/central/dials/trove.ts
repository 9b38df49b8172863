import { dial } from "./reading.ts";
import { label, labels, number, numbered, part } from "./said.ts";
import type { Dialling } from "./survey.ts";

export async function databaseDials(): Promise<Dialling> {
  let count = 0;
  return {
    item(said) {
      count += 1;
      const status = label(said, "status");
      const of = {
        ...labels(part(said, "datastore"), { datastore_type: "type", datastore_version: "version" }),
        ...labels(said, {
          health_status: "health_status",
          id: "id",
          name: "name",
          status: "status",
          tenant_id: "tenant_id",
        }),
      };
      const volume = part(said, "volume");
      return [
        ...dial("openstack_trove_instance_status", of, numbered(STATUSES, status)),
        ...dial("openstack_trove_instance_volume_size_gb", of, number(volume, "size")),
        ...dial("openstack_trove_instance_volume_used_gb", of, number(volume, "used")),
      ];
    },
    total: () => dial("openstack_trove_total_instances", {}, count),
  };
}

/** In the order in which the openstack-exporter numbers them. */
const STATUSES = [
  ...["NEW", "BUILD", "ACTIVE", "REBOOT", "RESIZE", "UPGRADE", "RESTART_REQUIRED", "PROMOTE", "EJECT", "DETACH"],
  ...["SHUTDOWN", "BACKUP", "ERROR"],
];
