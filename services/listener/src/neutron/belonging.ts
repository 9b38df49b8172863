import type { Notification, Payload } from "@raingauge/openstack";
import { attributes, texts } from "../attributes.ts";
import { needed, second, text } from "../fields.ts";
import type { Described } from "../resource.ts";
import { projectOf, saidOf } from "./said.ts";

/** A kind of thing that a project has in Neutron: there or not there, and never half. */
export interface Kind {
  readonly type: string;
  /** None for what is only a part of something else. */
  readonly meter?: string;
  /** Where Neutron has two names for one thing. */
  readonly resourceType?: string;
  readonly about?: readonly string[];
}

/** Reads one of its kind. Parts that hold secrets, such as a connection's pre-shared key, are not named and so not read. */
export const belonging =
  ({ type, meter, resourceType = type, about = [] }: Kind) =>
  (notification: Notification): Described => {
    const said = saidOf(type, notification);
    const createdAt = second(said, "created_at");
    return {
      source: "neutron",
      type: resourceType,
      id: needed(said, "id"),
      project: projectOf(said) ?? needed(said, "project_id"),
      amounts: meter === undefined ? [] : [[meter, 1n]],
      dimensions: meter === undefined ? {} : { state: stateOf(said) },
      about: attributes({ ...texts(said, ["name", "description", ...about]), status: text(said, "status") }),
      began: true,
      ...(createdAt === undefined ? {} : { beginning: { at: createdAt, state: "enabled" } }),
    };
  };

/**
 * Whether it is switched on. Neutron's own status says whether traffic flows; it changes without a notification, so that
 * what it cost would depend on who looked when.
 */
const stateOf = (said: Payload): string => (said["admin_state_up"] === false ? "disabled" : "enabled");

/** Every kind, whether it is metered or only told. */
export const KINDS: readonly Kind[] = [
  { type: "network", meter: "network", about: ["provider:network_type"] },
  { type: "subnet", meter: "subnet", about: ["cidr", "network_id"] },
  { type: "port", meter: "port", about: ["network_id", "mac_address", "device_id", "device_owner"] },
  { type: "router", meter: "router" },
  { type: "vpnservice", meter: "network.services.vpn", about: ["router_id", "external_v4_ip"] },
  {
    type: "ipsec_site_connection",
    meter: "network.services.vpn.connections",
    about: ["vpnservice_id", "peer_address"],
  },
  { type: "firewall", meter: "network.services.firewall", about: ["firewall_policy_id"] },
  { type: "firewall_group", meter: "network.services.firewall", resourceType: "firewall" },
  { type: "firewall_policy", meter: "network.services.firewall.policy" },
  { type: "firewall_rule", about: ["protocol", "action"] },
  { type: "ikepolicy" },
  { type: "ipsecpolicy" },
  { type: "metering_label" },
];
