import { at, CLOUD, DIALS, dialNamed, type Sample, UNBOUNDED } from "@raingauge/domain";
import { inPages, type Play, type Recording, recordedCloud, recording } from "@raingauge/harness";
import { silentLog } from "@raingauge/runtime";
import { expect, it } from "vitest";
import { sessionOf } from "../../fixtures/session-of.ts";
import { centralMetrics } from "../metrics.ts";
import { SOURCES } from "../sources.ts";
import { surveyor } from "../surveyor.ts";
import { sweep } from "../sweep.ts";
import { dial, dialSample } from "./reading.ts";
import { SURVEYS } from "./surveys.ts";

const PROJECT = "ed67957e32384123ab166d55f1c4cdbb";
const NOW = at(Date.parse("2026-11-23T00:44:20.500Z"));

const of =
  (name: string): Play =>
  () =>
    recording(name);
const pages = (name: string, items: string): Play => inPages(recording(name), items);
const empty =
  (items: string): Play =>
  () => ({ status: 200, response_headers: [], body: { [items]: [] } });

/** One host belongs to an aggregate, and one to a zone. */
const AGGREGATES: Recording = {
  ...recording("nova.os-aggregates"),
  body: {
    aggregates: [
      { id: 1, name: "ssd", availability_zone: null, hosts: ["compute-01"], metadata: { disk: "ssd" } },
      {
        id: 2,
        name: "north",
        availability_zone: "north",
        hosts: ["compute-01"],
        metadata: { availability_zone: "north" },
      },
    ],
  },
};

function answers(): Record<string, Play> {
  const projects = (recording("keystone.projects").body?.["projects"] ?? []) as readonly { readonly id: string }[];
  const provider = "/8778/resource_providers";
  const providers = (recording("placement.resource_providers").body?.["resource_providers"] ?? []) as readonly {
    readonly uuid: string;
  }[];
  return {
    "GET /5000/v3/projects": of("keystone.projects"),
    "GET /5000/v3/domains": of("keystone.domains"),
    "GET /5000/v3/users": of("keystone.users"),
    "GET /5000/v3/groups": empty("groups"),
    "GET /5000/v3/regions": of("keystone.regions"),
    "GET /8774/v2.1/os-services": of("nova.os-services"),
    "GET /8774/v2.1/os-hypervisors/detail": pages("nova.os-hypervisors_detail", "hypervisors"),
    "GET /8774/v2.1/os-aggregates": () => AGGREGATES,
    "GET /8774/v2.1/os-availability-zone": of("nova.os-availability-zone_detail"),
    "GET /8774/v2.1/flavors/detail": pages("nova.flavors_detail.v2_61", "flavors"),
    "GET /8774/v2.1/servers/detail": ({ query, ...asked }) =>
      query["deleted"] === "true"
        ? { ...recording("nova.servers_detail.latest"), body: { servers: [] } }
        : pages("nova.servers_detail.latest", "servers")({ ...asked, query }),
    [`GET /8776/v3/${PROJECT}/os-services`]: of("cinder.os-services"),
    [`GET /8776/v3/${PROJECT}/scheduler-stats/get_pools`]: of("cinder.scheduler-stats_get_pools"),
    [`GET /8776/v3/${PROJECT}/types`]: pages("cinder.types", "volume_types"),
    [`GET /8776/v3/${PROJECT}/volumes/detail`]: pages("cinder.volumes_detail.latest", "volumes"),
    [`GET /8776/v3/${PROJECT}/snapshots/detail`]: pages("cinder.snapshots_detail", "snapshots"),
    "GET /9292/v2/images": pages("glance.images", "images"),
    "GET /9696/v2.0/agents": pages("neutron.agents", "agents"),
    "GET /9696/v2.0/subnetpools": empty("subnetpools"),
    "GET /9696/v2.0/security-groups": pages("neutron.security-groups", "security_groups"),
    "GET /9696/v2.0/network-ip-availabilities": of("neutron.network-ip-availabilities"),
    "GET /9696/v2.0/floatingips": pages("neutron.floatingips", "floatingips"),
    "GET /9696/v2.0/networks": pages("neutron.networks", "networks"),
    "GET /9696/v2.0/subnets": pages("neutron.subnets", "subnets"),
    "GET /9696/v2.0/ports": pages("neutron.ports", "ports"),
    "GET /9696/v2.0/routers": pages("neutron.routers", "routers"),
    [`GET ${provider}`]: of("placement.resource_providers"),
    ...Object.fromEntries(
      providers.flatMap(({ uuid }) =>
        ["inventories", "usages", "allocations"].map((what) => [
          `GET ${provider}/${uuid}/${what}`,
          of(`placement.rp_${what}`),
        ]),
      ),
    ),
    ...Object.fromEntries(
      projects.flatMap(({ id }): [string, Play][] => [
        [`GET /8774/v2.1/os-quota-sets/${id}/detail`, of("nova.os-quota-sets_PROJECT_detail")],
        [`GET /8776/v3/${PROJECT}/os-quota-sets/${id}`, of("cinder.os-quota-sets_PROJECT")],
        [`GET /9696/v2.0/quotas/${id}/details.json`, of("neutron.quotas_PROJECT_details.json")],
      ]),
    ),
  };
}

