import type { Board, Row } from "../board.ts";
import { toInstance, toProject } from "../link.ts";
import { bars, plain, ranking, stacked, stat, table } from "../panel.ts";
import { CURRENCY, PROJECTS, REGION } from "../variable.ts";

const S = 'region=~"$region",project=~"$project"';
const NO_OBJECTS = "Only where an object store is swept or notifies.";
const NO_SERVICE = "Only where the service runs and notifies.";

const VOLUMES: Row = {
  title: "Volumes, snapshots, backups",
  panels: [
    stat(101, "Volumes", "none", `count(ceilometer_volume_size{${S}})`, "How many volumes are there?", {
      look: { thresholds: plain },
    }),
    stat(102, "Size of volumes", "gbytes", `sum(ceilometer_volume_size{${S}})`, "How large are they together?", {
      look: { thresholds: plain, decimals: 1 },
    }),
    stat(
      103,
      "Attached to nothing",
      "gbytes",
      `sum(ceilometer_volume_size{${S},state="available"})`,
      "How much storage is paid for and not used?",
      { mayBeEmpty: "Empty where every volume is in use.", look: { thresholds: plain, decimals: 1 } },
    ),
    stat(104, "Snapshots", "gbytes", `sum(ceilometer_snapshot_size{${S}})`, "How large are all snapshots together?", {
      mayBeEmpty: "Empty where there is none.",
      look: { thresholds: plain, decimals: 1 },
    }),
    stat(105, "Backups", "gbytes", `sum(ceilometer_backup_size{${S}})`, "How large are all backups together?", {
      mayBeEmpty: "Empty where there is none.",
      look: { thresholds: plain, decimals: 1 },
    }),
    stat(106, "Images", "decbytes", `sum(ceilometer_image_size{${S}})`, "How large are all images together?", {
      mayBeEmpty: "Empty where there is none.",
      look: { thresholds: plain, decimals: 1 },
    }),
    stacked(
      107,
      "Volumes by type",
      "gbytes",
      [{ expr: `sum by (volume_type) (ceilometer_volume_size{${S}})`, legend: "{{volume_type}}" }],
      "Which kinds of storage are used?",
    ),
    stacked(
      108,
      "Volumes by state",
      "none",
      [{ expr: `count by (state) (ceilometer_volume_size{${S}})`, legend: "{{state}}" }],
      "How many are in use?",
    ),
    table(
      109,
      "Largest volumes",
      "gbytes",
      `topk(20, max by (project, resource, volume_type, state) (ceilometer_volume_size{${S}}))`,
      "Which volumes take the room?",
      {
        height: 8,
        look: {
          columns: {
            project: { name: "Project", link: toProject() },
            resource: { name: "Volume", link: toInstance() },
            volume_type: { name: "Type" },
            state: { name: "State" },
            Value: { name: "Size", unit: "gbytes" },
          },
          sortBy: "Size",
        },
      },
    ),
  ],
};

const OBJECTS: Row = {
  title: "Object storage",
  panels: [
    stacked(
      201,
      "Stored",
      "bytes",
      [{ expr: `sum by (project) (ceilometer_storage_objects_size{${S}})`, legend: "{{project}}" }],
      "Who stores how much?",
      { width: 8, mayBeEmpty: NO_OBJECTS },
    ),
    bars(
      202,
      "Requests",
      "none",
      [
        {
          expr: `sum by (project) (sum_over_time(ceilometer_storage_api_request{${S}}[$__interval] offset -$__interval))`,
          legend: "{{project}}",
          interval: "1h",
        },
      ],
      "How often is it asked?",
      { width: 8, mayBeEmpty: NO_OBJECTS },
    ),
    bars(
      203,
      "Sent out",
      "bytes",
      [
        {
          expr: `sum by (project) (sum_over_time(ceilometer_storage_objects_outgoing_bytes{${S}}[$__interval] offset -$__interval))`,
          legend: "{{project}}",
          interval: "1h",
        },
      ],
      "How much leaves it?",
      { width: 8, mayBeEmpty: NO_OBJECTS },
    ),
  ],
};

const NETWORK: Row = {
  title: "Network",
  panels: [
    stat(
      301,
      "Floating addresses",
      "none",
      `count(ceilometer_ip_floating{${S}})`,
      "How many public addresses are taken?",
      { width: 4, height: 8, look: { thresholds: plain } },
    ),
    stacked(
      302,
      "Addresses by state",
      "none",
      [{ expr: `count by (state) (ceilometer_ip_floating{${S}})`, legend: "{{state}}" }],
      "How many are taken and lead nowhere?",
      { width: 10 },
    ),
    stacked(
      303,
      "Routers, networks, balancers",
      "none",
      [
        { expr: `count(ceilometer_router{${S}})`, legend: "routers" },
        { expr: `count(ceilometer_network{${S}})`, legend: "networks" },
        { expr: `count(ceilometer_loadbalancer{${S}})`, legend: "load balancers" },
        { expr: `count(ceilometer_network_services_vpn{${S}})`, legend: "VPN services" },
      ],
      "How many of each are there?",
      { width: 10, mayBeEmpty: NO_SERVICE },
    ),
    ranking(
      304,
      "Most sent out",
      "bps",
      [
        {
          expr: `topk(10, 8 * sum by (project) (rate(ceilometer_network_outgoing_bytes{${S}}[$__rate_interval])))`,
          legend: "{{project}}",
        },
      ],
      "Who uses the lines?",
      { width: 12 },
    ),
    ranking(
      305,
      "Storage and network cost in this range, $currency",
      "none",
      [
        {
          expr: `sum by (service) (sum_over_time(raingauge_cost{${S},currency="$currency",service!="compute"}[$__range]))`,
          legend: "{{service}}",
        },
      ],
      "What do they cost?",
      { width: 12, look: { decimals: 2 } },
    ),
  ],
};

export const STORAGE_NET: Board = {
  uid: "raingauge-storage-net",
  title: "Raingauge / Storage & network services",
  audience: "ops",
  source: "served",
  answers: "What is stored and connected, and by whom? For operators.",
  from: "now-24h",
  refresh: "5m",
  timezone: "browser",
  variables: [CURRENCY, REGION, PROJECTS],
  rows: [VOLUMES, OBJECTS, NETWORK],
};
