import type { Meter } from "../meter.ts";
import { counter, delta, existence, gauge, heard, type Row, SWEPT_SILENCE_SECONDS, swept } from "./row.ts";
import { BYTES, each, GIBIBYTES, SECONDS, type Unit } from "./unit.ts";

const DATABASE = {
  type: "trove_instance",
  dimensions: ["flavor", "datastore", "state"],
};

const HEARD_DATABASE = heard("trove.instance.*, trove.instance.exists");

/** What the services above Nova, Cinder and Neutron keep for a project. */
export const PLATFORM: readonly Meter[] = [
  existence("loadbalancer", {
    of: each("loadbalancer"),
    type: "loadbalancer",
    dimensions: ["provider", "flavor", "state", "availability_zone"],
    sources: [heard("octavia.loadbalancer.*"), swept("octavia GET /v2/lbaas/loadbalancers")],
  }),
  traffic("incoming.bytes", BYTES, "bytes_in"),
  traffic("outgoing.bytes", BYTES, "bytes_out"),
  traffic("total.connections", each("connection"), "total_connections"),
  { ...traffic("request.errors", each("request"), "request_errors"), isPriceable: false },
  gauge("network.services.lb.active.connections", {
    ...{ of: each("connection"), type: "loadbalancer", isPriceable: false, silenceSeconds: SWEPT_SILENCE_SECONDS },
    sources: [swept("octavia GET /v2/lbaas/loadbalancers/<id>/stats active_connections")],
  }),
  existence("dns.zone", {
    of: each("zone"),
    type: "dns_zone",
    dimensions: ["state"],
    sources: [heard("dns.zone.*, dns.zone.exists"), swept("designate GET /v2/zones")],
    aliases: ["dns.domain.exists"],
  }),
  existence("manila.share.size", {
    of: GIBIBYTES,
    type: "manila_share",
    dimensions: ["share_type", "protocol", "state", "availability_zone"],
    sources: [heard("share.*"), swept("manila GET /v2/shares/detail")],
  }),
  existence("manila.snapshot.size", {
    of: GIBIBYTES,
    type: "manila_snapshot",
    dimensions: ["protocol", "state"],
    sources: [swept("manila GET /v2/snapshots/detail")],
  }),
  existence("trove.instance", {
    ...{ ...DATABASE, of: each("instance"), aliases: ["trove.instance.exists"] },
    sources: [HEARD_DATABASE, swept("trove GET /v1.0/<project>/mgmt/instances")],
  }),
  existence("trove.volume.size", { ...DATABASE, of: GIBIBYTES, sources: [HEARD_DATABASE] }),
  existence("lease", {
    of: each("lease"),
    type: "lease",
    dimensions: ["kind", "state"],
    sources: [swept("blazar GET /v1/leases")],
  }),
  existence("magnum.cluster", {
    of: each("cluster"),
    type: "magnum_cluster",
    dimensions: ["template", "state"],
    sources: [heard("magnum.cluster.*"), swept("magnum GET /v1/clusters")],
  }),
  existence("stack", {
    of: each("stack"),
    type: "stack",
    dimensions: ["state"],
    sources: [heard("orchestration.stack.*"), swept("heat GET /v1/<project>/stacks")],
  }),
  existence("baremetal.node", {
    of: each("node"),
    type: "baremetal_node",
    dimensions: ["resource_class", "state"],
    sources: [heard("baremetal.node.*"), swept("ironic GET /v1/nodes")],
  }),
  gauge("dns.zone.recordsets", {
    of: each("recordset"),
    type: "dns_zone",
    sources: [swept("designate GET /v2/recordsets")],
    silenceSeconds: SWEPT_SILENCE_SECONDS,
  }),
  gauge("dns.zone.ttl", zone(SECONDS)),
  gauge("dns.zone.serial", zone(each("serial"))),
];

/** What a load balancer has passed since it was made. */
function traffic(name: string, of: Unit, field: string): Meter {
  const from = `octavia GET /v2/lbaas/loadbalancers/<id>/stats ${field}`;
  return counter(`network.services.lb.${name}`, { of, type: "loadbalancer", sources: [swept(from)] });
}

/** A setting, and no amount of anything. */
function zone(of: Unit): Row {
  return {
    of,
    type: "dns_zone",
    sources: [swept("designate GET /v2/zones")],
    silenceSeconds: SWEPT_SILENCE_SECONDS,
    isPriceable: false,
  };
}

const request = (type: string, eventType: string, what: string): Row => ({
  of: each(what),
  type,
  sources: [heard(eventType)],
  isPriceable: false,
});

/** What the services were asked. */
export const REQUESTS: readonly Meter[] = [
  delta("identity.authenticate.success", request("identity", "identity.authenticate", "user")),
  delta("identity.authenticate.pending", request("identity", "identity.authenticate", "user")),
  delta("identity.authenticate.failure", request("identity", "identity.authenticate", "user")),
  delta("http.request", request("service", "http.request", "request")),
  delta("http.response", request("service", "http.response", "response")),
  gauge("alarm.evaluation_result", {
    of: each("evaluation_result_count"),
    type: "alarm",
    dimensions: ["state"],
    sources: [swept("aodh GET /v2/metrics")],
    silenceSeconds: SWEPT_SILENCE_SECONDS,
    isPriceable: false,
  }),
];
