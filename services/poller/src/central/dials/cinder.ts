import type { Payload } from "@raingauge/openstack";
import { type Asking, everyItem, type Project, projectsOf, wholeList } from "../asking.ts";
import type { MeterReading } from "./meter-reading.ts";
import { quotaReadings } from "./quota.ts";
import { type DialReading, dial } from "./reading.ts";
import { counted, items, label, labels, number, numbered, part } from "./said.ts";
import { type Dialling, ofEach, type Survey } from "./survey.ts";

const VOLUME = { service: "block-storage", microversion: "volume 3.63", microversionLeast: "3.0" } as const;
const GIBIBYTE = 2 ** 30;

export const cinderSurvey: Survey = {
  name: "cinder.survey",
  collector: "cinder",
  async read(asking, skipped) {
    const [services, pools, types] = await Promise.all([
      wholeList(asking, { ...VOLUME, path: "/os-services" }, "services"),
      wholeList(asking, { ...VOLUME, path: "/scheduler-stats/get_pools", query: { detail: "true" } }, "pools"),
      everyItem(asking, { ...VOLUME, path: "/types", items: "volume_types", query: { is_public: "None" } }),
    ]);
    const names = types.map((type) => label(type, "name"));
    const quotas = await ofEach(await projectsOf(asking), (project) => quota(asking, project, names), skipped);
    return [
      ...services.flatMap(agent),
      ...services.flatMap(health),
      ...pools.flatMap(pool),
      ...pools.flatMap(room),
      ...quotas,
    ];
  },
};

/** Cinder gives its agents no id; what the exporter puts there is drawn by lot at each scrape, and left out here. */
const agent = (said: Payload): DialReading[] =>
  dial(
    "openstack_cinder_agent_state",
    labels(said, {
      hostname: "host",
      service: "binary",
      adminState: "status",
      zone: "zone",
      disabledReason: "disabled_reason",
    }),
    said["state"] === "up" ? 1 : 0,
  );

function pool(said: Payload): DialReading[] {
  const able = part(said, "capabilities");
  const name = label(said, "name");
  const of = { name, ...labels(able, { volume_backend_name: "volume_backend_name", vendor_name: "vendor_name" }) };
  const [total, free] = [number(able, "total_capacity_gb"), number(able, "free_capacity_gb")];
  const place = { host: name, capacity: "volume_bytes" };
  const used = total === undefined || free === undefined || total < 0 || free < 0 ? undefined : total - free;
  return [
    ...dial("openstack_cinder_pool_capacity_total_gb", of, total),
    ...dial("openstack_cinder_pool_capacity_free_gb", of, free),
    ...dial("raingauge_capacity_total", place, total && total * GIBIBYTE),
    ...dial("raingauge_capacity_used", place, used && Math.max(used, 0) * GIBIBYTE),
  ];
}

/** Ceilometer's meters of a service: 1 is up. What a state is called that it does not know is no reason to tell nothing of the others. */
const health = (said: Payload): MeterReading[] => [
  {
    ...{ meter: "volume.service.health", source: "cinder", dimensions: {} },
    resource: `${label(said, "host")}/${label(said, "binary")}`,
    value: said["state"] === "up" ? 1n : 0n,
  },
];

/** Ceilometer's meters of a pool. What a driver calls infinite or does not know is no number of bytes, and is left out. */
function room(said: Payload): MeterReading[] {
  const able = part(said, "capabilities");
  const [total, free] = [number(able, "total_capacity_gb"), number(able, "free_capacity_gb")];
  const provisioned = number(able, "provisioned_capacity_gb");
  const amounts = {
    total,
    free,
    provisioned,
    allocated: number(able, "allocated_capacity_gb"),
    virtual_free: virtualFree(able, total, free, provisioned ?? 0),
  };
  return Object.entries(amounts).flatMap(([name, value]) =>
    value === undefined || value < 0
      ? []
      : [
          {
            ...{ meter: `volume.provider.pool.capacity.${name}`, source: "cinder", dimensions: {} },
            ...{ resource: label(said, "name"), value: BigInt(Math.round(value * GIBIBYTE)) },
          },
        ],
  );
}

