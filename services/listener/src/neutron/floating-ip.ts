import type { Notification, Payload } from "@raingauge/openstack";
import { needed, second, text } from "../fields.ts";
import type { Described } from "../resource.ts";
import { projectOf, saidOf } from "./said.ts";

/** A floating address. */
export function floatingIp(notification: Notification): Described {
  const said = saidOf("floatingip", notification);
  const createdAt = second(said, "created_at");
  const changedAt = second(said, "updated_at");
  return {
    source: "neutron",
    type: "floatingip",
    id: needed(said, "id"),
    project: projectOf(said) ?? needed(said, "project_id"),
    amounts: [["ip.floating", 1n]],
    dimensions: { network: text(said, "floating_network_id") ?? "", state: stateOf(said) },
    about: {
      name: text(said, "floating_ip_address"),
      port: text(said, "port_id"),
      router: text(said, "router_id"),
      description: text(said, "description"),
    },
    began: true,
    ...(createdAt === undefined ? {} : { beginning: { at: createdAt, state: UNASSOCIATED } }),
    ...(changedAt === undefined ? {} : { changedAt }),
  };
}

/**
 * Neutron's own status says whether traffic flows, is `DOWN` in every notification, and changes without one. Whether the
 * address has a port is told each time.
 */
const stateOf = (said: Payload): string => (text(said, "port_id") === undefined ? UNASSOCIATED : "associated");

const UNASSOCIATED = "unassociated";
