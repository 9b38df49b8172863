import type { Board, Row } from "../board.ts";
import { toInstance, toProject } from "../link.ts";
import { lines, plain, redFrom, stacked, stat, table } from "../panel.ts";
import { HOST } from "../variable.ts";

const ON = 'host="$host"';
/** What belongs to the machines of this host, whichever host label it has itself. */
const ofGuests = (expr: string): string => `${expr} and on (resource) count by (resource) (ceilometer_cpu{${ON}})`;
const NO_MONITOR = "Only where Nova's compute monitors are on (`compute_monitors`), which they are not by default.";

const NOW: Row = {
  title: "Now",
  panels: [
    stat(
      101,
      "Machines",
      "none",
      `count(count by (resource) (ceilometer_cpu{${ON}}))`,
      "How many machines run on this host?",
      { look: { thresholds: plain } },
    ),
    stat(
      102,
      "vCPUs given out",
      "none",
      `sum(${ofGuests("max by (resource) (ceilometer_vcpus)")})`,
      "How many virtual processors do its machines have?",
      { look: { thresholds: plain } },
    ),
    stat(
      103,
      "Memory given out",
      "mbytes",
      `sum(${ofGuests("max by (resource) (ceilometer_memory)")})`,
      "How much memory do its machines have?",
      { look: { thresholds: plain, decimals: 1 } },
    ),
    stat(
      104,
      "vCPUs really used",
      "none",
      `sum(rate(ceilometer_cpu{${ON}}[$__rate_interval])) / 1e9`,
      "How many processors' worth of work do its machines do?",
      { look: { thresholds: plain, decimals: 2 } },
    ),
    stat(105, "Projects", "none", `count(count by (project) (ceilometer_cpu{${ON}}))`, "Whose machines are they?", {
      look: { thresholds: plain },
    }),
    stat(
      106,
      "Newest reading",
      "s",
      `time() - max(timestamp(ceilometer_cpu{${ON}}))`,
      "How old is the newest reading from this host?",
      { act: "Red means that its poller is silent: look at Pipeline health.", look: { thresholds: redFrom(600, 900) } },
    ),
  ],
};

const LOAD: Row = {
  title: "Guests together",
  panels: [
    stacked(
      201,
      "vCPUs by project",
      "none",
      [{ expr: `sum by (project) (rate(ceilometer_cpu{${ON}}[$__rate_interval])) / 1e9`, legend: "{{project}}" }],
      "Who keeps this host busy?",
    ),
    stacked(
      202,
      "Memory by project",
      "mbytes",
      [{ expr: `sum by (project) (${ofGuests("ceilometer_memory_resident")})`, legend: "{{project}}" }],
      "Whose machines hold this host's memory?",
    ),
    lines(
      203,
      "Disks",
      "Bps",
      [
        { expr: `sum(rate(ceilometer_disk_device_read_bytes{${ON}}[$__rate_interval]))`, legend: "read" },
        { expr: `sum(rate(ceilometer_disk_device_write_bytes{${ON}}[$__rate_interval]))`, legend: "written" },
      ],
      "How much do its machines read and write?",
      { look: { min: 0 } },
    ),
    lines(
      204,
      "Network",
      "bps",
      [
        { expr: `8 * sum(rate(ceilometer_network_incoming_bytes{${ON}}[$__rate_interval]))`, legend: "in" },
        { expr: `8 * sum(rate(ceilometer_network_outgoing_bytes{${ON}}[$__rate_interval]))`, legend: "out" },
      ],
      "How much traffic do its machines have?",
      { look: { min: 0 } },
    ),
  ],
};

const GUESTS: Row = {
  title: "Machines",
  panels: [
    table(
      301,
      "Machines on this host",
      "none",
      [
        {
          expr: `100 * sum by (project, resource) (rate(ceilometer_cpu{${ON}}[$__rate_interval])) / 1e9 / on (project, resource) max by (project, resource) (ceilometer_vcpus)`,
        },
        { expr: ofGuests("max by (project, resource) (ceilometer_memory)") },
        {
          expr: `sum by (project, resource) (rate(ceilometer_disk_device_read_requests{${ON}}[$__rate_interval])) + sum by (project, resource) (rate(ceilometer_disk_device_write_requests{${ON}}[$__rate_interval]))`,
        },
        {
          expr: `8 * (sum by (project, resource) (rate(ceilometer_network_incoming_bytes{${ON}}[$__rate_interval])) + sum by (project, resource) (rate(ceilometer_network_outgoing_bytes{${ON}}[$__rate_interval])))`,
        },
      ],
      "Which machine here does what?",
      {
        height: 10,
        look: {
          columns: {
            project: { name: "Project", link: toProject() },
            resource: { name: "Instance", link: toInstance() },
            "Value #A": { name: "CPU of allocated", unit: "percent", decimals: 1, thresholds: redFrom(80, 95) },
            "Value #B": { name: "Memory", unit: "mbytes" },
            "Value #C": { name: "Disk requests", unit: "iops", decimals: 1 },
            "Value #D": { name: "Network", unit: "bps", decimals: 1 },
          },
          sortBy: "CPU of allocated",
        },
      },
    ),
  ],
};

const METAL: Row = {
  title: "The host itself",
  panels: [
    lines(
      401,
      "Processor",
      "percent",
      [{ expr: 'ceilometer_compute_node_cpu_percent{resource=~"$host.*"}', legend: "busy" }],
      "How busy is the host, as Nova measures it?",
      { mayBeEmpty: NO_MONITOR, look: { min: 0, max: 100 } },
    ),
    lines(
      402,
      "Power",
      "watt",
      [{ expr: 'ceilometer_hardware_ipmi_power{resource=~"$host.*"}', legend: "{{resource}}" }],
      "How much power does it draw?",
      { mayBeEmpty: "Only where somebody reads its sensors (IPMI or Redfish).", look: { min: 0 } },
    ),
  ],
};

export const COMPUTE_HOST: Board = {
  uid: "raingauge-compute-host",
  title: "Raingauge / Compute host",
  audience: "ops",
  source: "served",
  answers: "What runs on one hypervisor, and what does it do? Reached from the overview.",
  from: "now-24h",
  refresh: "1m",
  timezone: "browser",
  variables: [HOST],
  rows: [NOW, LOAD, GUESTS, METAL],
};
