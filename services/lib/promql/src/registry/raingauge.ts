import type { Metric } from "./metric.ts";

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
  unfed("raingauge_invoice_amount", "currency", ["invoice", "project", "currency", "month", "kind"], {
    help: "An issued document's amounts: `kind` is net, tax or total.",
  }),
  unfed("raingauge_revenue", "currency", ["currency", "month"], {
    help: "Net of all documents issued for the month.",
  }),
  rating("raingauge_price_book_valid_from_timestamp_seconds", "s", ["book", "version", "currency"], {
    help: "From when a published price book prices usage.",
  }),
  unfed("raingauge_budget_limit", "currency", ["budget", "project", "currency", "month"], {
    help: "What a budget allows for the month.",
  }),
  unfed("raingauge_budget_used_ratio", "", ["budget", "project", "currency", "month"], {
    help: "The month to date over the budget's limit.",
  }),
  readings("raingauge_resources", "", ["project", "region", "type", "state"], {
    help: "Resources that are there, by type and state.",
  }),
  readings("raingauge_project_info", "", ["project", "project_name"], {
    help: "1 for every project that has readings in what the query reaches over; the name is its id, for no reading tells another.",
  }),
  unfed("raingauge_quota_limit", "", ["project", "region", "service", "quota"], {
    help: "How much of something a project may have.",
  }),
  unfed("raingauge_quota_used", "", ["project", "region", "service", "quota"], {
    help: "How much of its quota a project has taken.",
  }),
  unfed("raingauge_capacity_total", "", ["region", "host", "availability_zone", "capacity"], {
    help: "How much there is, of vcpus, memory_bytes, disk_bytes or another class of capacity.",
  }),
  unfed("raingauge_capacity_used", "", ["region", "host", "availability_zone", "capacity"], {
    help: "How much of it is allocated.",
  }),
];

interface Said {
  readonly help: string;
}

function rating(name: string, unit: string, labels: readonly string[], { help }: Said): Metric {
  return { name, type: "gauge", unit, labels, help, origin: "rating", of: "rater" };
}
function unfed(name: string, unit: string, labels: readonly string[], { help }: Said): Metric {
  return { name, type: "gauge", unit, labels, help, origin: "unfed", of: "" };
}
function readings(name: string, unit: string, labels: readonly string[], { help }: Said): Metric {
  return { name, type: "gauge", unit, labels, help, origin: "readings", of: "resources" };
}
