/**
 * A small cloud as series: two regions, four projects, ten days of hourly costs, three of readings. Every amount is a multiple
 * of 1/64, so that sums of floats are exact and "equal" means equal. The same at each run.
 */
export const END = Date.UTC(2026, 2, 15, 10) / 1000;
const HOUR = 3600;
const POLL = 300;
const READINGS = 3 * 24 * HOUR;
const COSTS = 10 * 24 * HOUR;

const PROJECTS = ["acme", "bolt", "crane", "dune"] as const;
const REGIONS = ["RegionOne", "RegionTwo"] as const;
const FLAVORS = [
  { flavor: "small", vcpus: 1, memory: 2048, price: 2 / 64 },
  { flavor: "medium", vcpus: 2, memory: 4096, price: 4 / 64 },
  { flavor: "large", vcpus: 8, memory: 16_384, price: 16 / 64 },
] as const;

interface Machine {
  readonly resource: string;
  readonly project: string;
  readonly region: string;
  readonly host: string;
  readonly size: (typeof FLAVORS)[number];
  readonly state: string;
  readonly load: number;
}

const MACHINES: readonly Machine[] = Array.from({ length: 12 }, (_, index) => ({
  resource: `vm-${String(index).padStart(2, "0")}`,
  project: PROJECTS[index % 4] ?? "",
  region: REGIONS[index % 2] ?? "",
  host: `compute-${(index % 3) + 1}`,
  size: FLAVORS[index % 3] ?? FLAVORS[0],
  state: index === 7 ? "STOPPED" : "ACTIVE",
  load: 0.1 + (index % 5) * 0.15,
}));

const VOLUMES = Array.from({ length: 8 }, (_, index) => ({
  resource: `volume-${index}`,
  project: PROJECTS[index % 4] ?? "",
  region: REGIONS[index % 2] ?? "",
  volume_type: index % 2 === 0 ? "ssd" : "hdd",
  state: index === 3 ? "available" : "in-use",
  size: 20 * (index + 1),
}));

type Labels = Readonly<Record<string, string>>;
type At = (second: number) => number | undefined;

export interface Series {
  readonly name: string;
  readonly labels: Labels;
  readonly from: number;
  readonly step: number;
  readonly at: At;
}

const polled = (name: string, labels: Labels, at: At): Series => ({
  name,
  labels,
  from: END - READINGS,
  step: POLL,
  at,
});
const hourly = (name: string, labels: Labels, at: At): Series => ({ name, labels, from: END - COSTS, step: HOUR, at });
const scraped = (name: string, labels: Labels, at: At): Series => ({
  name,
  labels,
  from: END - 25 * HOUR,
  step: 60,
  at,
});
const flat =
  (value: number): At =>
  () =>
    value;
/** So much more a second, from the first day on. */
const growing =
  (perSecond: number): At =>
  (second) =>
    Math.floor((second - (END - COSTS)) * perSecond);
/** The same in the mean, and more at noon than at night; it never falls. */
const working =
  (perSecond: number): At =>
  (second) => {
    const day = 86_400 / (2 * Math.PI);
    return Math.floor(perSecond * (second - (END - COSTS) + 0.4 * day * (1 - Math.cos(second / day - 1))));
  };
/** A working day: more at noon than at night. */
const daily = (second: number): number => 1 + 0.5 * Math.sin((second / 86_400) * 2 * Math.PI);

