import type { Payload } from "@raingauge/openstack";
import { ABSENT, isAbsent } from "../absence.ts";
import { type Asking, everyItem, type Project, projectsOf } from "../asking.ts";
import { quotaReadings } from "./quota.ts";
import { type DialReading, dial } from "./reading.ts";
import { items, label, labels, number, numbered, part } from "./said.ts";
import { subnetPoolDials } from "./subnet-pools.ts";
import { type Dialling, ofEach, type Survey } from "./survey.ts";

const NETWORK = { service: "network", version: "v2.0" } as const;

export const neutronSurvey: Survey = {
  name: "neutron.survey",
  collector: "neutron",
  async read(asking, skipped) {
    const [agents, groups, rooms] = await Promise.all([
      everyItem(asking, { ...NETWORK, path: "/agents", items: "agents" }),
      everyItem(asking, { ...NETWORK, path: "/security-groups", items: "security_groups", query: { fields: "id" } }),
      everyItem(asking, {
        ...NETWORK,
        path: "/network-ip-availabilities",
        items: "network_ip_availabilities",
      }),
    ]);
    const pools = await everyItem(asking, { ...NETWORK, path: "/subnetpools", items: "subnetpools" });
    const subnets =
      pools.length === 0 ? [] : await everyItem(asking, { ...NETWORK, path: "/subnets", items: "subnets" });
    const vpn = await Promise.all(VPN_LISTS.map((each) => vpnCount(asking, each)));
    const hosted = await routersOf(asking, agents, skipped);
    const quotas = await ofEach(await projectsOf(asking), (project) => quota(asking, project), skipped);
    return [
      ...agents.flatMap(agent),
      ...dial("openstack_neutron_security_groups", {}, groups.length),
      ...dial("openstack_nova_security_groups", {}, groups.length),
      ...rooms.flatMap(addresses),
      ...subnetPoolDials(pools, subnets),
      ...vpn.flat(),
      ...hosted,
      ...quotas,
    ];
  },
};

/** What a VPN is made of, besides what its sweeps list. */
const VPN_LISTS = [
  ["vpn_endpoint_groups", "/vpn/endpoint-groups", "endpoint_groups"],
  ["vpn_ike_policies", "/vpn/ikepolicies", "ikepolicies"],
  ["vpn_ipsec_policies", "/vpn/ipsecpolicies", "ipsecpolicies"],
] as const;

/** A cloud without VPN tells of none. */
async function vpnCount(asking: Asking, [name, path, items]: (typeof VPN_LISTS)[number]): Promise<DialReading[]> {
  try {
    return dial(`openstack_neutron_${name}`, {}, (await everyItem(asking, { ...NETWORK, path, items })).length);
  } catch (error) {
    if (isAbsent(error, ABSENT, false)) return [];
    throw error;
  }
}

const agent = (said: Payload): DialReading[] =>
  dial(
    "openstack_neutron_agent_state",
    {
      ...labels(said, { id: "id", hostname: "host", service: "binary", availability_zone: "availability_zone" }),
      adminState: said["admin_state_up"] === true ? "up" : "down",
    },
    said["alive"] === true ? 1 : 0,
  );

/** Of each network the addresses of its subnets. */
const addresses = (network: Payload): DialReading[] =>
  items(network, "subnet_ip_availability").flatMap((subnet) => {
    const of = {
      ...labels(network, { network_id: "network_id", network_name: "network_name" }),
      ...labels(subnet, { ip_version: "ip_version", cidr: "cidr", subnet_name: "subnet_name" }),
      project_id: label(network, "project_id") || label(network, "tenant_id"),
    };
    return ["total", "used"].flatMap((which) =>
      dial(`openstack_neutron_network_ip_availabilities_${which}`, of, number(subnet, `${which}_ips`)),
    );
  });

/** Asked of the few agents, not of the many routers. */
const routersOf = (asking: Asking, agents: readonly Payload[], skipped: Parameters<typeof ofEach>[2]) =>
  ofEach(
    agents.filter(({ binary }) => binary === "neutron-l3-agent").map((said) => ({ id: label(said, "id"), said })),
    async ({ id, said }) => {
      const routers = await everyItem(asking, { ...NETWORK, path: `/agents/${id}/l3-routers`, items: "routers" });
      return routers.flatMap((router) =>
        dial(
          "openstack_neutron_l3_agent_of_router",
          {
            router_id: label(router, "id"),
            l3_agent_id: id,
            ha_state: label(router, "ha_state"),
            ...labels(said, { agent_alive: "alive", agent_admin_up: "admin_state_up", agent_host: "host" }),
          },
          said["alive"] === true ? 1 : 0,
        ),
      );
    },
    skipped,
  );

async function quota(asking: Asking, { id, name }: Project): Promise<DialReading[]> {
  const { body } = await asking.get({ ...NETWORK, path: `/quotas/${id}/details.json` });
  const set = part(body, "quota");
  const tenant = { tenant: name, tenant_id: id };
  return [
    ...QUOTAS.flatMap((resource) =>
      ["limit", "used", "reserved"].flatMap((type) =>
        dial(`openstack_neutron_quota_${resource}`, { type, ...tenant }, number(part(set, resource), type)),
      ),
    ),
    ...quotaReadings(id, "network", set, "used", {
      network: ["networks", 1],
      subnet: ["subnets", 1],
      port: ["ports", 1],
      router: ["routers", 1],
      floatingip: ["floatingips", 1],
      security_group: ["security_groups", 1],
    }),
  ];
}

