import { recording } from "@raingauge/harness";
import { describe, expect, it } from "vitest";
import type { BrokerLook, Overheard } from "./broker.ts";
import { auditOf } from "./cloud.ts";
import { NO_EVIDENCE, type SeenAgent } from "./evidence.ts";
import type { Finding } from "./finding.ts";
import { serviceFindings } from "./services.ts";

const LOG = recording("nova.os-instance_usage_audit_log").body?.["instance_usage_audit_logs"] as Record<
  string,
  unknown
>;

describe("what Nova says of its audit", () => {
  it.each([
    ["as it was recorded", {}, "well"],
    ["on no host", { hosts_not_run: ["compute-01", "compute-02"], num_hosts_done: 0 }, "wrong"],
    ["not on one host", { hosts_not_run: ["compute-02"], num_hosts_done: 1 }, "wrong"],
    ["once a month", { period_beginning: "2026-10-01 00:00:00", period_ending: "2026-11-01 00:00:00" }, "wrong"],
    ["with errors", { total_errors: 3 }, "wrong"],
  ])("%s", (_, change, verdict) => {
    expect(auditOf({ ...LOG, ...change }).verdict).toBe(verdict);
  });
});

describe("whether a service notifies", () => {
  it.each([
    {
      what: "it was heard",
      service: "glance",
      broker: heard({ glance: "bound" }, said("glance", "image.create")),
      events: [],
      verdict: "well",
    },
    {
      what: "Cinder was heard on oslo's own exchange",
      service: "cinder",
      broker: heard({ openstack: "bound" }, said("openstack", "volume.create.end")),
      events: [],
      verdict: "well",
    },
    {
      what: "its events were stored",
      service: "glance",
      broker: heard({ glance: "bound" }),
      events: ["glance"],
      verdict: "well",
    },
    { what: "it was silent", service: "glance", broker: heard({ glance: "bound" }), events: [], verdict: "unsure" },
    {
      what: "the broker has never heard of it",
      service: "glance",
      broker: heard({ glance: "missing" }),
      events: [],
      verdict: "wrong",
    },
    {
      what: "Swift answered us and told nobody",
      service: "swift",
      broker: heard({ swift: "bound" }),
      events: [],
      verdict: "wrong",
    },
    {
      what: "Swift told of our question",
      service: "swift",
      broker: heard({ swift: "bound" }, said("swift", "objectstore.http.request")),
      events: [],
      verdict: "well",
    },
  ])("$service: $what", ({ service, broker, events, verdict }) => {
    const [finding] = of(
      service,
      serviceFindings({
        ...SEEN,
        services: new Set([service]),
        brokers: [broker],
        evidence: { ...NO_EVIDENCE, services: new Set(events) },
      }),
    );

    expect(finding?.verdict).toBe(verdict);
    if (verdict !== "well") expect(finding?.mend).toMatch(/driver = messagingv2|ceilometermiddleware/);
  });

  it("nothing is expected of a service that the cloud has not", () => {
    expect(of("swift", serviceFindings({ ...SEEN, services: new Set(["nova"]), brokers: [heard({})] }))).toEqual([]);
  });
});

describe("whether what is there is confirmed", () => {
  const none = auditOf({ ...LOG, hosts_not_run: ["compute-01", "compute-02"] });

  it.each([
    { what: "no audit and nothing else", agents: [libvirt("volume-less", [])], nova: "wrong", cinder: "wrong" },
    {
      what: "no audit, but libvirt and a sweep",
      agents: [libvirt("libvirt", ["instance"]), libvirt("cinder.volumes.sweep", ["volume"])],
      nova: "off",
      cinder: "off",
    },
    {
      what: "both audits",
      agents: [libvirt("nova.audit", ["instance"]), libvirt("cinder.audit", ["volume", "snapshot"])],
      nova: "well",
      cinder: "well",
    },
    { what: "nothing is known of agents", agents: [], nova: "wrong", cinder: "unsure" },
  ])("$what", ({ agents, nova, cinder }) => {
    const found = serviceFindings({
      ...SEEN,
      audit: none,
      services: new Set(["nova", "cinder"]),
      evidence: { ...NO_EVIDENCE, agents },
    });
    const audits = found.filter(({ says }) => says.includes("audit"));

    expect(of("nova", audits).map(({ verdict }) => verdict)).toEqual([nova]);
    expect(of("cinder", audits).map(({ verdict }) => verdict)).toEqual([cinder]);
  });
});

const SEEN = { services: undefined, brokers: [], evidence: NO_EVIDENCE, provoked: true, audit: undefined } as const;

const of = (part: string, findings: readonly Finding[]): Finding[] => findings.filter((each) => each.part === part);

function said(exchange: string, type: string): Overheard[] {
  return [{ exchange, type, isVersioned: false }];
}

function heard(reach: Readonly<Record<string, "bound" | "missing">>, overheard: readonly Overheard[] = []): BrokerLook {
  const examined = { queue: { messages: 0, consumers: 1 }, reach: new Map(Object.entries(reach)), heard: [] };
  return { examined, overheard, findings: [] };
}

function libvirt(source: string, confirms: readonly string[]): SeenAgent {
  return { region: "RegionOne", source, agent: "one", silentSeconds: 10, confirms };
}
