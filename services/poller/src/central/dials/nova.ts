import type { Payload } from "@raingauge/openstack";
import { type Asking, everyItem, type Project, projectsOf, wholeList } from "../asking.ts";
import { quotaReadings } from "./quota.ts";
import { type DialReading, dial } from "./reading.ts";
import { label, labels, number, numbered, part } from "./said.ts";
import { type Dialling, ofEach, type Survey } from "./survey.ts";

/** From 2.88 on Nova no longer says how full a hypervisor is; what an older one leaves out is left out here. */
const COMPUTE = { service: "compute", microversion: "compute 2.87", microversionLeast: "2.1" } as const;

export const novaSurvey: Survey = {
  name: "nova.survey",
  collector: "nova",
  async read(asking, skipped) {
    const [services, hypervisors, where, zones, flavors] = await Promise.all([
      wholeList(asking, { ...COMPUTE, path: "/os-services" }, "services"),
      everyItem(asking, { ...COMPUTE, path: "/os-hypervisors/detail", items: "hypervisors" }),
      aggregates(asking),
      wholeList(asking, { ...COMPUTE, path: "/os-availability-zone" }, "availabilityZoneInfo"),
      flavorList(asking),
    ]);
    const quotas = await ofEach(await projectsOf(asking), (project) => quota(asking, project), skipped);
    return [
      ...services.flatMap(agent),
      ...hypervisors.flatMap((each) => hypervisor(each, where)),
      ...dial("openstack_nova_availability_zones", {}, zones.length),
      ...dial("openstack_nova_flavors", {}, flavors.length),
      ...flavors.flatMap(flavor),
      ...quotas,
    ];
  },
};

/** In which zone and which aggregates a host is. */
type Where = (host: string) => { readonly availability_zone: string; readonly aggregates: string };

/** An aggregate that says nothing but a zone is that zone, and no aggregate to anybody. */
async function aggregates(asking: Asking): Promise<Where> {
  const all = await wholeList(asking, { ...COMPUTE, path: "/os-aggregates" }, "aggregates");
  const of = (host: string): readonly Payload[] =>
    all.filter(({ hosts }) => Array.isArray(hosts) && hosts.includes(host));
  return (host) => ({
    availability_zone: label(
      of(host).findLast((each) => label(each, "availability_zone") !== "") ?? {},
      "availability_zone",
    ),
    aggregates: of(host)
      .filter((each) => Object.keys(part(each, "metadata")).join() !== "availability_zone")
      .map((each) => label(each, "name"))
      .toSorted()
      .join(","),
  });
}

const flavorList = (asking: Asking): Promise<Payload[]> =>
  everyItem(asking, { ...COMPUTE, path: "/flavors/detail", items: "flavors", query: { is_public: "None" } });

const agent = (said: Payload): DialReading[] =>
  dial(
    "openstack_nova_agent_state",
    labels(said, {
      id: "id",
      hostname: "host",
      service: "binary",
      adminState: "status",
      zone: "zone",
      disabledReason: "disabled_reason",
    }),
    said["state"] === "up" ? 1 : 0,
  );

const flavor = (said: Payload): DialReading[] =>
  dial(
    "openstack_nova_flavor",
    {
      ...labels(said, { id: "id", name: "name", vcpus: "vcpus", ram: "ram", disk: "disk" }),
      is_public: label(said, "os-flavor-access:is_public"),
    },
    1,
  );

const [MEBIBYTE, GIBIBYTE] = [2 ** 20, 2 ** 30];

function hypervisor(said: Payload, where: Where): DialReading[] {
  const hostname = label(said, "hypervisor_hostname");
  const place = where(label(part(said, "service"), "host"));
  const of = (suffix: string, value: number | undefined): DialReading[] =>
    dial(`openstack_nova_${suffix}`, { hostname, ...place }, value);
  const times = (field: string, factor: number): number | undefined => {
    const value = number(said, field);
    return value === undefined ? undefined : Math.max(value, 0) * factor;
  };
  return [
    ...of("current_workload", number(said, "current_workload")),
    ...of("vcpus_available", times("vcpus", 1)),
    ...of("vcpus_used", times("vcpus_used", 1)),
    ...of("memory_available_bytes", times("memory_mb", MEBIBYTE)),
    ...of("memory_used_bytes", times("memory_mb_used", MEBIBYTE)),
    ...of("local_storage_available_bytes", times("local_gb", GIBIBYTE)),
    ...of("local_storage_used_bytes", times("local_gb_used", GIBIBYTE)),
    ...of("free_disk_bytes", times("free_disk_gb", GIBIBYTE)),
    ...CAPACITIES.flatMap(([capacity, total, used, factor]) =>
      [["total", total] as const, ["used", used] as const].flatMap(([which, field]) =>
        dial(
          `raingauge_capacity_${which}`,
          { host: hostname, availability_zone: place.availability_zone, capacity },
          times(field, factor),
        ),
      ),
    ),
  ];
}

const CAPACITIES = [
  ["vcpus", "vcpus", "vcpus_used", 1],
  ["memory_bytes", "memory_mb", "memory_mb_used", MEBIBYTE],
  ["disk_bytes", "local_gb", "local_gb_used", GIBIBYTE],
] as const;

