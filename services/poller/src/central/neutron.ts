import type { Payload } from "@raingauge/openstack";
import { ABSENT } from "./absence.ts";
import {
  addressDials,
  networkDials,
  portDials,
  routerDials,
  subnetDials,
  vpnConnectionDials,
  vpnDials,
} from "./dials/neutron.ts";
import { needed, second, text } from "./fields.ts";
import { looks } from "./looks.ts";
import type { Claim, Listed } from "./resource.ts";
import type { Source } from "./source.ts";

export const neutronAddresses: Source = {
  name: "neutron.floatingips.sweep",
  resourceTypes: ["floatingip"],
  lists: () => [{ service: "network", version: "v2.0", path: "/floatingips", items: "floatingips" }],
  read: floatingIp,
  dials: { collector: "neutron", make: addressDials },
};

function floatingIp(said: Payload): Listed {
  const state = text(said, "port_id") === undefined ? UNASSOCIATED : "associated";
  return {
    id: needed(said, "id"),
    resource: {
      source: "neutron",
      project: text(said, "project_id") ?? needed(said, "tenant_id"),
      amounts: [["ip.floating", 1n]],
      dimensions: { network: text(said, "floating_network_id") ?? "", state },
      looks: looks("floatingip", said, {
        ...{ name: "floating_ip_address", port: "port_id", router: "router_id", description: "description" },
      }),
      known: known(said),
      now: "states",
    },
  };
}

/** Whatever changes an address notes when, so what it is now it has been since then; and it was there from its creation on. */
function known(said: Payload): Claim[] {
  const updatedAt = second(said, "updated_at");
  return [
    ...beginning(said, UNASSOCIATED),
    ...(updatedAt === undefined ? [] : [{ stance: "states", at: updatedAt } as const]),
  ];
}

const UNASSOCIATED = "unassociated";

/** A thing that a project has in Neutron: there or not there, switched on or off. */
interface Kind {
  readonly items: string;
  readonly type: string;
  readonly meter: string;
  /** Where the list's own name is not its path. */
  readonly path?: string;
  /** It belongs to an extension that a cloud may be without. */
  readonly isOptional?: boolean;
  readonly dials?: () => ReturnType<typeof networkDials>;
}

/**
 * Neutron dates an update now and then with the one before, so what it is now counts from the question. What Neutron makes for
 * itself, such as the port of a floating address, belongs to nobody. Parts that hold secrets, such as a connection's pre-shared
 * key, are not named and so not read.
 */
function source({ items, type, meter, path = `/${items}`, isOptional = false, dials }: Kind): Source {
  return {
    name: `neutron.${items.replaceAll("_", "")}.sweep`,
    resourceTypes: [type],
    lists: () => [{ service: "network", version: "v2.0", path, items }],
    read: (said) => {
      const id = needed(said, "id");
      const project = text(said, "project_id") ?? text(said, "tenant_id");
      if (project === undefined) return { id };
      const state = said["admin_state_up"] === false ? "disabled" : "enabled";
      const described = { source: "neutron", project, amounts: [[meter, 1n]] as const, dimensions: { state } };
      const about = looks(type, said, { name: "name", description: "description", status: "status" });
      return { id, resource: { ...described, looks: about, known: beginning(said, "enabled"), now: "states" } };
    },
    ...(isOptional ? { absence: ABSENT } : {}),
    ...(dials === undefined ? {} : { dials: { collector: "neutron", make: dials } }),
  };
}

function beginning(said: Payload, state: string): Claim[] {
  const createdAt = second(said, "created_at");
  return createdAt === undefined ? [] : [{ stance: "sights", at: createdAt, state }];
}

const KINDS: readonly Kind[] = [
  { items: "networks", type: "network", meter: "network", dials: networkDials },
  { items: "subnets", type: "subnet", meter: "subnet", dials: subnetDials },
  { items: "ports", type: "port", meter: "port", dials: portDials },
  { items: "routers", type: "router", meter: "router", dials: routerDials },
  {
    ...{ items: "vpnservices", type: "vpnservice", meter: "network.services.vpn", path: "/vpn/vpnservices" },
    ...{ isOptional: true, dials: vpnDials },
  },
  {
    ...{ items: "ipsec_site_connections", type: "ipsec_site_connection", path: "/vpn/ipsec-site-connections" },
    ...{ meter: "network.services.vpn.connections", isOptional: true, dials: vpnConnectionDials },
  },
  {
    ...{ items: "firewall_groups", type: "firewall", meter: "network.services.firewall" },
    ...{ path: "/fwaas/firewall_groups", isOptional: true },
  },
  {
    ...{ items: "firewall_policies", type: "firewall_policy", meter: "network.services.firewall.policy" },
    ...{ path: "/fwaas/firewall_policies", isOptional: true },
  },
];

export const neutronBelongings: readonly Source[] = KINDS.map(source);