/** What may still be promised: as Cinder's scheduler reckons it. */
function virtualFree(able: Payload, total: number | undefined, free: number | undefined, provisioned: number) {
  if (total === undefined || free === undefined || total < 0 || free < 0) return undefined;
  const reserved = Math.floor((total * (number(able, "reserved_percentage") ?? 0)) / 100);
  const promised = able["thin_provisioning_support"] === true ? number(able, "max_over_subscription_ratio") : undefined;
  const left = promised === undefined ? free : total * promised - provisioned;
  return Math.max(left - reserved, 0);
}

async function quota(asking: Asking, { id, name }: Project, types: readonly string[]): Promise<DialReading[]> {
  const { body } = await asking.get({ ...VOLUME, path: `/os-quota-sets/${id}`, query: { usage: "True" } });
  const set = part(body, "quota_set");
  const tenant = { tenant: name, tenant_id: id };
  const limits = (suffix: string, resource: string): DialReading[] => [
    ...dial(`openstack_cinder_limits_${suffix}_max_gb`, tenant, number(part(set, resource), "limit")),
    ...dial(`openstack_cinder_limits_${suffix}_used_gb`, tenant, number(part(set, resource), "in_use")),
  ];
  return [
    ...limits("volume", "gigabytes"),
    ...limits("backup", "backup_gigabytes"),
    ...types.flatMap((type) =>
      dial(
        "openstack_cinder_volume_type_quota_gigabytes",
        { ...tenant, volume_type: type },
        number(part(set, `gigabytes_${type}`), "limit"),
      ),
    ),
    ...quotaReadings(id, "block-storage", set, "in_use", {
      volumes: ["volumes", 1],
      gigabytes: ["volume_bytes", GIBIBYTE],
      snapshots: ["snapshots", 1],
      backups: ["backups", 1],
      backup_gigabytes: ["backup_bytes", GIBIBYTE],
    }),
  ];
}

export async function volumeDials(): Promise<Dialling> {
  const statuses: string[] = [];
  return {
    item(said) {
      const status = label(said, "status");
      statuses.push(status);
      const of = {
        ...labels(said, { id: "id", name: "name", status: "status", availability_zone: "availability_zone" }),
        ...labels(said, { bootable: "bootable", user_id: "user_id", volume_type: "volume_type", size: "size" }),
        tenant_id: label(said, "os-vol-tenant-attr:tenant_id"),
        server_id: label(items(said, "attachments")[0] ?? {}, "server_id"),
      };
      return [
        ...dial("openstack_cinder_volume_gb", of, number(said, "size")),
        ...dial("openstack_cinder_volume_status", of, numbered(VOLUME_STATUSES, status.toLowerCase())),
      ];
    },
    total: () => [
      ...dial("openstack_cinder_volumes", {}, statuses.length),
      ...counted(VOLUME_STATUSES, statuses).flatMap(([status, count]) =>
        dial("openstack_cinder_volume_status_counter", { status }, count),
      ),
    ],
  };
}

export async function snapshotDials(): Promise<Dialling> {
  let count = 0;
  return {
    item() {
      count += 1;
      return [];
    },
    total: () => dial("openstack_cinder_snapshots", {}, count),
  };
}

/** In the order in which the openstack-exporter numbers them, shares too. */
export const VOLUME_STATUSES: readonly string[] = [
  ...["creating", "available", "reserved", "attaching", "detaching", "in-use", "maintenance", "deleting"],
  ...["awaiting-transfer", "error", "error_deleting", "backing-up", "restoring-backup", "error_backing-up"],
  ...["error_restoring", "error_extending", "downloading", "uploading", "retyping", "extending"],
];
