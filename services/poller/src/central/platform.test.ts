import { instant } from "@raingauge/domain";
import { recording } from "@raingauge/harness";
import type { Payload } from "@raingauge/openstack";
import { describe, expect, it } from "vitest";
import { SURVEYS } from "./dials/surveys.ts";
import { type Listed, samplesOf } from "./resource.ts";
import { SOURCES } from "./sources.ts";

// What the recorded cloud did not run answers here as its API reference has it, with the secrets that it puts beside.

const sourceNamed = (name: string) => SOURCES.find((source) => source.name === name) ?? expect.fail();
const read = (name: string, said: Payload): Listed => sourceNamed(name).read(said);

const HEARING = {
  region: "one",
  message: "m",
  newsFrom: instant("2026-01-01T00:00:00Z"),
  askedAt: instant("2026-11-23T12:00:00Z"),
};

/** What is claimed: stance, meter, value, time, state. */
const outlines = (name: string, said: Payload): string[] =>
  samplesOf(read(name, said), HEARING).map(({ stance, meter, value, at, dimensions, project }) =>
    [stance, meter, String(value), new Date(at).toISOString().slice(5, 19), project, ...Object.values(dimensions)].join(
      " ",
    ),
  );

const BALANCER = {
  id: "607226db-27ef-4d41-ae89-f2a800e9c2db",
  name: "web",
  project_id: "acme",
  provisioning_status: "ACTIVE",
  operating_status: "ONLINE",
  created_at: "2026-11-23T10:00:00",
  provider: "amphora",
  flavor_id: "",
  availability_zone: null,
  vip_address: "203.0.113.50",
};
const ZONE = {
  id: "a86dba58-0043-4cc6-a1bb-69d5e86f3ca3",
  project_id: "acme",
  name: "example.org.",
  status: "ACTIVE",
  type: "PRIMARY",
  ttl: 7200,
  serial: 1_404_757_531,
  created_at: "2026-11-23T10:00:00.000000",
};
const SHARE = {
  id: "011d21e2-fbc3-4e4a-9993-9ea223f73264",
  project_id: "acme",
  name: "home",
  status: "available",
  size: 2,
  share_proto: "NFS",
  share_type: "25747776-08e5-494f-ab40-a64b9d20d8f7",
  share_type_name: "default",
  availability_zone: "nova",
  created_at: "2026-11-23T10:00:00.000000",
  export_location: "10.0.0.3:/shares/secret",
};
const CLUSTER = {
  uuid: "746e779a-751a-456b-a3e9-c883d734946f",
  project_id: "acme",
  name: "k8s",
  status: "CREATE_COMPLETE",
  cluster_template_id: "t-1",
  node_count: 3,
  master_count: 1,
  created_at: "2026-11-23T10:00:00+00:00",
  discovery_url: "https://discovery.example/token-in-here",
};
const NODE = {
  uuid: "6d85703a-565d-469a-96ce-30b6de53079d",
  owner: "globex",
  lessee: "acme",
  provision_state: "active",
  provision_updated_at: "2026-11-23T10:00:00+00:00",
  resource_class: "gold",
  driver_info: { ipmi_password: "hunter2", deploy_kernel: "kernel" },
};
const STACK = {
  id: "3095aefc-09fb-4bc7-b1f0-f21a304e864c",
  project: "acme",
  stack_name: "simple",
  stack_status: "CREATE_COMPLETE",
  creation_time: "2026-11-23T10:00:00Z",
};
const SNAPSHOT = {
  id: "6d221c1d-0200-461e-8d20-24b4776b9ddb",
  project_id: "acme",
  share_id: SHARE.id,
  name: "nightly",
  status: "available",
  size: 1,
  share_size: 2,
  share_proto: "NFS",
  created_at: "2026-11-23T10:00:00.000000",
  provider_location: "pool/secret",
};
const DATABASE = {
  id: "44b277eb-39be-4921-be31-3d61b43651d7",
  tenant_id: "acme",
  name: "orders",
  status: "ACTIVE",
  created: "2026-11-23T10:00:00",
  updated: "2026-11-23T11:00:00",
  flavor: { id: "2", links: [] },
  datastore: { type: "mysql", version: "8.0.29" },
  volume: { size: 5, used: 0.5 },
  password: "hunter2",
};
const LEASE = {
  id: "6ee55c78-ac52-41a6-99af-2d2d73bcc466",
  project_id: "acme",
  name: "course",
  status: "ACTIVE",
  degraded: false,
  start_date: "2026-11-23T10:00:00.000000",
  end_date: "2026-11-23T11:00:00.000000",
  trust_id: "secret",
  reservations: [{ resource_type: "virtual:instance" }, { resource_type: "physical:host" }],
};
const CONNECTION = {
  id: "851f280f-5639-4ea3-81aa-e298525ab74b",
  project_id: "acme",
  name: "to-paris",
  admin_state_up: true,
  status: "DOWN",
  psk: "hunter2",
  vpnservice_id: "5c561d9d-eaea-45f6-ae3e-08d1a7080828",
};
const ROUTER = ((recording("neutron.routers").body?.["routers"] ?? []) as readonly Payload[])[0] ?? expect.fail();

