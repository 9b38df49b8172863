import type { Meter } from "../meter.ts";
import { delta, existence, heard, swept } from "./row.ts";
import { BYTES, each } from "./unit.ts";

/**
 * One thing that Neutron keeps for a project, and whether it is switched on. Whether traffic flows changes without being
 * notified, so that a bill would depend on when we looked.
 */
const kept = (name: string, what: string, events: string, path: string): Meter =>
  existence(name, {
    of: each(what),
    type: what,
    dimensions: ["state"],
    sources: [heard(events), swept(`neutron GET ${path}`)],
  });

export const NEUTRON: readonly Meter[] = [
  existence("ip.floating", {
    of: each("ip"),
    type: "floatingip",
    dimensions: ["network", "state"],
    sources: [heard("floatingip.*, floatingip.exists"), swept("neutron GET /v2.0/floatingips")],
  }),
  delta("bandwidth", { of: BYTES, type: "metering_label", sources: [heard("l3.meter")] }),
  kept("network", "network", "network.*", "/v2.0/networks"),
  kept("subnet", "subnet", "subnet.*", "/v2.0/subnets"),
  kept("router", "router", "router.*", "/v2.0/routers"),
  kept("port", "port", "port.*", "/v2.0/ports"),
  kept("network.services.vpn", "vpnservice", "vpnservice.*", "/v2.0/vpn/vpnservices"),
  kept(
    "network.services.vpn.connections",
    "ipsec_site_connection",
    "ipsec_site_connection.*",
    "/v2.0/vpn/ipsec-site-connections",
  ),
  kept("network.services.firewall", "firewall", "firewall_group.*", "/v2.0/fwaas/firewall_groups"),
  kept("network.services.firewall.policy", "firewall_policy", "firewall_policy.*", "/v2.0/fwaas/firewall_policies"),
];
