import type { Board, Row } from "../board.ts";
import { toProject } from "../link.ts";
import { bars, plain, ranking, redAbove, redFrom, stat, table } from "../panel.ts";
import { CURRENCY } from "../variable.ts";

const IN = 'currency="$currency"';
const amount = (kind: string): string => `raingauge_invoice_amount{${IN},kind="${kind}"}`;
const document = (kind: string): string =>
  `sum by (invoice, document, account, project, month, currency) (${amount(kind)})`;
const NONE_ISSUED = "Empty until the first month is closed.";

const NOW: Row = {
  title: "Now",
  panels: [
    stat(101, "Documents issued", "none", `count(${amount("total")})`, "How many invoices and notes were issued?", {
      mayBeEmpty: NONE_ISSUED,
      look: { thresholds: plain },
    }),
    stat(102, "Net, $currency", "none", `sum(${amount("net")})`, "What do they come to before tax?", {
      mayBeEmpty: NONE_ISSUED,
      look: { thresholds: plain, decimals: 2 },
    }),
    stat(103, "Tax, $currency", "none", `sum(${amount("tax")})`, "How much of it is tax?", {
      mayBeEmpty: NONE_ISSUED,
      look: { thresholds: plain, decimals: 2 },
    }),
    stat(
      104,
      "Not rated since",
      "s",
      "time() - max(raingauge_rated_until_timestamp_seconds)",
      "How old are the figures on the boards?",
      {
        act: "Red: usage is not rated; see the runbook of RaingaugeRatingLag.",
        look: { thresholds: redFrom(3600 * 1.5, 7200) },
      },
    ),
    stat(
      105,
      "This month so far, $currency",
      "none",
      `sum(raingauge_cost_month_to_date{${IN}})`,
      "What would all invoices say if they were issued now?",
      { look: { thresholds: plain, decimals: 2 } },
    ),
    stat(
      106,
      "Month forecast, $currency",
      "none",
      `sum(raingauge_cost_forecast{${IN}})`,
      "What will they say if it goes on as so far?",
      { look: { thresholds: plain, decimals: 2 } },
    ),
  ],
};

const HOLDS: Row = {
  title: "What holds an invoice",
  panels: [
    table(
      201,
      "Usage without a price",
      "none",
      "sum by (project, meter, unit) (raingauge_usage_unpriced) > 0",
      "Whose invoice waits for which price?",
      {
        width: 12,
        act: "Publish a price for the meter, or give it away for the month.",
        mayBeEmpty: "Empty where every meter has a price, as it should be.",
        look: {
          columns: {
            project: { name: "Project", link: toProject() },
            meter: { name: "Meter" },
            unit: { name: "Unit" },
            Value: { name: "Used this month", decimals: 1 },
          },
        },
      },
    ),
    table(
      202,
      "Price books",
      "none",
      `raingauge_price_book_valid_from_timestamp_seconds{${IN}} * 1000`,
      "Which prices hold from when?",
      {
        width: 12,
        look: {
          columns: {
            book: { name: "Book" },
            version: { name: "Version" },
            currency: { name: "Currency" },
            Value: { name: "From", unit: "dateTimeAsIso" },
          },
        },
      },
    ),
    stat(
      203,
      "Hours that cost less than nothing",
      "none",
      `count(sum by (project) (sum_over_time(raingauge_cost{${IN}}[1h])) < 0) or vector(0)`,
      "Does a price make usage negative?",
      {
        width: 6,
        height: 7,
        act: "Red: a book with a negative amount was published. Supersede it.",
        look: { thresholds: redAbove(1) },
      },
    ),
    stat(
      204,
      "Rated and so far, difference, $currency",
      "none",
      `sum(raingauge_cost_month_to_date{${IN}}) - sum(sum_over_time(raingauge_cost{${IN}}[$__range]))`,
      "By how much do discounts, allowances and minimums change the month's cost?",
      { width: 6, height: 7, look: { thresholds: plain, decimals: 2, timeFrom: "now/M" } },
    ),
    ranking(
      205,
      "Largest customers of the month, $currency",
      "none",
      [{ expr: `topk(8, sum by (project) (raingauge_cost_month_to_date{${IN}}))`, legend: "{{project}}" }],
      "On whom does the revenue depend?",
      { width: 12, height: 7, look: { decimals: 2 } },
    ),
  ],
};

