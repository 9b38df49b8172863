import type { Payload } from "@raingauge/openstack";
import { ABSENT } from "./absence.ts";
import { loadBalancerDials } from "./dials/octavia.ts";
import { needed, text } from "./fields.ts";
import { looks } from "./looks.ts";
import type { Listed } from "./resource.ts";
import type { Source } from "./source.ts";

export const loadBalancers: Source = {
  name: "octavia.sweep",
  resourceTypes: ["loadbalancer"],
  lists: () => [{ service: "load-balancer", version: "v2", path: "/lbaas/loadbalancers", items: "loadbalancers" }],
  read: loadBalancer,
  absence: ABSENT,
  dials: { collector: "loadbalancer", make: loadBalancerDials },
};

/**
 * A load balancer. The API says when it was asked for, not when it began to work: its beginning is left to whoever heard of
 * it, and without that it is billed from the first sweep on.
 */
function loadBalancer(said: Payload): Listed {
  const id = needed(said, "id");
  const status = needed(said, "provisioning_status");
  if (UNUSABLE.has(status)) return { id };
  return {
    id,
    resource: {
      source: "octavia",
      project: needed(said, "project_id"),
      amounts: [["loadbalancer", 1n]],
      dimensions: {
        provider: text(said, "provider") ?? "",
        flavor: text(said, "flavor_id") ?? "",
        state: status === "ERROR" ? "error" : "active",
        availability_zone: text(said, "availability_zone") ?? "",
      },
      looks: looks("loadbalancer", said, { name: "name", description: "description", vip_address: "vip_address" }),
      known: [],
      now: "states",
    },
  };
}

const UNUSABLE: ReadonlySet<string> = new Set(["PENDING_CREATE", "DELETED"]);
