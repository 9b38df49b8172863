import { isObject, type Notification, type Payload } from "@raingauge/openstack";
import { MalformedNotification, needed, second, text } from "../fields.ts";
import { begins, changes, ends, happening, settles } from "../happening.ts";
import { ignoring, type Translation } from "../heard.ts";
import type { Described } from "../resource.ts";

/** Every notification of Neutron's that comes to something. */
export const neutronTranslations = (): ReadonlyMap<string, Translation> =>
  new Map([
    ["floatingip.create.end", happening("create", floatingIp, begins)],
    ["floatingip.update.end", happening("update", floatingIp, changes)],
    ["floatingip.delete.end", happening("delete", floatingIp, ends)],
    ["floatingip.exists", happening("exists", floatingIp, settles)],
    ...NOT_METERED.flatMap((type) =>
      ["create.end", "update.end", "delete.end", "exists"].map(
        (action) => [`${type}.${action}`, ignoring("not_metered")] as const,
      ),
    ),
    ["router.interface.create", ignoring("not_metered")],
    ["router.interface.delete", ignoring("not_metered")],
  ]);

/** A floating address; a deletion by an older Neutron carries nothing but its id. */
function floatingIp({ payload, actor }: Notification): Described {
  const said = isObject(payload["floatingip"]) ? payload["floatingip"] : remains(payload, actor.project);
  const createdAt = second(said, "created_at");
  const changedAt = second(said, "updated_at");
  return {
    source: "neutron",
    type: "floatingip",
    id: needed(said, "id"),
    project: text(said, "project_id") ?? needed(said, "tenant_id"),
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

/** Whoever deletes it owns it, unless an administrator does; its end is an end all the same. */
function remains(payload: Payload, project: string | undefined): Payload {
  if (project === undefined) throw new MalformedNotification("neither the address nor its project is there");
  return { id: needed(payload, "floatingip_id"), project_id: project };
}

/**
 * Neutron's own status says whether traffic flows, is `DOWN` in every notification, and changes without one. Whether the
 * address has a port is told each time.
 */
const stateOf = (said: Payload): string => (text(said, "port_id") === undefined ? UNASSOCIATED : "associated");

const UNASSOCIATED = "unassociated";

const NOT_METERED = [
  "address_scope",
  "bandwidth_limit_rule",
  "binding",
  "dscp_marking_rule",
  "metering_label",
  "metering_label_rule",
  "minimum_bandwidth_rule",
  "network",
  "policy",
  "port",
  "port_forwarding",
  "router",
  "security_group",
  "security_group_rule",
  "subnet",
  "subnetpool",
  "trunk",
];
