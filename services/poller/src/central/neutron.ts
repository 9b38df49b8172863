import type { Payload } from "@raingauge/openstack";
import { needed, second, text } from "./fields.ts";
import type { Claim, Listed } from "./resource.ts";
import type { Source } from "./source.ts";

export const neutronAddresses: Source = {
  name: "neutron.floatingips.sweep",
  resourceTypes: ["floatingip"],
  lists: () => [{ service: "network", version: "v2.0", path: "/floatingips", items: "floatingips" }],
  read: floatingIp,
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
      known: known(said),
      now: "states",
    },
  };
}

/** Whatever changes an address notes when, so what it is now it has been since then; and it was there from its creation on. */
function known(said: Payload): Claim[] {
  const createdAt = second(said, "created_at");
  const updatedAt = second(said, "updated_at");
  return [
    ...(createdAt === undefined ? [] : [{ stance: "sights", at: createdAt, state: UNASSOCIATED } as const]),
    ...(updatedAt === undefined ? [] : [{ stance: "states", at: updatedAt } as const]),
  ];
}

const UNASSOCIATED = "unassociated";
