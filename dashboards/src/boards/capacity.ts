import type { Board, Row } from "../board.ts";
import { toHost, toProject } from "../link.ts";
import { bars, lines, ranking, redBelow, redFrom, stacked, table } from "../panel.ts";
import { REGION } from "../variable.ts";
import { NO_QUOTA } from "./project.ts";

const HERE = 'region=~"$region"';
const NO_CAPACITY = "Only where a central poller sweeps Nova's hypervisors (docs/sweeping.md).";
const NO_POOLS =
  "Only where Cinder tells of its pools (capacity notifications or the sweep of its scheduler's statistics).";
const FREE = `ceilometer_volume_provider_pool_capacity_free{${HERE}}`;
const TOTAL = `ceilometer_volume_provider_pool_capacity_total{${HERE}}`;

const room = (of: string): string =>
  `(sum by (host, capacity) (raingauge_capacity_total{${HERE},${of}}) - sum by (host, capacity) (raingauge_capacity_used{${HERE},${of}}))`;

const COMPUTE: Row = {
  title: "Compute",
  panels: [
    ranking(
      101,
      "Allocated of what there is",
      "percentunit",
      [
        {
          expr: `sum by (region, capacity) (raingauge_capacity_used{${HERE}}) / sum by (region, capacity) (raingauge_capacity_total{${HERE}})`,
          legend: "{{region}} {{capacity}}",
        },
      ],
      "How full is the cloud?",
      { mayBeEmpty: NO_CAPACITY, look: { max: 1, thresholds: redFrom(0.8, 0.9) } },
    ),
    table(
      102,
      "Room by host",
      "none",
      // Of bytes so many that a person reads them as GiB.
      `${room('capacity!~".*_bytes"')} or label_replace(${room('capacity=~".*_bytes"')} / 2 ^ 30, "unit", "GiB", "", "")`,
      "Where does something still fit?",
      {
        width: 16,
        height: 8,
        mayBeEmpty: NO_CAPACITY,
        look: {
          columns: {
            host: { name: "Host", link: toHost() },
            capacity: { name: "Of" },
            unit: { name: "In" },
            Value: { name: "Free", decimals: 0 },
          },
        },
      },
    ),
    stacked(
      103,
      "vCPUs given out, by flavor",
      "none",
      [{ expr: `sum by (flavor) (ceilometer_vcpus{${HERE}})`, legend: "{{flavor}}" }],
      "Which flavors take the processors?",
    ),
    lines(
      104,
      "Given out and used",
      "none",
      [
        { expr: `sum(ceilometer_vcpus{${HERE}})`, legend: "vCPUs given out" },
        { expr: `sum(rate(ceilometer_cpu{${HERE}}[$__rate_interval])) / 1e9`, legend: "vCPUs used" },
      ],
      "How far could one overcommit?",
      { look: { min: 0 } },
    ),
    table(
      105,
      "Machines by flavor",
      "none",
      [
        { expr: `count by (flavor) (ceilometer_vcpus{${HERE}})` },
        { expr: `sum by (flavor) (ceilometer_vcpus{${HERE}})` },
        { expr: `sum by (flavor) (ceilometer_memory{${HERE}})` },
      ],
      "What do people choose?",
      {
        width: 12,
        height: 8,
        look: {
          columns: {
            flavor: { name: "Flavor" },
            "Value #A": { name: "Machines" },
            "Value #B": { name: "vCPUs" },
            "Value #C": { name: "Memory", unit: "mbytes" },
          },
          sortBy: "Machines",
        },
      },
    ),
    bars(
      106,
      "vCPUs more than a day before",
      "none",
      [
        {
          expr: `sum by (region) (ceilometer_vcpus{${HERE}}) - sum by (region) (ceilometer_vcpus{${HERE}} offset 1d)`,
          legend: "{{region}}",
          interval: "1d",
        },
      ],
      "How fast does it grow?",
      { width: 12 },
    ),
  ],
};

const STORAGE: Row = {
  title: "Storage",
  panels: [
    ranking(
      301,
      "Free in pools",
      "percentunit",
      [{ expr: `sum by (resource) (${FREE}) / sum by (resource) (${TOTAL})`, legend: "{{resource}}" }],
      "Which pool will soon be full?",
      { mayBeEmpty: NO_POOLS, look: { max: 1, thresholds: redBelow(0.1, 0.2) } },
    ),
    lines(
      302,
      "Free in pools, and in 30 days",
      "gbytes",
      [
        { expr: `sum by (resource) (${FREE})`, legend: "{{resource}}" },
        { expr: `sum by (resource) (predict_linear(${FREE}[1d], 30 * 86400))`, legend: "{{resource}}, in 30 days" },
      ],
      "If it goes on as in the last day, what is left in a month? Below nothing: full before.",
      { width: 16, mayBeEmpty: NO_POOLS },
    ),
    stacked(
      303,
      "Volumes by type",
      "gbytes",
      [{ expr: `sum by (volume_type) (ceilometer_volume_size{${HERE}})`, legend: "{{volume_type}}" }],
      "Which kinds of storage grow?",
      { width: 24, height: 7 },
    ),
  ],
};

const QUOTAS: Row = {
  title: "Quotas and growth",
  panels: [
    table(
      401,
      "Quotas",
      "none",
      // What is without limit is told as -1.
      `100 * max by (project, quota, region) (raingauge_quota_used{${HERE}} / (raingauge_quota_limit{${HERE}} > 0))`,
      "Who will soon be refused?",
      {
        width: 12,
        height: 8,
        mayBeEmpty: NO_QUOTA,
        look: {
          columns: {
            project: { name: "Project", link: toProject() },
            region: { name: "Region" },
            quota: { name: "Quota" },
            Value: { name: "Used", unit: "percent", decimals: 0, thresholds: redFrom(80, 95) },
          },
          sortBy: "Used",
        },
      },
    ),
    ranking(
      402,
      "Grew most in a week, vCPUs",
      "none",
      [
        {
          expr: `topk(10, sum by (project) (ceilometer_vcpus{${HERE}}) - (sum by (project) (ceilometer_vcpus{${HERE}} offset 7d) or 0 * sum by (project) (ceilometer_vcpus{${HERE}})))`,
          legend: "{{project}}",
        },
      ],
      "Whose growth will fill the cloud?",
      { width: 12, height: 8 },
    ),
  ],
};

export const CAPACITY: Board = {
  uid: "raingauge-capacity",
  title: "Raingauge / Capacity & quotas",
  audience: "ops",
  source: "served",
  answers: "What still fits, and for how long? For whoever plans the cloud.",
  from: "now-7d",
  refresh: "15m",
  timezone: "browser",
  variables: [REGION],
  rows: [COMPUTE, STORAGE, QUOTAS],
};