async function quota(asking: Asking, { id, name }: Project): Promise<DialReading[]> {
  const { body } = await asking.get({ ...COMPUTE, path: `/os-quota-sets/${id}/detail` });
  const set = part(body, "quota_set");
  const tenant = { tenant: name, tenant_id: id };
  const limit = (suffix: string, resource: string, field: "limit" | "in_use"): DialReading[] =>
    dial(`openstack_nova_limits_${suffix}`, tenant, number(part(set, resource), field));
  return [
    ...QUOTAS.flatMap((resource) =>
      ["limit", "in_use", "reserved"].flatMap((type) =>
        dial(`openstack_nova_quota_${resource}`, { type, ...tenant }, number(part(set, resource), type)),
      ),
    ),
    ...limit("vcpus_max", "cores", "limit"),
    ...limit("vcpus_used", "cores", "in_use"),
    ...limit("memory_max", "ram", "limit"),
    ...limit("memory_used", "ram", "in_use"),
    ...limit("instances_max", "instances", "limit"),
    ...limit("instances_used", "instances", "in_use"),
    ...quotaReadings(id, "compute", set, "in_use", {
      instances: ["instances", 1],
      cores: ["vcpus", 1],
      ram: ["memory_bytes", MEBIBYTE],
      server_groups: ["server_groups", 1],
      key_pairs: ["key_pairs", 1],
    }),
  ];
}

const QUOTAS = [
  "cores",
  "instances",
  "key_pairs",
  "metadata_items",
  "ram",
  "server_groups",
  "server_group_members",
  "fixed_ips",
  "floating_ips",
  "security_group_rules",
  "security_groups",
  "injected_file_content_bytes",
  "injected_file_path_bytes",
  "injected_files",
];

/** What the machines that a sweep lists say. A machine names its flavor, and the exporter's label holds the flavor's id. */
export async function novaDials(asking: Asking): Promise<Dialling> {
  const [where, flavors] = await Promise.all([aggregates(asking), flavorList(asking)]);
  const flavorIds = new Map(flavors.map((each) => [label(each, "name"), label(each, "id")]));
  const seen = new Set<string>();
  const running = new Map<string, { readonly labels: Record<string, string>; count: number }>();
  return {
    item(said) {
      const [id, status] = [label(said, "id"), label(said, "status")];
      if (status === "DELETED" || seen.has(id)) return [];
      seen.add(id);
      count(running, said, where);
      const size = part(said, "flavor");
      return [
        ...dial(
          "openstack_nova_server_status",
          { ...labels(said, SERVER), flavor_id: flavorIds.get(label(size, "original_name")) ?? "" },
          numbered(SERVER_STATUSES, status),
        ),
        ...dial(
          "openstack_nova_server_local_gb",
          labels(said, { name: "name", id: "id", tenant_id: "tenant_id" }),
          (number(size, "disk") ?? 0) + (number(size, "ephemeral") ?? 0),
        ),
      ];
    },
    total: () => [
      ...dial("openstack_nova_total_vms", {}, seen.size),
      ...[...running.values()].flatMap((each) => dial("openstack_nova_running_vms", each.labels, each.count)),
    ],
  };
}

function count(
  running: Map<string, { readonly labels: Record<string, string>; count: number }>,
  said: Payload,
  where: Where,
): void {
  const hostname = label(said, "OS-EXT-SRV-ATTR:hypervisor_hostname");
  if (hostname === "" || label(said, "status") !== "ACTIVE") return;
  const place = where(label(said, "OS-EXT-SRV-ATTR:host"));
  const of = { hostname, ...place, tenant_id: label(said, "tenant_id") };
  const key = JSON.stringify(of);
  const known = running.get(key) ?? { labels: of, count: 0 };
  running.set(key, known);
  known.count += 1;
}

const SERVER = {
  id: "id",
  uuid: "id",
  status: "status",
  name: "name",
  tenant_id: "tenant_id",
  user_id: "user_id",
  address_ipv4: "accessIPv4",
  address_ipv6: "accessIPv6",
  host_id: "hostId",
  hypervisor_hostname: "OS-EXT-SRV-ATTR:hypervisor_hostname",
  availability_zone: "OS-EXT-AZ:availability_zone",
  instance_libvirt: "OS-EXT-SRV-ATTR:instance_name",
};

/** In the order in which the openstack-exporter numbers them. */
const SERVER_STATUSES = [
  ...[
    "ACTIVE",
    "BUILD",
    "BUILD(spawning)",
    "DELETED",
    "ERROR",
    "HARD_REBOOT",
    "PASSWORD",
    "REBOOT",
    "REBUILD",
    "RESCUE",
  ],
  ...["RESIZE", "SHUTOFF", "SUSPENDED", "UNKNOWN", "VERIFY_RESIZE", "MIGRATING", "PAUSED", "REVERT_RESIZE", "SHELVED"],
  ...["SHELVED_OFFLOADED", "SOFT_DELETED"],
];