const MONTHS: Row = {
  title: "Months",
  panels: [
    ranking(
      301,
      "Net revenue, $currency",
      "none",
      [{ expr: `sum by (month) (raingauge_revenue{${IN}})`, legend: "{{month}}" }],
      "What was invoiced for which month? There are no calendar months in PromQL: each month is a label.",
      { width: 8, height: 9, mayBeEmpty: NONE_ISSUED, look: { decimals: 2 } },
    ),
    bars(
      302,
      "Rated by the day, $currency",
      "none",
      [
        {
          expr: `sum by (service) (sum_over_time(raingauge_cost{${IN}}[$__interval] offset -$__interval))`,
          legend: "{{service}}",
          interval: "1d",
        },
      ],
      "What does each day bring, by service?",
      { width: 16, height: 9, look: { decimals: 2 } },
    ),
    table(
      303,
      "Documents",
      "none",
      [{ expr: document("net") }, { expr: document("tax") }, { expr: document("total") }],
      "What was issued to whom?",
      {
        height: 11,
        mayBeEmpty: NONE_ISSUED,
        look: {
          columns: {
            invoice: { name: "Number" },
            document: { name: "Is a" },
            account: { name: "Account" },
            project: { name: "Project", link: toProject() },
            month: { name: "Month" },
            currency: { name: "Currency" },
            "Value #A": { name: "Net", decimals: 2 },
            "Value #B": { name: "Tax", decimals: 2 },
            "Value #C": { name: "Total", decimals: 2 },
          },
          sortBy: "Number",
        },
      },
    ),
    stat(304, "Average document, $currency", "none", `avg(${amount("total")})`, "What does a customer pay?", {
      width: 6,
      mayBeEmpty: NONE_ISSUED,
      look: { thresholds: plain, decimals: 2 },
    }),
    stat(
      305,
      "Share of the three largest",
      "percentunit",
      `sum(topk(3, sum by (account) (${amount("total")}))) / sum(${amount("total")})`,
      "How much of what was invoiced comes from three customers?",
      { width: 6, mayBeEmpty: NONE_ISSUED, look: { thresholds: plain, decimals: 0 } },
    ),
    stat(
      306,
      "Net and tax against total, $currency",
      "none",
      `sum(${amount("net")}) + sum(${amount("tax")}) - sum(${amount("total")})`,
      "Do all documents add up? It must be 0.00.",
      {
        width: 12,
        act: "Anything but nothing is a defect: run `raingauge verify`.",
        mayBeEmpty: NONE_ISSUED,
        look: { thresholds: ["red", [-0.004, "green"], [0.005, "red"]], decimals: 2 },
      },
    ),
  ],
};

const OPEN = `raingauge_invoice_open{${IN},state=~"issued|overdue"}`;

const OWED: Row = {
  title: "What is owed",
  panels: [
    stat(401, "Open, $currency", "none", `sum(${OPEN}) or vector(0)`, "What is issued and not paid yet?", {
      width: 6,
      look: { thresholds: plain, decimals: 2 },
    }),
    stat(
      402,
      "Overdue, $currency",
      "none",
      `sum(raingauge_invoice_open{${IN},state="overdue"}) or vector(0)`,
      "How much of it should have been paid by now?",
      {
        width: 6,
        act: "Not 0: the table tells whose it is.",
        look: { thresholds: ["green", [0.005, "orange"]], decimals: 2 },
      },
    ),
    stat(
      403,
      "Written off, $currency",
      "none",
      `sum(raingauge_invoice_open{${IN},state="written off"}) or vector(0)`,
      "What was given up?",
      { width: 6, look: { thresholds: plain, decimals: 2 } },
    ),
    stat(
      404,
      "Credited, $currency",
      "none",
      `-sum(raingauge_invoice_amount{${IN},document="credit-note",kind="total"}) or vector(0)`,
      "How much did credit notes take back?",
      { width: 6, look: { thresholds: plain, decimals: 2 } },
    ),
    table(
      405,
      "Open documents",
      "none",
      [
        { expr: `sum by (invoice, account, state, month) (${OPEN}) > 0` },
        {
          expr: `sum by (invoice, account, month) (1000 * raingauge_invoice_due_timestamp_seconds{${IN}} and on (invoice) ${OPEN} > 0)`,
        },
      ],
      "Who owes what, and until when?",
      {
        width: 18,
        height: 9,
        mayBeEmpty: "Empty where everything is paid.",
        look: {
          columns: {
            invoice: { name: "Number" },
            account: { name: "Account" },
            state: { name: "State" },
            month: { name: "Month" },
            "Value #A": { name: "Open", decimals: 2 },
            "Value #B": { name: "To be paid before", unit: "dateTimeAsIso" },
          },
          sortBy: "To be paid before",
        },
      },
    ),
    ranking(
      406,
      "Open by account, $currency",
      "none",
      [{ expr: `topk(8, sum by (account) (${OPEN}) > 0)`, legend: "{{account}}" }],
      "Who owes most?",
      { width: 6, height: 9, mayBeEmpty: "Empty where everything is paid.", look: { decimals: 2 } },
    ),
  ],
};

const plan = (metric: string): string => `max by (budget, month, currency) (${metric}{${IN}})`;

const BUDGETS: Row = {
  title: "Budgets",
  panels: [
    table(
      501,
      "Budgets of this month",
      "none",
      [
        { expr: plan("raingauge_budget_limit") },
        { expr: plan("raingauge_budget_spent") },
        { expr: plan("raingauge_budget_forecast") },
        { expr: `100 * ${plan("raingauge_budget_used_ratio")}` },
      ],
      "Which plans hold? On a month's first day there is no forecast.",
      {
        mayBeEmpty: "Empty where no budget is set.",
        look: {
          columns: {
            budget: { name: "Budget" },
            month: { name: "Month" },
            currency: { name: "Currency" },
            "Value #A": { name: "Limit", decimals: 2 },
            "Value #B": { name: "Spent", decimals: 2 },
            "Value #C": { name: "Forecast", decimals: 2 },
            "Value #D": { name: "Used", unit: "percent", decimals: 0 },
          },
          sortBy: "Used",
        },
      },
    ),
  ],
};

export const FINANCE: Board = {
  uid: "raingauge-finance",
  title: "Raingauge / Invoices & revenue",
  audience: "billing",
  source: "served",
  answers: "What was invoiced, what comes next, and what holds it? For finance.",
  from: "now-30d",
  refresh: "15m",
  timezone: "utc",
  variables: [CURRENCY],
  rows: [NOW, OWED, MONTHS, BUDGETS, HOLDS],
};