const NOBODY = {
  fetch: () => expect.fail("nobody is asked"),
  get: () => expect.fail("nobody is asked"),
  pages: () => expect.fail("nobody is asked"),
};

describe("what is swept of the services above", () => {
  it.each([
    ["octavia.sweep", BALANCER, ["states loadbalancer 1 11-23T12:00:00 acme amphora  active "]],
    [
      "octavia.sweep",
      { ...BALANCER, provisioning_status: "ERROR" },
      ["states loadbalancer 1 11-23T12:00:00 acme amphora  error "],
    ],
    ["octavia.sweep", { ...BALANCER, provisioning_status: "PENDING_CREATE" }, []],
    [
      "designate.sweep",
      ZONE,
      [
        "sights dns.zone 1 11-23T10:00:00 acme active",
        "states dns.zone 1 11-23T12:00:00 acme active",
        "states dns.zone.ttl 7200 11-23T12:00:00 acme",
        "states dns.zone.serial 1404757531 11-23T12:00:00 acme",
      ],
    ],
    ["designate.sweep", { ...ZONE, status: "DELETED" }, []],
    [
      "manila.sweep",
      SHARE,
      [
        "sights manila.share.size 2147483648 11-23T10:00:00 acme 25747776-08e5-494f-ab40-a64b9d20d8f7 NFS available nova",
        "states manila.share.size 2147483648 11-23T12:00:00 acme 25747776-08e5-494f-ab40-a64b9d20d8f7 NFS available nova",
      ],
    ],
    ["manila.sweep", { ...SHARE, status: "creating" }, []],
    ["magnum.sweep", CLUSTER, ["states magnum.cluster 1 11-23T12:00:00 acme t-1 active"]],
    ["magnum.sweep", { ...CLUSTER, status: "CREATE_FAILED" }, []],
    [
      "ironic.sweep",
      NODE,
      [
        "states baremetal.node 1 11-23T10:00:00 acme active gold",
        "states baremetal.node 1 11-23T12:00:00 acme active gold",
      ],
    ],
    ["ironic.sweep", { ...NODE, lessee: null, owner: null }, []],
    ["heat.sweep", STACK, ["sights stack 1 11-23T10:00:00 acme active", "states stack 1 11-23T12:00:00 acme active"]],
    [
      "heat.sweep",
      { ...STACK, stack_status: "SUSPEND_COMPLETE" },
      ["sights stack 1 11-23T10:00:00 acme active", "states stack 1 11-23T12:00:00 acme suspended"],
    ],
    [
      "manila.snapshots.sweep",
      SNAPSHOT,
      [
        "states manila.snapshot.size 1073741824 11-23T10:00:00 acme NFS available",
        "states manila.snapshot.size 1073741824 11-23T12:00:00 acme NFS available",
      ],
    ],
    ["manila.snapshots.sweep", { ...SNAPSHOT, status: "creating" }, []],
    [
      "trove.sweep",
      DATABASE,
      [
        "sights trove.instance 1 11-23T10:00:00 acme 2 mysql active",
        "sights trove.instance 1 11-23T12:00:00 acme 2 mysql active",
      ],
    ],
    ["trove.sweep", { ...DATABASE, status: "BUILD" }, []],
    [
      "blazar.sweep",
      LEASE,
      [
        "states lease 1 11-23T10:00:00 acme physical:host,virtual:instance active",
        "states lease 1 11-23T12:00:00 acme physical:host,virtual:instance active",
      ],
    ],
    [
      "blazar.sweep",
      { ...LEASE, status: "TERMINATED" },
      [
        "states lease 1 11-23T10:00:00 acme physical:host,virtual:instance active",
        "ends lease 1 11-23T11:00:00 acme physical:host,virtual:instance active",
      ],
    ],
    ["blazar.sweep", { ...LEASE, status: "PENDING" }, []],
    [
      "neutron.routers.sweep",
      { ...ROUTER, admin_state_up: false },
      [
        "sights router 1 11-23T00:33:53 591cc5a1cd814ffda5c696fb6e7f4ed5 enabled",
        "states router 1 11-23T12:00:00 591cc5a1cd814ffda5c696fb6e7f4ed5 disabled",
      ],
    ],
    [
      "neutron.ipsecsiteconnections.sweep",
      CONNECTION,
      ["states network.services.vpn.connections 1 11-23T12:00:00 acme enabled"],
    ],
    [
      "neutron.vpnservices.sweep",
      { id: "v", project_id: "acme", admin_state_up: true },
      ["states network.services.vpn 1 11-23T12:00:00 acme enabled"],
    ],
    [
      "neutron.firewallgroups.sweep",
      { id: "f", project_id: "acme", admin_state_up: false },
      ["states network.services.firewall 1 11-23T12:00:00 acme disabled"],
    ],
    [
      "neutron.firewallpolicies.sweep",
      { id: "p", project_id: "acme" },
      ["states network.services.firewall.policy 1 11-23T12:00:00 acme enabled"],
    ],
    ["neutron.ports.sweep", { id: "p", project_id: "", tenant_id: "" }, []],
  ] as const)("%s of %j", (name, said, claims) => {
    expect(outlines(name, said)).toEqual(claims);
  });

  it.each([
    ["octavia.sweep", BALANCER],
    ["manila.sweep", SHARE],
    ["manila.snapshots.sweep", SNAPSHOT],
    ["trove.sweep", DATABASE],
    ["blazar.sweep", LEASE],
    ["magnum.sweep", CLUSTER],
    ["ironic.sweep", NODE],
    ["neutron.ipsecsiteconnections.sweep", CONNECTION],
  ] as const)("%s repeats no secret, neither in readings nor in what is only looked at", async (name, said) => {
    const source = sourceNamed(name);
    const dials = (await source.dials?.make(NOBODY)) ?? { item: () => [], total: () => [] };

    const told = JSON.stringify([samplesOf(source.read(said), HEARING), dials.item(said), dials.total()], (_, value) =>
      typeof value === "bigint" ? String(value) : value,
    );

    expect(told).not.toMatch(/hunter2|token-in-here|secret/);
  });
});

