import type { Payload } from "@raingauge/openstack";
import { ABSENT } from "../absence.ts";
import { everyItem } from "../asking.ts";
import { loadBalancerTraffic } from "./octavia-traffic.ts";
import { type DialReading, dial } from "./reading.ts";
import { items, label, labels, numbered } from "./said.ts";
import type { Dialling, Survey } from "./survey.ts";

const OCTAVIA = { service: "load-balancer", version: "v2" } as const;

export async function loadBalancerDials(): Promise<Dialling> {
  let count = 0;
  return {
    item(said) {
      count += 1;
      return dial(
        "openstack_loadbalancer_loadbalancer_status",
        labels(said, {
          ...{ id: "id", name: "name", project_id: "project_id", operating_status: "operating_status" },
          ...{ provisioning_status: "provisioning_status", provider: "provider", vip_address: "vip_address" },
        }),
        numbered(["ONLINE", "DRAINING", "OFFLINE", "ERROR", "NO_MONITOR"], label(said, "operating_status")),
      );
    },
    total: () => dial("openstack_loadbalancer_total_loadbalancers", {}, count),
  };
}

export const octaviaSurvey: Survey = {
  name: "octavia.survey",
  collector: "loadbalancer",
  absence: ABSENT,
  async read(asking, skipped, { sinceAt }) {
    const [amphorae, pools, traffic] = await Promise.all([
      everyItem(asking, { ...OCTAVIA, path: "/octavia/amphorae", items: "amphorae" }),
      everyItem(asking, { ...OCTAVIA, path: "/lbaas/pools", items: "pools" }),
      loadBalancerTraffic(asking, skipped, sinceAt),
    ]);
    return [
      ...dial("openstack_loadbalancer_total_amphorae", {}, amphorae.length),
      ...amphorae.flatMap(amphora),
      ...dial("openstack_loadbalancer_total_pools", {}, pools.length),
      ...pools.flatMap(pool),
      ...traffic,
    ];
  },
};

const amphora = (said: Payload): DialReading[] =>
  dial(
    "openstack_loadbalancer_amphora_status",
    labels(said, {
      ...{ id: "id", loadbalancer_id: "loadbalancer_id", compute_id: "compute_id", status: "status", role: "role" },
      ...{ lb_network_ip: "lb_network_ip", ha_ip: "ha_ip", cert_expiration: "cert_expiration" },
    }),
    numbered(
      ["BOOTING", "ALLOCATED", "READY", "PENDING_CREATE", "PENDING_DELETE", "DELETED", "ERROR"],
      label(said, "status"),
    ),
  );

const pool = (said: Payload): DialReading[] =>
  dial(
    "openstack_loadbalancer_pool_status",
    {
      ...labels(said, { id: "id", name: "name", protocol: "protocol", lb_algorithm: "lb_algorithm" }),
      ...labels(said, { provisioning_status: "provisioning_status", operating_status: "operating_status" }),
      loadbalancers: items(said, "loadbalancers")
        .map((each) => label(each, "id"))
        .join(","),
      project_id: label(said, "project_id"),
    },
    numbered(
      ["ACTIVE", "DELETED", "ERROR", "PENDING_CREATE", "PENDING_UPDATE", "PENDING_DELETE"],
      label(said, "provisioning_status"),
    ),
  );
