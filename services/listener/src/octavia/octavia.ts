import type { Notification, Payload } from "@raingauge/openstack";
import { texts } from "../attributes.ts";
import { needed } from "../fields.ts";
import { ends, happening, looks, sights } from "../happening.ts";
import type { Translation } from "../heard.ts";
import type { Described } from "../resource.ts";

/** Every notification of Octavia's. It tells an end only of what succeeded. */
export const octaviaTranslations = (): ReadonlyMap<string, Translation> =>
  new Map([
    // Of what kind it is, a sweep of the API says; until then what is told here stands for it.
    ["octavia.loadbalancer.create.end", happening("create", loadBalancer, sights)],
    ["octavia.loadbalancer.update.end", happening("update", loadBalancer, looks)],
    ["octavia.loadbalancer.delete.end", happening("delete", loadBalancer, ends)],
  ]);

/**
 * A load balancer, which is told without any time, so that it begins and ends when that was said. The payload is what its
 * driver was given, with the listeners' private keys in it: nothing is read but what is named here.
 */
function loadBalancer({ payload }: Notification): Described {
  return {
    source: "octavia",
    type: "loadbalancer",
    id: needed(payload, "loadbalancer_id"),
    project: needed(payload, "project_id"),
    amounts: [["loadbalancer", 1n]],
    dimensions: {
      provider: textual(payload, "provider"),
      flavor: textual(payload, "flavor_id"),
      state: "active",
      availability_zone: textual(payload, "availability_zone"),
    },
    about: texts(payload, ["name", "description", "vip_address", "vip_network_id", "vip_subnet_id", "vip_port_id"]),
    began: true,
  };
}

/** Octavia puts an object there where the operator defined a zone or a flavor, without its name. */
const textual = (payload: Payload, field: string): string => texts(payload, [field])[field] ?? "";