it("what a database is besides is told as the openstack-exporter tells it", async () => {
  const dials = (await sourceNamed("trove.sweep").dials?.make(NOBODY)) ?? expect.fail();
  const of = {
    ...{ datastore_type: "mysql", datastore_version: "8.0.29", health_status: "", id: DATABASE.id, name: "orders" },
    ...{ status: "ACTIVE", tenant_id: "acme" },
  };

  expect(dials.item(DATABASE)).toEqual([
    { dial: "openstack_trove_instance_status", labels: of, value: 2 },
    { dial: "openstack_trove_instance_volume_size_gb", labels: of, value: 5 },
    { dial: "openstack_trove_instance_volume_used_gb", labels: of, value: 0.5 },
  ]);
  expect(dials.total()).toEqual([{ dial: "openstack_trove_total_instances", labels: {}, value: 1 }]);
});

it("what alarms came to is counted for each state by itself: alarm.evaluation_result", async () => {
  const told = [
    { alarm_id: "a-1", project_id: "acme", state_counters: { ok: 3, alarm: 1, "insufficient data": 0 } },
    { alarm_id: "a-2", project_id: null, state_counters: { ok: 1 } },
    { alarm_id: "a-3", project_id: "acme", state_counters: { ok: -1, alarm: "many" } },
  ];
  const asking = { ...NOBODY, get: async () => ({ body: { evaluation_results: told }, askedAt: 0 }) };
  const survey = SURVEYS.find(({ name }) => name === "aodh.survey") ?? expect.fail();

  const read = await survey.read(asking, () => expect.fail("nothing is skipped"), { sinceAt: undefined });

  expect(read).toEqual(
    [
      ["ok", 3n],
      ["alarm", 1n],
      ["insufficient data", 0n],
    ].map(([state, value]) => ({
      ...{ meter: "alarm.evaluation_result", source: "aodh", project: "acme", value, dimensions: { state } },
      resource: `a-1/${state}`,
    })),
  );
});
