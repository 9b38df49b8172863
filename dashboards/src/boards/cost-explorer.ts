import type { Board, Row } from "../board.ts";
import { toInstance, toProject } from "../link.ts";
import { bars, lines, plain, ranking, stat, table } from "../panel.ts";
import { BEFORE, CURRENCY, GROUP_BY, METER, PROJECTS, SERVICE, TOP } from "../variable.ts";

const COST = 'raingauge_cost{currency="$currency",project=~"$project",service=~"$service",meter=~"$meter"}';
const USAGE = 'raingauge_usage{project=~"$project",service=~"$service",meter=~"$meter"}';
const total = `sum(sum_over_time(${COST}[$__range]))`;
const before = `sum(sum_over_time(${COST}[$__range] offset $before))`;
const grouped = `sum by ($groupby) (sum_over_time(${COST}[$__range]))`;
const groupedBefore = `sum by ($groupby) (sum_over_time(${COST}[$__range] offset $before))`;
const YOUNG = "Empty where there are no costs from so long ago.";

const TOTALS: Row = {
  title: "Totals",
  panels: [
    stat(101, "Cost, $currency", "none", total, "What was used, before discounts and minimums?", {
      width: 6,
      look: { thresholds: plain, decimals: 2 },
    }),
    stat(102, "The time before, $currency", "none", before, "What was used in the same span, so much earlier?", {
      width: 6,
      mayBeEmpty: YOUNG,
      look: { thresholds: plain, decimals: 2 },
    }),
    stat(103, "Difference, $currency", "none", `${total} - ${before}`, "How much more or less is it?", {
      width: 6,
      mayBeEmpty: YOUNG,
      look: { thresholds: plain, decimals: 2 },
    }),
    stat(
      104,
      "Not among the top, $currency",
      "none",
      `${total} - sum(topk($topn, ${grouped}))`,
      "How much of the total do the lists below leave out?",
      { width: 6, look: { thresholds: plain, decimals: 2 } },
    ),
  ],
};

const SPLIT: Row = {
  title: "Split",
  panels: [
    ranking(
      201,
      "Highest cost, $currency",
      "none",
      [{ expr: `topk($topn, ${grouped})`, legend: "{{project}}{{service}}{{meter}}{{sku}}{{resource}}{{region}}" }],
      "Where does the money go?",
      { width: 8, height: 10, look: { decimals: 2 } },
    ),
    bars(
      202,
      "Over time, $currency",
      "none",
      [
        {
          expr: `sum by ($groupby) (sum_over_time(${COST}[$__interval] offset -$__interval))`,
          legend: "{{project}}{{service}}{{meter}}{{sku}}{{resource}}{{region}}",
          interval: "1h",
        },
      ],
      "When was it spent? Each bar stands where its hour or day begins.",
      { width: 16, height: 10, look: { decimals: 2 } },
    ),
    table(
      203,
      "Now and then, $currency",
      "none",
      [
        { expr: `topk($topn, ${grouped})` },
        { expr: groupedBefore },
        { expr: `${grouped} - ${groupedBefore}` },
        { expr: `100 * ${grouped} / scalar(${total})` },
      ],
      "What grew, what shrank, and what part of the whole is it?",
      {
        height: 10,
        look: {
          columns: {
            project: { name: "Project", link: toProject() },
            resource: { name: "Resource", link: toInstance() },
            service: { name: "Service" },
            meter: { name: "Meter" },
            sku: { name: "Price" },
            region: { name: "Region" },
            "Value #A": { name: "Now", decimals: 2 },
            "Value #B": { name: "Before", decimals: 2 },
            "Value #C": { name: "Difference", decimals: 2 },
            "Value #D": { name: "Share", unit: "percent", decimals: 1 },
          },
          sortBy: "Now",
        },
      },
    ),
  ],
};

const UNIT: Row = {
  title: "Per unit",
  panels: [
    table(
      301,
      "What a unit costs, $currency",
      "none",
      [
        { expr: `sum by (meter) (sum_over_time(${COST}[$__range]))` },
        { expr: `sum by (meter, unit) (sum_over_time(${USAGE}[$__range]))` },
        {
          expr: `sum by (meter) (sum_over_time(${COST}[$__range])) / sum by (meter) (sum_over_time(${USAGE}[$__range]))`,
        },
      ],
      "What did an hour, a GiB hour, a byte cost on average?",
      {
        width: 14,
        look: {
          columns: {
            meter: { name: "Meter" },
            unit: { name: "Unit" },
            "Value #A": { name: "Cost", decimals: 2 },
            "Value #B": { name: "Quantity", unit: "short", decimals: 1 },
            "Value #C": { name: "Per unit", decimals: 8 },
          },
        },
      },
    ),
    lines(
      302,
      "Cost by the day, $currency",
      "none",
      [
        { expr: `sum(sum_over_time(${COST}[1d]))`, legend: "24 hours up to here", interval: "1h" },
        { expr: `sum(sum_over_time(${COST}[1d] offset $before))`, legend: "24 hours so much earlier", interval: "1h" },
      ],
      "Is it more than usual?",
      { width: 10, height: 9, mayBeEmpty: YOUNG, look: { min: 0, decimals: 2 } },
    ),
  ],
};

export const COST_EXPLORER: Board = {
  uid: "raingauge-cost-explorer",
  title: "Raingauge / Cost explorer",
  audience: "billing",
  source: "served",
  answers: "Who spends how much on what, and how does that compare? For finance and product.",
  from: "now-7d",
  refresh: "15m",
  timezone: "utc",
  variables: [CURRENCY, PROJECTS, SERVICE, METER, GROUP_BY, TOP, BEFORE],
  rows: [TOTALS, SPLIT, UNIT],
};
