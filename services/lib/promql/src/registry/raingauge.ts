import type { Metric } from "./metric.ts";

/** `project` is there where the document is of one project alone. */
const DOCUMENT = ["invoice", "document", "account", "project", "currency", "month"] as const;
const BUDGET = ["budget", "currency", "month"] as const;

/**
 * Ours. Money and usage are differences, stamped at the end of the window that they belong to, so that
 * `sum_over_time(raingauge_cost[1d])` is what a day cost. `rate` and `increase` extrapolate and are wrong for money.
 */
export const RAINGAUGE: readonly Metric[] = [
  rating("raingauge_cost", "currency", ["project", "region", "service", "meter", "resource", "sku", "currency"], {
    help: "What was used in the window that ends at the sample costs, exact and before the invoice's rounding.",
  }),
  rating("raingauge_usage", "", ["project", "region", "service", "meter", "resource", "unit"], {
    help: "What was used in the window that ends at the sample; of gauges in unit hours, as its label says.",
  }),
  rating("raingauge_cost_month_to_date", "currency", ["project", "currency", "month"], {
    help: "What the month costs so far, before the invoice's rounding and tax.",
  }),
  rating("raingauge_cost_forecast", "currency", ["project", "currency", "month"], {
    help: "What the month will have cost if it goes on as it went so far.",
  }),
  rating("raingauge_usage_unpriced", "", ["project", "meter", "unit"], {
    help: "Used this month so far, and no price says what it costs; of gauges in unit hours.",
  }),
  rating("raingauge_rated_until_timestamp_seconds", "s", [], {
    help: "Up to when usage has been rated: the end of the last window that is over.",
  }),
  ledger("raingauge_invoice_amount", "currency", [...DOCUMENT, "kind"], {
    help: "An issued document's amounts, from its issue on: `kind` is net, tax or total; a credit note's are negative.",
  }),
  ledger("raingauge_invoice_open", "currency", [...DOCUMENT, "state"], {
    help: "What is left to be paid of a document; `state` is issued, overdue, paid, written off or void.",
  }),
  ledger("raingauge_invoice_due_timestamp_seconds", "s", DOCUMENT, {
    help: "When the day is over by which a document is to be paid.",
  }),
  ledger("raingauge_revenue", "currency", ["currency", "month"], {
    help: "Net of all documents issued for the month so far, credit notes taken off.",
  }),
  rating("raingauge_price_book_valid_from_timestamp_seconds", "s", ["book", "version", "currency"], {
    help: "From when a published price book prices usage.",
  }),
  rating("raingauge_budget_limit", "currency", BUDGET, {
    help: "What a budget, as it is set now, allows for the month.",
  }),
  rating("raingauge_budget_spent", "currency", BUDGET, {
    help: "What the budget's projects have cost together in the month so far, as their bills would round it; of an account's budget what it owes.",
  }),
  rating("raingauge_budget_forecast", "currency", BUDGET, {
    help: "What they will have cost if it goes on as it went so far; absent on a month's first day.",
  }),
  rating("raingauge_budget_used_ratio", "", BUDGET, {
    help: "What was spent over the budget's limit.",
  }),
  rating("raingauge_budget_project_info", "", ["budget", "project"], {
    help: "1 for each project of a budget.",
  }),
  rating("raingauge_budget_account_info", "", ["budget", "account"], {
    help: "1 for each budget of a whole account, told to who sees everything.",
  }),
  readings("raingauge_resources", "", ["project", "region", "type", "state"], {
    help: "Resources that are there, by type and state.",
  }),
  readings("raingauge_project_info", "", ["project", "project_name"], {
    help: "1 for every project that has readings in what the query reaches over; the name is its id, for no reading tells another.",
  }),
  sweep("raingauge_quota_limit", "", ["project", "region", "service", "quota"], {
    help: "How much of something a project may have: vcpus, memory_bytes, instances, volume_bytes and so on; -1 is without limit.",
  }),
  sweep("raingauge_quota_used", "", ["project", "region", "service", "quota"], {
    help: "How much of its quota a project has taken.",
  }),
  sweep("raingauge_capacity_total", "", ["region", "host", "availability_zone", "capacity"], {
    help: "How much there is, of vcpus, memory_bytes or disk_bytes of a host, before overcommitment, or the volume_bytes of a storage pool.",
  }),
  sweep("raingauge_capacity_used", "", ["region", "host", "availability_zone", "capacity"], {
    help: "How much of it is allocated.",
  }),
];

interface Said {
  readonly help: string;
}

function rating(name: string, unit: string, labels: readonly string[], { help }: Said): Metric {
  return { name, type: "gauge", unit, labels, help, origin: "rating", of: "rater" };
}
function ledger(name: string, unit: string, labels: readonly string[], { help }: Said): Metric {
  return { name, type: "gauge", unit, labels, help, origin: "ledger", of: "documents" };
}
function sweep(name: string, unit: string, labels: readonly string[], { help }: Said): Metric {
  return { name, type: "gauge", unit, labels, help, origin: "sweep", of: "raingauge" };
}
function readings(name: string, unit: string, labels: readonly string[], { help }: Said): Metric {
  return { name, type: "gauge", unit, labels, help, origin: "readings", of: "resources" };
}