const QUOTAS = [
  ...["network", "subnet", "subnetpool", "port", "router", "floatingip", "security_group", "security_group_rule"],
  "rbac_policy",
];

/** Counts what it is shown, and says what each is, where that is asked for. */
function counting(
  name: string,
  each: (said: Payload) => readonly DialReading[],
  also: readonly (readonly [dial: string, counts: (said: Payload) => boolean])[] = [],
): () => Promise<Dialling> {
  return async () => {
    let count = 0;
    const some = also.map(() => 0);
    return {
      item(said) {
        count += 1;
        for (const [index, [, counts]] of also.entries()) if (counts(said)) some[index] = (some[index] ?? 0) + 1;
        return each(said);
      },
      total: () => [
        ...dial(`openstack_neutron_${name}`, {}, count),
        ...also.flatMap(([other], index) => dial(`openstack_neutron_${other}`, {}, some[index])),
      ],
    };
  };
}

const isDown = (said: Payload): boolean => said["status"] !== "ACTIVE";

export const addressDials: () => Promise<Dialling> = counting(
  "floating_ips",
  (said) =>
    dial(
      "openstack_neutron_floating_ip",
      labels(said, {
        ...{ id: "id", floating_network_id: "floating_network_id", router_id: "router_id", status: "status" },
        ...{ project_id: "project_id", floating_ip_address: "floating_ip_address" },
      }),
      1,
    ),
  [["floating_ips_associated_not_active", (said) => label(said, "fixed_ip_address") !== "" && isDown(said)]],
);

export const networkDials: () => Promise<Dialling> = counting("networks", (said) =>
  dial(
    "openstack_neutron_network",
    labels(said, {
      ...{ id: "id", tenant_id: "tenant_id", status: "status", name: "name", is_shared: "shared", subnets: "subnets" },
      ...{ is_external: "router:external", provider_network_type: "provider:network_type", tags: "tags", mtu: "mtu" },
      provider_physical_network: "provider:physical_network",
      provider_segmentation_id: "provider:segmentation_id",
    }),
    numbered(["ACTIVE", "BUILD", "DOWN", "ERROR"], label(said, "status")),
  ),
);

export const subnetDials: () => Promise<Dialling> = counting("subnets", (said) =>
  dial(
    "openstack_neutron_subnet",
    labels(said, {
      ...{ id: "id", tenant_id: "tenant_id", name: "name", network_id: "network_id", cidr: "cidr", tags: "tags" },
      ...{ gateway_ip: "gateway_ip", enable_dhcp: "enable_dhcp", dns_nameservers: "dns_nameservers" },
    }),
    1,
  ),
);

const addressesOf = (said: Payload): readonly string[] =>
  items(said, "fixed_ips").map((each) => label(each, "ip_address"));

export const portDials: () => Promise<Dialling> = counting(
  "ports",
  (said) =>
    dial(
      "openstack_neutron_port",
      {
        ...labels(said, { uuid: "id", network_id: "network_id", mac_address: "mac_address", device_id: "device_id" }),
        ...labels(said, { device_owner: "device_owner", status: "status", admin_state_up: "admin_state_up" }),
        binding_vif_type: label(said, "binding:vif_type"),
        fixed_ips: addressesOf(said).join(","),
      },
      1,
    ),
  [
    ["ports_no_ips", (said) => !isDown(said) && addressesOf(said).length === 0],
    ["ports_lb_not_active", (said) => said["device_owner"] === "neutron:LOADBALANCERV2" && isDown(said)],
  ],
);

export const routerDials: () => Promise<Dialling> = counting(
  "routers",
  (said) =>
    dial(
      "openstack_neutron_router",
      {
        ...labels(said, { id: "id", name: "name", project_id: "project_id", admin_state_up: "admin_state_up" }),
        status: label(said, "status"),
        external_network_id: label(part(said, "external_gateway_info"), "network_id"),
      },
      1,
    ),
  [["routers_not_active", isDown]],
);

export const vpnDials: () => Promise<Dialling> = counting("vpn_services", (said) =>
  dial(
    "openstack_neutron_vpn_service",
    labels(said, {
      ...{ id: "id", project_id: "project_id", subnet_id: "subnet_id", router_id: "router_id", name: "name" },
      ...{ admin_state_up: "admin_state_up", external_ipv4: "external_v4_ip", external_ipv6: "external_v6_ip" },
      flavor_id: "flavor_id",
    }),
    1,
  ),
);

/** Of a connection nothing is read but what is named here: its pre-shared key stands beside it. */
export const vpnConnectionDials: () => Promise<Dialling> = counting("vpn_siteconnections", (said) =>
  dial(
    "openstack_neutron_vpn_siteconnection",
    labels(said, {
      ...{ id: "id", project_id: "project_id", admin_state_up: "admin_state_up", name: "name", peer_id: "peer_id" },
      ...{ vpn_service_id: "vpnservice_id", ike_policy_id: "ikepolicy_id", ipsec_policy_id: "ipsecpolicy_id" },
      ...{ peer_ep_group_id: "peer_ep_group_id", local_id: "local_id", local_ep_group_id: "local_ep_group_id" },
    }),
    1,
  ),
);