function machineSeries({ resource, project, region, host, size, state, load }: Machine): Series[] {
  const told = { project, resource, region, flavor: size.flavor, state, image: "debian-12", availability_zone: "nova" };
  const counter = (name: string, device: string, perSecond: number): Series =>
    polled(
      `ceilometer_${name}`,
      { project, resource, region, host, ...(device === "" ? {} : { device }) },
      working(perSecond),
    );
  const running = state === "ACTIVE" ? load : 0.001;
  return [
    polled("ceilometer_instance", { ...told, unit: "instance" }, flat(1)),
    polled("ceilometer_vcpus", { ...told, unit: "vcpu" }, flat(size.vcpus)),
    polled("ceilometer_memory", { ...told, unit: "MiB" }, flat(size.memory)),
    polled("ceilometer_memory_usage", { project, resource, region, unit: "MiB" }, (second) =>
      Math.round(size.memory * 0.4 * daily(second)),
    ),
    polled("ceilometer_memory_resident", { project, resource, region, unit: "MiB" }, flat(size.memory * 0.8)),
    counter("cpu", "", running * size.vcpus * 1e9),
    counter("disk_device_read_bytes", "vda", running * 4e6),
    counter("disk_device_write_bytes", "vda", running * 2e6),
    counter("disk_device_read_requests", "vda", running * 90),
    counter("disk_device_write_requests", "vda", running * 60),
    counter("disk_device_read_latency", "vda", running * 90 * 2e6),
    counter("disk_device_write_latency", "vda", running * 60 * 5e6),
    counter("network_incoming_bytes", "tap0", running * 3e6),
    counter("network_outgoing_bytes", "tap0", running * 5e6),
    counter("network_incoming_packets_drop", "tap0", running * 0.1),
    counter("network_incoming_packets_error", "tap0", 0),
    counter("network_outgoing_packets_drop", "tap0", running * 0.05),
    counter("network_outgoing_packets_error", "tap0", 0),
    ...rated({ project, region, resource }, "compute", "instance", size.flavor, "instance", 1, size.price),
    ...rated({ project, region, resource }, "compute", "vcpus", "", "vcpu", size.vcpus, 0),
    ...rated({ project, region, resource }, "compute", "memory", "", "MiB", size.memory, 0),
    ...rated({ project, region, resource }, "network", "network.outgoing.bytes", "traffic", "B", 18_000_000, 1 / 64),
  ];
}

/** What it was used and what it cost in each hour, stamped at the hour's end. */
const rated = (
  of: Labels,
  service: string,
  meter: string,
  sku: string,
  unit: string,
  quantity: number,
  cost: number,
): Series[] => [
  hourly("raingauge_usage", { ...of, service, meter, unit }, flat(quantity)),
  ...(cost === 0 ? [] : [hourly("raingauge_cost", { ...of, service, meter, sku, currency: "EUR" }, flat(cost))]),
];

const storage = (): Series[] =>
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

