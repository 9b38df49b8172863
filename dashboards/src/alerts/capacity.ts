import type { Alert, AlertGroup } from "../alert.ts";
import { always, steady } from "../proof.ts";

const BOARD = "raingauge-capacity";
const POOL = 'region="RegionOne",resource="ceph@rbd#rbd",unit="GiB"';
const POOL_LABELS = { region: "RegionOne", resource: "ceph@rbd#rbd" } as const;
const QUOTA = 'project="p1",region="RegionOne",service="compute",quota="cores"';
const CAPACITY = 'region="RegionOne",host="compute-1",availability_zone="nova",capacity="vcpus"';
const PLANNER = "The operator: what does not fit is not sold.";

export const CAPACITY_GROUP: AlertGroup = {
  name: "raingauge-capacity",
  source: "served",
  interval: "5m",
  alerts: [
    {
      name: "RaingaugeVolumePoolLow",
      expr: "sum by (region, resource) (ceilometer_volume_provider_pool_capacity_free) / sum by (region, resource) (ceilometer_volume_provider_pool_capacity_total) < 0.1",
      for: "1h",
      severity: "warning",
      team: "capacity",
      summary: "Less than a tenth of the storage pool {{ .Labels.resource }} is free",
      description: "Volumes will soon not be made any more, and thin ones that grow will fail.",
      panel: { board: BOARD, id: 301 },
      runbook: {
        look: [
          {
            for: "what is free where",
            query: "sum by (region, resource) (ceilometer_volume_provider_pool_capacity_free)",
          },
          {
            for: "who grows",
            query:
              "topk(10, sum by (project) (ceilometer_volume_size) - sum by (project) (ceilometer_volume_size offset 7d))",
          },
        ],
        act: ["Add storage, or move volumes to another pool."],
        costs: PLANNER,
      },
      proof: {
        courses: [
          { series: `ceilometer_volume_provider_pool_capacity_free{${POOL}}`, below: steady(101), above: steady(99) },
          always(`ceilometer_volume_provider_pool_capacity_total{${POOL}}`, steady(1000)),
        ],
        labels: POOL_LABELS,
      },
    },
    {
      name: "RaingaugeVolumePoolFullSoon",
      expr: "predict_linear(ceilometer_volume_provider_pool_capacity_free[1d], 30 * 86400) < 0",
      for: "1h",
      severity: "warning",
      team: "capacity",
      summary: "The storage pool {{ .Labels.resource }} is full within 30 days",
      description: "If it goes on as in the last day.",
      panel: { board: BOARD, id: 302 },
      runbook: {
        look: [
          {
            for: "the prediction, in GiB",
            query: "predict_linear(ceilometer_volume_provider_pool_capacity_free[1d], 30 * 86400)",
          },
        ],
        act: ["Order storage now: it takes longer than it seems."],
        costs: PLANNER,
      },
      proof: {
        step: "5m",
        phase: "48h",
        courses: [
          {
            series: `ceilometer_volume_provider_pool_capacity_free{${POOL}}`,
            below: steady(100_000),
            above: { kind: "gauge", value: 100_000, slope: -20 },
          },
        ],
        labels: { ...POOL_LABELS, unit: "GiB" },
      },
    },
    {
      name: "RaingaugeQuotaNear",
      expr: "raingauge_quota_used / raingauge_quota_limit > 0.9",
      for: "1h",
      severity: "info",
      team: "capacity",
      summary: "Project {{ .Labels.project }} has used nine tenths of its {{ .Labels.quota }}",
      description: "The next request may be refused.",
      panel: { board: BOARD, id: 401 },
      runbook: {
        look: [{ for: "quotas and what is used of them", query: "raingauge_quota_used / raingauge_quota_limit" }],
        act: ["Offer more, if there is room."],
        costs: PLANNER,
      },
      proof: {
        courses: [
          { series: `raingauge_quota_used{${QUOTA}}`, below: steady(90), above: steady(91) },
          always(`raingauge_quota_limit{${QUOTA}}`, steady(100)),
        ],
        labels: { project: "p1", region: "RegionOne", service: "compute", quota: "cores" },
      },
    },
    capacity(
      "RaingaugeCapacityNearFull",
      "sum by (region, capacity) (raingauge_capacity_used) / sum by (region, capacity) (raingauge_capacity_total) > 0.9",
      "warning",
      "Nine tenths of the {{ .Labels.capacity }} of {{ .Labels.region }} are taken",
      90,
      91,
    ),
    capacity(
      "RaingaugeCapacityFull",
      "sum by (region, capacity) (raingauge_capacity_used) / sum by (region, capacity) (raingauge_capacity_total) > 0.98",
      "critical",
      "The {{ .Labels.capacity }} of {{ .Labels.region }} are all but taken",
      98,
      99,
    ),
  ],
};

function capacity(
  name: Alert["name"],
  expr: string,
  severity: Alert["severity"],
  summary: string,
  below: number,
  above: number,
): Alert {
  return {
    name,
    expr,
    for: "1h",
    severity,
    team: "capacity",
    summary,
    description: "Allocated against what there is, over all hosts; a single large machine may not fit long before.",
    panel: { board: BOARD, id: 101 },
    runbook: {
      look: [
        {
          for: "hosts with room",
          query:
            "sum by (host, capacity) (raingauge_capacity_total) - sum by (host, capacity) (raingauge_capacity_used)",
        },
      ],
      act: ["Add hosts, or look for machines that nobody uses (board Instance & resource)."],
      costs: PLANNER,
    },
    proof: {
      courses: [
        { series: `raingauge_capacity_used{${CAPACITY}}`, below: steady(below), above: steady(above) },
        always(`raingauge_capacity_total{${CAPACITY}}`, steady(100)),
      ],
      labels: { region: "RegionOne", capacity: "vcpus" },
    },
  };
}