async function looking(bent: Record<string, Play> = {}) {
  const cloud = await recordedCloud({ ...answers(), ...bent });
  const session = sessionOf(cloud, { now: () => NOW });
  const samples: Sample[] = [];
  const metrics = centralMetrics();
  const sweeping = {
    ...{ session, region: "one", agent: "central", intervalSeconds: 300, pageItems: 5, log: silentLog, metrics },
    ...{ now: () => NOW, dials: new Set(DIALS.map(({ collector }) => collector)) },
    post: async (batch: { readonly samples: readonly Sample[] }) => {
      samples.push(...batch.samples);
      return true;
    },
  };
  return { cloud, samples, metrics, sweeping };
}

const shown = (samples: readonly Sample[], name: string): (readonly [labels: string, value: number])[] =>
  samples
    .filter(({ meter }) => meter === name)
    .map(({ dimensions, value, project }) => [
      [...(project === CLOUD ? [] : [project]), ...Object.values(dimensions)].join(" "),
      value === UNBOUNDED ? -1 : Number(value) / Number(dialNamed(name)?.shown.factor.numerator ?? 1n),
    ]);

it("reads of a recorded cloud what the openstack-exporter tells of it, under its names and labels", async () => {
  const { samples, sweeping } = await looking();
  for (const survey of SURVEYS) await surveyor(survey, sweeping).once();
  const names = ["nova.sweep", "cinder.volumes.sweep", "cinder.snapshots.sweep", "glance.sweep"];
  const neutron = ["floatingips", "networks", "subnets", "ports", "routers"].map((each) => `neutron.${each}.sweep`);
  for (const source of SOURCES.filter(({ name }) => [...names, ...neutron].includes(name)))
    await sweep(source, sweeping, undefined);

  const told = (name: string) => shown(samples, name).toSorted();
  expect(told("openstack_nova_total_vms")).toEqual([["", 16]]);
  expect(told("openstack_nova_running_vms").reduce((sum, [, count]) => sum + count, 0)).toBe(9);
  expect(told("openstack_nova_vcpus_available")).toEqual([
    ["compute-01 north ssd", 1000],
    ["compute-02", 1000],
  ]);
  expect(told("openstack_nova_memory_used_bytes").at(1)).toEqual(["compute-02", 14_848 * 2 ** 20]);
  expect(told("raingauge_capacity_total").filter(([labels]) => labels.startsWith("compute-02"))).toEqual([
    ["compute-02 disk_bytes", 600_000 * 2 ** 30],
    ["compute-02 memory_bytes", 800_000 * 2 ** 20],
    ["compute-02 vcpus", 1000],
  ]);
  expect(told("openstack_nova_limits_vcpus_used").map(([, value]) => value)).toEqual([7, 7, 7, 7, 7, 7]);
  expect(told("openstack_nova_limits_vcpus_max").map(([, value]) => value)).toEqual([-1, -1, -1, -1, -1, -1]);
  expect(told("raingauge_quota_used")).toContainEqual([
    "8eb3fab7821249c7af3cbd737437eebf compute memory_bytes",
    11_264 * 2 ** 20,
  ]);
  expect(told("openstack_cinder_pool_capacity_free_gb")).toEqual([
    ["storage-01@fast#fast fast osreal", 4074],
    ["storage-01@slow#slow slow osreal", 4081],
  ]);
  expect(told("openstack_cinder_volume_status_counter")).toContainEqual(["available", 7]);
  expect(told("openstack_cinder_limits_volume_used_gb").map(([, value]) => value)).toEqual([13, 13, 13, 13, 13, 13]);
  expect(told("openstack_neutron_routers")).toEqual([["", 3]]);
  expect(told("openstack_neutron_agent_state").length).toBe(3);
  expect(told("openstack_neutron_network_ip_availabilities_total")).toContainEqual([
    "0fbec0a8-74d1-46fd-b05e-ab2eb0f08a97 initech-net 4 10.103.0.0/22 initech-sub f17881b185a440e2b7d91fb7eb19bb39",
    1021,
  ]);
  expect(told("openstack_placement_resource_allocation_ratio")).toContainEqual(["compute-02 MEMORY_MB", 1.5]);
  expect(told("openstack_identity_projects")).toEqual([["", 6]]);
  for (const each of ["nova", "cinder", "neutron", "identity", "placement", "glance"])
    expect(told(`openstack_${each}_up`), each).toEqual([["", 1]]);
});

