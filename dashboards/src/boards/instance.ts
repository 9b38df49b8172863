import type { Board, Row } from "../board.ts";
import { toHost } from "../link.ts";
import { bars, lines, plain, redFrom, stat, states, table } from "../panel.ts";
import { CURRENCY, PROJECT, RESOURCE } from "../variable.ts";

const IT = 'project="$project",resource="$resource"';
const MACHINE_ONLY = "Volumes, images and addresses have no such readings; machines do.";
const perDevice = (metric: string): string => `sum by (device) (rate(${metric}{${IT}}[$__rate_interval]))`;

const WHAT: Row = {
  title: "What it is",
  panels: [
    table(
      101,
      "As last told",
      "none",
      `max by (resource, flavor, state, image, availability_zone, region) (ceilometer_vcpus{${IT}})`,
      "What kind of machine is it, and in what state?",
      {
        width: 16,
        height: 4,
        mayBeEmpty: MACHINE_ONLY,
        look: {
          columns: {
            resource: { name: "Id" },
            flavor: { name: "Flavor" },
            state: { name: "State" },
            image: { name: "Image" },
            availability_zone: { name: "Zone" },
            region: { name: "Region" },
            Value: { name: "vCPUs" },
          },
        },
      },
    ),
    table(102, "Runs on", "none", `count by (host) (ceilometer_cpu{${IT}})`, "On which host was it last seen?", {
      width: 8,
      height: 4,
      mayBeEmpty: MACHINE_ONLY,
      look: { columns: { host: { name: "Host", link: toHost() }, Value: { isHidden: true } } },
    }),
    states(
      103,
      "States",
      "none",
      [{ expr: `max by (state) (ceilometer_instance{${IT}})`, legend: "{{state}}" }],
      "When was it in which state? A price may depend on it.",
      { height: 5, mayBeEmpty: MACHINE_ONLY, look: { words: { "1": { text: "yes", color: "green" } } } },
    ),
  ],
};

const COST: Row = {
  title: "What it costs",
  panels: [
    stat(
      201,
      "In this range, $currency",
      "none",
      `sum(sum_over_time(raingauge_cost{${IT},currency="$currency"}[$__range]))`,
      "What did it cost in the chosen time, before discounts?",
      { width: 4, height: 8, look: { thresholds: plain, decimals: 2 } },
    ),
    bars(
      202,
      "By the hour, $currency",
      "none",
      [
        {
          expr: `sum by (meter) (sum_over_time(raingauge_cost{${IT},currency="$currency"}[$__interval] offset -$__interval))`,
          legend: "{{meter}}",
          interval: "1h",
        },
      ],
      "When did it cost what?",
      { width: 20, look: { decimals: 4 } },
    ),
    table(
      203,
      "Rated items, $currency",
      "none",
      [
        { expr: `sum by (meter) (sum_over_time(raingauge_cost{${IT},currency="$currency"}[$__range]))` },
        { expr: `sum by (meter, unit) (sum_over_time(raingauge_usage{${IT}}[$__range]))` },
      ],
      "How much of which meter was used, and what did it cost?",
      {
        height: 7,
        look: {
          columns: {
            meter: { name: "Meter" },
            unit: { name: "Unit" },
            "Value #A": { name: "Cost", decimals: 4 },
            "Value #B": { name: "Quantity", unit: "short", decimals: 2 },
          },
          sortBy: "Cost",
        },
      },
    ),
  ],
};

const LOAD: Row = {
  title: "What it does",
  panels: [
    lines(
      301,
      "CPU of allocated",
      "percent",
      [
        {
          expr: `100 * sum(rate(ceilometer_cpu{${IT}}[$__rate_interval])) / 1e9 / max(ceilometer_vcpus{${IT}})`,
          legend: "CPU",
        },
      ],
      "How much of its processors does it use?",
      { mayBeEmpty: MACHINE_ONLY, look: { min: 0, max: 100, thresholds: redFrom(80, 95) } },
    ),
    lines(
      302,
      "Memory",
      "mbytes",
      [
        { expr: `max(ceilometer_memory_usage{${IT}})`, legend: "used, as the guest says" },
        { expr: `max(ceilometer_memory_resident{${IT}})`, legend: "resident on the host" },
        { expr: `max(ceilometer_memory{${IT}})`, legend: "given" },
      ],
      "How much of its memory does it use?",
      { mayBeEmpty: MACHINE_ONLY, look: { min: 0 } },
    ),
    lines(
      303,
      "Disk requests",
      "iops",
      [
        { expr: perDevice("ceilometer_disk_device_read_requests"), legend: "{{device}} read" },
        { expr: perDevice("ceilometer_disk_device_write_requests"), legend: "{{device}} written" },
      ],
      "How often does it read and write?",
      { mayBeEmpty: MACHINE_ONLY, look: { min: 0 } },
    ),
    lines(
      304,
      "Disk latency",
      "ns",
      [
        {
          expr: `${perDevice("ceilometer_disk_device_read_latency")} / ${perDevice("ceilometer_disk_device_read_requests")}`,
          legend: "{{device}} read",
        },
        {
          expr: `${perDevice("ceilometer_disk_device_write_latency")} / ${perDevice("ceilometer_disk_device_write_requests")}`,
          legend: "{{device}} written",
        },
      ],
      "How long does a request take?",
      {
        mayBeEmpty: MACHINE_ONLY,
        act: "Tens of milliseconds mean that the storage behind it is busy.",
        look: { min: 0 },
      },
    ),
    lines(
      305,
      "Network",
      "bps",
      [
        { expr: `8 * ${perDevice("ceilometer_network_incoming_bytes")}`, legend: "{{device}} in" },
        { expr: `8 * ${perDevice("ceilometer_network_outgoing_bytes")}`, legend: "{{device}} out" },
      ],
      "How much traffic does it have?",
      { mayBeEmpty: MACHINE_ONLY, look: { min: 0 } },
    ),
    lines(
      306,
      "Dropped and broken packets",
      "pps",
      [
        {
          expr: `${perDevice("ceilometer_network_incoming_packets_drop")} + ${perDevice("ceilometer_network_incoming_packets_error")}`,
          legend: "{{device}} in",
        },
        {
          expr: `${perDevice("ceilometer_network_outgoing_packets_drop")} + ${perDevice("ceilometer_network_outgoing_packets_error")}`,
          legend: "{{device}} out",
        },
      ],
      "Does the network lose anything?",
      { mayBeEmpty: MACHINE_ONLY, look: { min: 0 } },
    ),
  ],
};

export const INSTANCE: Board = {
  uid: "raingauge-instance",
  title: "Raingauge / Instance & resource",
  audience: "usage",
  source: "served",
  answers: "What is this one thing, what does it do, and what does it cost? For its owner and for support.",
  from: "now-24h",
  refresh: "5m",
  timezone: "browser",
  variables: [CURRENCY, PROJECT, RESOURCE],
  rows: [WHAT, COST, LOAD],
};