const addresses = (): Series[] =>
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
const dials = (): Series[] => [
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

const pools = (): Series[] =>
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

const STATES = ["paid", "overdue", "issued", "issued"] as const;

/** The bill as the rater would serve it: what is here adds up to what the hours cost. */
function bills(): Series[] {
  const start = Date.UTC(2026, 2, 1) / 1000;
  const hourlyCost = new Map<string, number>();
  for (const { name, labels, at } of [...MACHINES.flatMap(machineSeries), ...storage(), ...addresses()]) {
    if (name !== "raingauge_cost") continue;
    const project = labels["project"] ?? "";
    hourlyCost.set(project, (hourlyCost.get(project) ?? 0) + (at(END) ?? 0));
  }
  const month = { currency: "EUR", month: "2026-03" };
  return [...hourlyCost].flatMap(([project, cost], index) => {
    const net = 64 * (index + 1);
    const document = {
      invoice: `R-00000${index + 1}`,
      document: "invoice",
      account: project,
      project,
      currency: "EUR",
      month: "2026-02",
    };
    const budget = { budget: `plan-${project}`, ...month };
    const limit = 32 * (index + 1);
    return [
      // Nothing was there before the ten days began.
      polled(
        "raingauge_cost_month_to_date",
        { project, ...month },
        (second) => cost * (1 + Math.floor((second - Math.max(start, END - COSTS)) / HOUR)),
      ),
      polled("raingauge_cost_forecast", { project, ...month }, flat(cost * 24 * 26)),
      polled("raingauge_project_info", { project, project_name: `Project ${project}` }, flat(1)),
      polled("raingauge_invoice_amount", { ...document, kind: "net" }, flat(net)),
      polled("raingauge_invoice_amount", { ...document, kind: "tax" }, flat(net / 4)),
      polled("raingauge_invoice_amount", { ...document, kind: "total" }, flat(net * 1.25)),
      polled("raingauge_invoice_open", { ...document, state: STATES[index] ?? "" }, flat(index === 0 ? 0 : net * 1.25)),
      polled("raingauge_invoice_due_timestamp_seconds", document, flat(END + (index - 1) * 10 * 24 * HOUR)),
      polled("raingauge_budget_limit", budget, flat(limit)),
      polled("raingauge_budget_spent", budget, flat(limit / 4)),
      polled("raingauge_budget_forecast", budget, flat(limit / 2)),
      polled("raingauge_budget_used_ratio", budget, flat(1 / 4)),
      polled("raingauge_budget_project_info", { budget: budget.budget, project }, flat(1)),
    ];
  });
}

const whole = (): Series[] => [
  polled("raingauge_rated_until_timestamp_seconds", {}, (second) => Math.floor(second / HOUR) * HOUR),
  polled("raingauge_revenue", { currency: "EUR", month: "2026-02" }, flat(640)),
  polled("raingauge_revenue", { currency: "EUR", month: "2026-01" }, flat(512)),
  polled(
    "raingauge_price_book_valid_from_timestamp_seconds",
    { book: "standard", version: "1", currency: "EUR" },
    flat(Date.UTC(2026, 0, 1) / 1000),
  ),
  polled("raingauge_usage_unpriced", { project: "dune", meter: "image.size", unit: "B" }, flat(0)),
  ...PROJECTS.flatMap((project, index) => {
    const region = REGIONS[index % 2] ?? "";
    const count = (type: string, state: string, number: number): Series =>
      polled(
        "raingauge_resources",
        { project, region, type, state },
        (second) => number + (type === "instance" && second % 86_400 < 6 * HOUR ? 1 : 0),
      );
    return [
      count("instance", "ACTIVE", project === "dune" ? 2 : 3),
      ...(project === "dune" ? [count("instance", "STOPPED", 1)] : []),
      count("volume", "in-use", project === "dune" ? 1 : 2),
      ...(project === "dune" ? [count("volume", "available", 1)] : []),
      count("floatingip", "ACTIVE", 1),
    ];
  }),
];

/** What an operator's Prometheus scrapes from us. */
function processes(): Series[] {
  const collector = { job: "raingauge-collector", instance: "collector:9271" };
  const listener = { job: "raingauge-listener", instance: "listener:9471" };
  const rater = { job: "raingauge-rater", instance: "rater:8480" };
  const pollers = ["compute-1:9171", "compute-2:9171", "compute-3:9171"].map((instance) => ({
    job: "raingauge-poller",
    instance,
  }));
  const central = { job: "raingauge-poller", instance: "central:9171" };
  const ours = [collector, listener, rater, central, ...pollers];
  const counters = (of: Labels, rates: Readonly<Record<string, number>>): Series[] =>
    Object.entries(rates).map(([name, rate]) => scraped(name, of, growing(rate)));
  return [
    ...ours.flatMap((of, index) => [
      scraped("up", of, flat(1)),
      scraped("process_start_time_seconds", of, flat(END - 40 * HOUR - index * 100)),
      scraped("process_resident_memory_bytes", of, (second) =>
        Math.round((90 + index * 15) * 1e6 * (0.9 + daily(second) / 10)),
      ),
      scraped("process_open_fds", of, flat(30 + index)),
      scraped("process_max_fds", of, flat(1024)),
      scraped("nodejs_eventloop_lag_p99_seconds", of, (second) => 0.011 + 0.001 * daily(second)),
      scraped("nodejs_version_info", { ...of, version: "v24.21.0", major: "24", minor: "21", patch: "0" }, flat(1)),
      scraped("process_cpu_seconds_total", of, (second) => (second - (END - COSTS)) * 0.01 * (index + 1)),
    ]),
    ...pollers.flatMap((of) => [
      ...counters(of, {
        poller_samples_read_total: 0.5,
        poller_polls_finished_total: 1 / 300,
        poller_polls_skipped_total: 0,
        poller_packets_published_total: 0.02,
        poller_packets_refused_total: 0,
        poller_fields_refused_total: 0,
      }),
      scraped("poller_last_poll_timestamp_seconds", of, (second) => Math.floor(second / POLL) * POLL),
      scraped("poller_spool_bytes", of, flat(0)),
      scraped("poller_spool_messages", of, flat(0)),
      ...["0.1", "0.5", "1", "+Inf"].map((le, bucket) =>
        scraped("poller_poll_seconds_bucket", { ...of, le }, growing([0.2, 0.8, 0.95, 1][bucket]! / 300)),
      ),
    ]),
    ...counters(central, { poller_sweep_samples_read_total: 0.05, poller_sweep_packets_refused_total: 0 }),
    ...["nova", "cinder"].flatMap((source) => [
      scraped(
        "poller_last_sweep_timestamp_seconds",
        { ...central, source },
        (second) => Math.floor(second / HOUR) * HOUR,
      ),
      ...counters(
        { ...central, source },
        {
          poller_sweeps_finished_total: 1 / HOUR,
          poller_sweep_resources_lost_total: 0,
          poller_sweep_items_refused_total: 0,
          poller_sweep_items_read_total: 0.02,
        },
      ),
    ]),
    ...counters(listener, { listener_notifications_received_total: 2, listener_notifications_published_total: 1 }),
    scraped(
      "listener_notifications_ignored_total",
      { ...listener, reason: "uninteresting" },
      (second) => Math.floor((second - (END - COSTS)) * 2) - Math.floor(second - (END - COSTS)),
    ),
    scraped("listener_brokers_connected", { ...listener, region: "RegionOne" }, flat(1)),
    scraped("listener_coverage_end_seconds", { ...listener, region: "RegionOne" }, (second) => second - 60),
    scraped("listener_set_aside_messages", listener, flat(0)),
    ...counters(collector, {
      collector_rows_received_total: 3,
      collector_rows_stored_total: 3,
      collector_rows_duplicated_total: 0,
      collector_rows_refused_total: 0,
      collector_messages_received_total: 0.1,
      collector_messages_settled_total: 0.1,
      collector_messages_retried_total: 0,
      collector_roll_ups_finished_total: 1 / 600,
      collector_roll_ups_failed_total: 0,
      collector_hours_recomputed_total: 0.2,
    }),
    ...["libvirt", "nova"].flatMap((service) => {
      const of = { ...collector, region: "RegionOne", service };
      return [
        ...["1", "5", "10", "+Inf"].map((le, bucket) =>
          scraped("collector_end_to_end_seconds_bucket", { ...of, le }, growing([0.2, 0.8, 0.95, 1][bucket]! / 60)),
        ),
        scraped("collector_last_stored_timestamp_seconds", of, (second) => Math.floor(second / 300) * 300),
        scraped("collector_messages_predated_total", of, flat(0)),
      ];
    }),
    ...pollers.map(({ instance }, index) =>
      scraped(
        "collector_agent_clock_offset_seconds",
        { ...collector, region: "RegionOne", source: "libvirt", agent: instance.split(":")[0] ?? "" },
        flat(0.004 * (index + 1)),
      ),
    ),
    scraped("collector_messages_rejected_total", { ...collector, reason: "malformed" }, flat(0)),
    scraped("collector_backlog_messages", collector, flat(2)),
    ...["/v1/usage", "/v1/costs", "/v1/invoices"].flatMap((route, index) => [
      scraped(
        "rater_requests_answered_total",
        { ...rater, method: "GET", route, status: "200" },
        growing(0.5 * (index + 1)),
      ),
      scraped("rater_requests_answered_total", { ...rater, method: "GET", route, status: "404" }, growing(0.01)),
    ]),
    ...counters(rater, {
      rater_invoices_issued_total: 0,
      rater_projects_held_total: 0,
      rater_months_held_total: 0,
      rater_closings_failed_total: 0,
    }),
    scraped(
      "ALERTS",
      { alertname: "RaingaugeWatchdog", alertstate: "firing", severity: "none", team: "operations" },
      flat(1),
    ),
    scraped(
      "ALERTS",
      {
        alertname: "RaingaugeSpooling",
        alertstate: "firing",
        severity: "warning",
        team: "operations",
        instance: "compute-2:9171",
        job: "raingauge-poller",
      },
      (second) => (second > END - 2 * HOUR ? 1 : undefined),
    ),
    scraped(
      "ALERTS",
      { alertname: "RaingaugeUnpricedUsage", alertstate: "firing", severity: "warning", team: "finance" },
      (second) => (second > END - 9 * HOUR && second < END - 6 * HOUR ? 1 : undefined),
    ),
  ];
}

/** Every series there is. */
export const allSeries = (): readonly Series[] => [
  ...MACHINES.flatMap(machineSeries),
  ...storage(),
  ...addresses(),
  ...dials(),
  ...pools(),
  ...bills(),
  ...whole(),
  ...processes(),
];

/** What an hour of the whole cloud costs, known by hand: machines, volumes, addresses. */
export const HOUR_COSTS = {
  machines: MACHINES.reduce((total, { size }) => total + size.price, 0),
  volumes: VOLUMES.reduce((total, { size }) => total + size / 640, 0),
  addresses: PROJECTS.length / 64,
} as const;

/** All of it as OpenMetrics text, which promtool makes into blocks. */
export function openMetrics(): string {
  const families = new Map<string, string[]>();
  for (const { name, labels, from, step, at } of allSeries()) {
    const lines = families.get(name) ?? [];
    families.set(name, lines);
    const text = Object.entries(labels)
      .map(([label, value]) => `${label}="${value}"`)
      .join(",");
    for (let second = from; second <= END; second += step) {
      const value = at(second);
      if (value !== undefined) lines.push(`${name}{${text}} ${value} ${second}`);
    }
  }
  return `${[...families.values()].map((lines) => lines.join("\n")).join("\n")}\n# EOF\n`;
}
