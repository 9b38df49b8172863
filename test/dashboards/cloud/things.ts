import { END, flat, PROJECTS, polled, READINGS, REGIONS, rated, type Series } from "./series.ts";

export const VOLUMES = Array.from({ length: 8 }, (_, index) => ({
  resource: `volume-${index}`,
  project: PROJECTS[index % 4] ?? "",
  region: REGIONS[index % 2] ?? "",
  volume_type: index % 2 === 0 ? "ssd" : "hdd",
  state: index === 3 ? "available" : "in-use",
  size: 20 * (index + 1),
}));

export const storage = (): Series[] =>
  VOLUMES.flatMap(({ size, ...labels }) => [
    polled("ceilometer_volume_size", { ...labels, unit: "GiB", availability_zone: "nova" }, flat(size)),
    ...rated(
      { project: labels.project, region: labels.region, resource: labels.resource },
      "storage",
      "volume.size",
      labels.volume_type,
      "GiB",
      size,
      size / 640,
    ),
  ]);

export const addresses = (): Series[] =>
  PROJECTS.flatMap((project, index) => {
    const of = { project, region: REGIONS[index % 2] ?? "", resource: `address-${index}` };
    return [
      polled(
        "ceilometer_ip_floating",
        { ...of, network: "public", state: index === 2 ? "DOWN" : "ACTIVE", unit: "ip" },
        flat(1),
      ),
      ...rated(of, "network", "ip.floating", "address", "ip", 1, 1 / 64),
    ];
  });

/** What a sweep looks at: how much hosts hold, and how much of its quota each project has taken. */
export const dials = (): Series[] => [
  ...["compute-1", "compute-2", "compute-3"].flatMap((host, index) => {
    const of = { region: REGIONS[index % 2] ?? "", host, availability_zone: "nova" };
    return [
      polled("raingauge_capacity_total", { ...of, capacity: "vcpus" }, flat(64)),
      polled("raingauge_capacity_used", { ...of, capacity: "vcpus" }, flat(11 + index)),
      polled("raingauge_capacity_total", { ...of, capacity: "memory_bytes" }, flat(256 * 2 ** 30)),
      polled("raingauge_capacity_used", { ...of, capacity: "memory_bytes" }, flat((30 + index) * 2 ** 30)),
    ];
  }),
  ...PROJECTS.flatMap((project, index) => {
    const of = { project, region: REGIONS[index % 2] ?? "", service: "compute" };
    return [
      polled("raingauge_quota_limit", { ...of, quota: "instances" }, flat(10)),
      polled("raingauge_quota_used", { ...of, quota: "instances" }, flat(3)),
      polled("raingauge_quota_limit", { ...of, quota: "vcpus" }, flat(20)),
      polled("raingauge_quota_used", { ...of, quota: "vcpus" }, flat(11 + index)),
    ];
  }),
];

export const pools = (): Series[] =>
  REGIONS.flatMap((region) => {
    const labels = { project: "", region, resource: `ceph-${region}#rbd`, unit: "GiB" };
    return [
      polled("ceilometer_volume_provider_pool_capacity_total", labels, flat(10_000)),
      polled(
        "ceilometer_volume_provider_pool_capacity_free",
        labels,
        (second) => 4000 - Math.floor((second - (END - READINGS)) / 600),
      ),
    ];
  });