it("measures what Cinder's services and pools are, under Ceilometer's names", async () => {
  const { samples, sweeping } = await looking();
  for (const survey of SURVEYS) await surveyor(survey, sweeping).once();

  const read = (meter: string) =>
    samples.filter((each) => each.meter === meter).map(({ resource, value }) => `${resource} ${value / GIBIBYTE}`);
  expect(read("volume.provider.pool.capacity.total")).toHaveLength(2);
  expect(read("volume.provider.pool.capacity.free")).toContain("storage-01@fast#fast 4074");
  expect(read("volume.provider.pool.capacity.allocated")).toHaveLength(2);
  expect(read("volume.provider.pool.capacity.provisioned")).toHaveLength(2);
  expect(read("volume.provider.pool.capacity.virtual_free")).toHaveLength(2);
  const health = samples.filter(({ meter }) => meter === "volume.service.health");
  expect(health.map(({ value }) => value)).toContain(1n);
});

const GIBIBYTE = 1024n ** 3n;

it("has a label of the exporter's for each that it is told, and one series for each reading", async () => {
  const { samples, sweeping } = await looking();
  for (const survey of SURVEYS) await surveyor(survey, sweeping).once();

  const dials = samples.filter(({ meter }) => dialNamed(meter) !== undefined);
  const strange = dials.filter(({ meter, dimensions }) =>
    Object.keys(dimensions).some((label) => dialNamed(meter)?.labels.includes(label) !== true),
  );
  const series = dials.map(({ meter, project, resource }) => `${meter} ${project} ${resource}`);

  expect(strange).toEqual([]);
  expect(series.filter((each, index) => series.indexOf(each) !== index)).toEqual([]);
});

it("goes on where one project cannot be told of, and says that a service is down where it is", async () => {
  const { samples, sweeping, metrics } = await looking({
    "GET /8774/v2.1/os-quota-sets/8eb3fab7821249c7af3cbd737437eebf/detail": () =>
      recording("nova.servers_detail.member_forbidden"),
    [`GET /8776/v3/${PROJECT}/scheduler-stats/get_pools`]: () => "cut",
  });

  for (const survey of SURVEYS) await surveyor(survey, sweeping).once();

  expect(shown(samples, "openstack_nova_limits_vcpus_used")).toHaveLength(5);
  expect(shown(samples, "openstack_nova_up")).toEqual([["", 1]]);
  expect(shown(samples, "openstack_cinder_up")).toEqual([["", 0]]);
  expect(shown(samples, "openstack_neutron_up")).toEqual([["", 1]]);
  const text = await metrics.text();
  expect(text).toContain('poller_survey_parts_skipped_total{source="nova.survey",reason="forbidden"} 1');
  expect(text).toContain('poller_surveys_failed_total{source="cinder.survey",reason="unreachable"} 1');
});

it("that cannot be got ready costs the dials, and never the sweep", async () => {
  const { samples, sweeping } = await looking({ "GET /8774/v2.1/flavors/detail": () => "cut" });
  const nova = SOURCES.find(({ name }) => name === "nova.sweep") ?? expect.fail();

  await sweep(nova, sweeping, undefined);

  expect(samples.filter(({ meter }) => meter === "instance").length).toBeGreaterThan(0);
  expect(samples.filter(({ meter }) => dialNamed(meter) !== undefined)).toEqual([]);
});

it.each([
  ["without limit", -1, UNBOUNDED],
  ["a fraction", 1.5, 3n * 2n ** 29n],
  ["more than anybody counts", 2 ** 64, UNBOUNDED - 1n],
])("keeps %s as a whole number", (_, value, kept) => {
  const [read] = dial("openstack_cinder_pool_capacity_free_gb", { name: "p" }, value);

  expect(dialSample(read ?? expect.fail(), { region: "one", at: NOW, message: "m" }).value).toBe(kept);
});
