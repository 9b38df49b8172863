import type { Board, Row } from "../board.ts";
import { toInstance } from "../link.ts";
import { bars, plain, ranking, redFrom, stacked, stat, table } from "../panel.ts";
import { CURRENCY, PROJECTS } from "../variable.ts";

const OF = 'project=~"$project"';
const MONEY = `${OF},currency="$currency"`;
const NO_BUDGET =
  "Only projects with a budget have this, and it is told to those who may see all of the budget's projects.";
export const NO_QUOTA = "Only where a central poller sweeps quotas (docs/sweeping.md).";
const used = (meter: string): string => `sum(sum_over_time(raingauge_usage{${OF},meter="${meter}"}[$__range]))`;

const MONEY_ROW: Row = {
  title: "Cost",
  panels: [
    stat(
      101,
      "In this range, $currency",
      "none",
      `sum(sum_over_time(raingauge_cost{${MONEY}}[$__range]))`,
      "What was used in the chosen time, before discounts and minimums?",
      { look: { thresholds: plain, decimals: 2 } },
    ),
    stat(
      102,
      "Month to date, $currency",
      "none",
      `sum(raingauge_cost_month_to_date{${MONEY}})`,
      "What would the invoice say if it were issued now?",
      { look: { thresholds: plain, decimals: 2 } },
    ),
    stat(
      103,
      "Month forecast, $currency",
      "none",
      `sum(raingauge_cost_forecast{${MONEY}})`,
      "What will the month have cost if it goes on as so far?",
      { look: { thresholds: plain, decimals: 2 } },
    ),
    stat(
      104,
      "Budget used",
      "percentunit",
      `max(raingauge_budget_used_ratio{currency="$currency"} * on (budget) group_right () raingauge_budget_project_info{${OF}})`,
      "How much of the month's budget is used, of the one that is used most?",
      {
        act: "From 80 % on, decide whether to end something or to raise the limit.",
        mayBeEmpty: NO_BUDGET,
        look: { thresholds: redFrom(0.8, 1), decimals: 0 },
      },
    ),
    stat(
      105,
      "Week on week, $currency",
      "none",
      `sum(sum_over_time(raingauge_cost{${MONEY}}[$__range])) - sum(sum_over_time(raingauge_cost{${MONEY}}[$__range] offset 7d))`,
      "How much more or less than in the same time a week earlier?",
      { look: { thresholds: plain, decimals: 2 } },
    ),
    stat(106, "Resources", "none", `count(ceilometer_instance{${OF}})`, "How many things are there?", {
      look: { thresholds: plain },
    }),
    bars(
      201,
      "By service, $currency",
      "none",
      [
        {
          expr: `sum by (service) (sum_over_time(raingauge_cost{${MONEY}}[$__interval] offset -$__interval))`,
          legend: "{{service}}",
          interval: "1h",
        },
      ],
      "When was what spent on which service?",
      { width: 16, look: { decimals: 2 } },
    ),
    ranking(
      202,
      "Most expensive, $currency",
      "none",
      [{ expr: `topk(8, sum by (sku) (sum_over_time(raingauge_cost{${MONEY}}[$__range])))`, legend: "{{sku}}" }],
      "Which prices make up the cost?",
      { look: { decimals: 2 } },
    ),
  ],
};

const USAGE: Row = {
  title: "Usage in this range",
  panels: [
    stat(301, "vCPU hours", "short", used("vcpus"), "How many virtual processors, for how many hours?", {
      look: { thresholds: plain, decimals: 1 },
      mayBeEmpty: "Empty where no machine was there.",
    }),
    stat(302, "MiB hours", "short", used("memory"), "How much memory, for how many hours?", {
      look: { thresholds: plain, decimals: 0 },
      mayBeEmpty: "Empty where no machine was there.",
    }),
    stat(303, "GiB hours of volumes", "short", used("volume.size"), "How much block storage, for how many hours?", {
      look: { thresholds: plain, decimals: 0 },
      mayBeEmpty: "Empty where there was no volume.",
    }),
    stat(
      304,
      "Objects, B hours",
      "short",
      used("storage.objects.size"),
      "How much object storage, for how many hours?",
      { look: { thresholds: plain, decimals: 0 }, mayBeEmpty: "Empty where no object store is swept." },
    ),
    stat(305, "Address hours", "short", used("ip.floating"), "How many public addresses, for how many hours?", {
      look: { thresholds: plain, decimals: 1 },
      mayBeEmpty: "Empty where there was no address.",
    }),
    stat(306, "Traffic out", "decbytes", used("network.outgoing.bytes"), "How much was sent?", {
      look: { thresholds: plain, decimals: 1 },
      mayBeEmpty: "Empty where no machine was there.",
    }),
    stacked(
      307,
      "vCPUs used",
      "none",
      [{ expr: `sum by (project) (rate(ceilometer_cpu{${OF}}[$__rate_interval])) / 1e9`, legend: "{{project}}" }],
      "How busy are the project's machines?",
    ),
    stacked(
      308,
      "Resources by type",
      "none",
      [
        { expr: `count(ceilometer_instance{${OF}})`, legend: "machines" },
        { expr: `count(ceilometer_volume_size{${OF}})`, legend: "volumes" },
        { expr: `count(ceilometer_ip_floating{${OF}})`, legend: "addresses" },
      ],
      "What is there, and since when?",
    ),
    ranking(
      309,
      "Quota used",
      "percentunit",
      [{ expr: `max by (quota) (raingauge_quota_used{${OF}} / raingauge_quota_limit{${OF}})`, legend: "{{quota}}" }],
      "Which quota will soon be used up?",
      { width: 12, height: 6, mayBeEmpty: NO_QUOTA, look: { max: 1, thresholds: redFrom(0.8, 0.95) } },
    ),
    table(
      310,
      "Usage without a price",
      "none",
      `sum by (project, meter, unit) (raingauge_usage_unpriced{${OF}}) > 0`,
      "What holds the invoice?",
      {
        width: 12,
        height: 6,
        act: "Publish a price, or say that it is given away.",
        mayBeEmpty: "Empty where every meter has a price, as it should be.",
        look: {
          columns: {
            project: { name: "Project" },
            meter: { name: "Meter" },
            unit: { name: "Unit" },
            Value: { name: "Used this month", decimals: 1 },
          },
        },
      },
    ),
  ],
};

const THINGS: Row = {
  title: "Resources",
  panels: [
    table(
      401,
      "What each costs, $currency",
      "none",
      `topk(200, sum by (project, service, resource) (sum_over_time(raingauge_cost{${MONEY}}[$__range])))`,
      "Which resource costs how much?",
      {
        height: 11,
        look: {
          columns: {
            project: { name: "Project" },
            service: { name: "Service" },
            resource: { name: "Resource", link: toInstance() },
            Value: { name: "Cost", decimals: 2 },
          },
          sortBy: "Cost",
        },
      },
    ),
  ],
};

export const PROJECT_BOARD: Board = {
  uid: "raingauge-project",
  title: "Raingauge / Project usage & cost",
  audience: "usage",
  source: "served",
  answers: "What does a project use and cost so far, and where is it going? For its owner and for support.",
  from: "now-7d",
  refresh: "5m",
  timezone: "utc",
  variables: [CURRENCY, PROJECTS],
  rows: [MONEY_ROW, USAGE, THINGS],
};
