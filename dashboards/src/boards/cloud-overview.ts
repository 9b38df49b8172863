import type { Board, Row } from "../board.ts";
import { toInstance, toProject } from "../link.ts";
import { bars, lines, plain, ranking, redFrom, stacked, stat, table } from "../panel.ts";
import { CURRENCY, REGION } from "../variable.ts";

const HERE = 'region=~"$region"';

const NOW: Row = {
  title: "Now",
  panels: [
    stat(101, "Active", "none", `count(ceilometer_instance{state=~"(?i)active",${HERE}})`, "How many machines run?", {
      width: 3,
      look: { thresholds: plain },
    }),
    stat(
      102,
      "vCPUs",
      "none",
      `sum(ceilometer_vcpus{state=~"(?i)active",${HERE}})`,
      "How many virtual processors do running machines have?",
      { width: 3, look: { thresholds: plain } },
    ),
    stat(
      103,
      "Memory",
      "mbytes",
      `sum(ceilometer_memory{state=~"(?i)active",${HERE}})`,
      "How much memory do running machines have?",
      { width: 3, look: { thresholds: plain, decimals: 1 } },
    ),
    stat(104, "Volumes", "gbytes", `sum(ceilometer_volume_size{${HERE}})`, "How large are all volumes together?", {
      width: 3,
      look: { thresholds: plain, decimals: 1 },
    }),
    stat(105, "Addresses", "none", `count(ceilometer_ip_floating{${HERE}})`, "How many public addresses are taken?", {
      width: 3,
      look: { thresholds: plain },
    }),
    stat(
      106,
      "Projects",
      "none",
      `count(count by (project) (ceilometer_instance{${HERE}}))`,
      "How many projects have machines?",
      { width: 3, look: { thresholds: plain } },
    ),
    stat(
      107,
      "Cost today, $currency",
      "none",
      `sum(sum_over_time(raingauge_cost{currency="$currency",${HERE}}[$__range]))`,
      "What has been used today, before discounts and minimums?",
      { width: 3, look: { thresholds: plain, decimals: 2, timeFrom: "now/d" } },
    ),
    stat(
      108,
      "Newest reading",
      "s",
      `time() - max(timestamp(ceilometer_cpu{${HERE}}))`,
      "How old is the newest reading of a machine?",
      {
        width: 3,
        act: "Red means that no poller's readings arrive: open Pipeline health.",
        look: { thresholds: redFrom(600, 900) },
      },
    ),
  ],
};

const LOAD: Row = {
  title: "Load",
  panels: [
    stacked(
      201,
      "vCPUs really used",
      "none",
      [{ expr: `sum by (region) (rate(ceilometer_cpu{${HERE}}[$__rate_interval])) / 1e9`, legend: "{{region}}" }],
      "How many processors' worth of work do machines do?",
    ),
    stacked(
      202,
      "Memory really used",
      "mbytes",
      [{ expr: `sum by (region) (ceilometer_memory_usage{${HERE}})`, legend: "{{region}}" }],
      "How much memory do guests say that they use? Guests without a balloon driver say nothing.",
    ),
    lines(
      203,
      "Disks",
      "Bps",
      [
        { expr: `sum(rate(ceilometer_disk_device_read_bytes{${HERE}}[$__rate_interval]))`, legend: "read" },
        { expr: `sum(rate(ceilometer_disk_device_write_bytes{${HERE}}[$__rate_interval]))`, legend: "written" },
      ],
      "How much do machines read and write?",
      { look: { min: 0 } },
    ),
    lines(
      204,
      "Network",
      "bps",
      [
        { expr: `8 * sum(rate(ceilometer_network_incoming_bytes{${HERE}}[$__rate_interval]))`, legend: "in" },
        { expr: `8 * sum(rate(ceilometer_network_outgoing_bytes{${HERE}}[$__rate_interval]))`, legend: "out" },
      ],
      "How much traffic do machines have?",
      { look: { min: 0 } },
    ),
    stacked(
      205,
      "Instances by state",
      "none",
      [{ expr: `count by (state) (ceilometer_instance{${HERE}})`, legend: "{{state}}" }],
      "How many machines are in which state?",
      { width: 24, height: 7 },
    ),
  ],
};

const WHO: Row = {
  title: "Who",
  panels: [
    ranking(
      301,
      "Most vCPUs used",
      "none",
      [
        {
          expr: `topk(10, sum by (project) (rate(ceilometer_cpu{${HERE}}[$__rate_interval])) / 1e9)`,
          legend: "{{project}}",
        },
      ],
      "Which projects keep the processors busy?",
    ),
    ranking(
      302,
      "Most memory given",
      "mbytes",
      [{ expr: `topk(10, sum by (project) (ceilometer_memory{state=~"(?i)active",${HERE}}))`, legend: "{{project}}" }],
      "Which projects have the most memory?",
    ),
    ranking(
      303,
      "Highest cost today, $currency",
      "none",
      [
        {
          expr: `topk(10, sum by (project) (sum_over_time(raingauge_cost{currency="$currency",${HERE}}[$__range])))`,
          legend: "{{project}}",
        },
      ],
      "Which projects cost the most today?",
      { look: { decimals: 2, timeFrom: "now/d" } },
    ),
    table(
      304,
      "Busiest machines",
      "percent",
      `topk(20, 100 * sum by (project, resource) (rate(ceilometer_cpu{${HERE}}[$__rate_interval])) / 1e9 / on (project, resource) max by (project, resource) (ceilometer_vcpus{${HERE}}))`,
      "Which machines use the most of what they have?",
      {
        look: {
          columns: {
            project: { name: "Project", link: toProject() },
            resource: { name: "Instance", link: toInstance() },
            Value: { name: "CPU of allocated", unit: "percent", decimals: 1, thresholds: redFrom(80, 95) },
          },
          sortBy: "CPU of allocated",
        },
      },
    ),
  ],
};

const CHANGE: Row = {
  title: "Change",
  panels: [
    bars(
      401,
      "Machines more or fewer than an hour before",
      "none",
      [
        {
          expr: `count by (region) (ceilometer_instance{${HERE}}) - count by (region) (ceilometer_instance{${HERE}} offset 1h)`,
          legend: "{{region}}",
          interval: "1h",
        },
      ],
      "What grew and what shrank?",
    ),
    table(
      402,
      "Resources in error",
      "none",
      `count by (project, region, state) (ceilometer_instance{state=~"(?i).*error.*",${HERE}}) or count by (project, region, state) (ceilometer_volume_size{state=~"(?i).*error.*",${HERE}})`,
      "What is broken?",
      {
        width: 12,
        height: 8,
        act: "Ask the service why: such resources are billed as the price book says for their state.",
        mayBeEmpty: "On a good day nothing is in error.",
        look: {
          columns: {
            project: { name: "Project", link: toProject() },
            region: { name: "Region" },
            state: { name: "State" },
            Value: { name: "Resources" },
          },
        },
      },
    ),
  ],
};

export const CLOUD_OVERVIEW: Board = {
  uid: "raingauge-cloud-overview",
  title: "Raingauge / Cloud overview",
  audience: "ops",
  source: "served",
  answers: "How is the cloud, who uses it, and what changed? For operators and for a screen on the wall.",
  from: "now-24h",
  refresh: "1m",
  timezone: "browser",
  variables: [CURRENCY, REGION],
  rows: [NOW, LOAD, WHO, CHANGE],
};
