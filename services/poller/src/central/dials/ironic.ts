import { dial } from "./reading.ts";
import { label, labels, part } from "./said.ts";
import type { Dialling } from "./survey.ts";

export async function nodeDials(): Promise<Dialling> {
  return {
    item(said) {
      const drive = part(said, "driver_info");
      const extra = part(said, "extra");
      const of = {
        ...labels(said, { id: "uuid", name: "name", provision_state: "provision_state", power_state: "power_state" }),
        ...labels(said, { maintenance: "maintenance", maintenance_reason: "maintenance_reason", traits: "traits" }),
        ...labels(said, { conductor_group: "conductor_group", instance_uuid: "instance_uuid", lessee: "lessee" }),
        ...labels(said, { last_error: "last_error", console_enabled: "console_enabled", retired: "retired" }),
        ...labels(said, { resource_class: "resource_class", retired_reason: "retired_reason" }),
        // Of a driver's settings these two name an image, and the others hold passwords.
        ...labels(drive, { deploy_kernel: "deploy_kernel", deploy_ramdisk: "deploy_ramdisk" }),
        serial_number: label(extra, "serial_number"),
        ironic_self_healing_state: label(extra, "ironic_self_healing_state"),
      };
      return [
        ...dial("openstack_ironic_node", of, 1),
        ...dial("openstack_ironic_node_updated_at", of, seconds(label(said, "updated_at"))),
        ...dial("openstack_ironic_node_provision_updated_at", of, seconds(label(said, "provision_updated_at"))),
      ];
    },
    total: () => [],
  };
}

const seconds = (time: string): number | undefined => {
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? undefined : ms / 1_000;
};
