import { MACHINES, machineSeries } from "./machines.ts";
import { COSTS, END, flat, HOUR, PROJECTS, polled, REGIONS, type Series } from "./series.ts";
import { addresses, storage } from "./things.ts";

const STATES = ["paid", "overdue", "issued", "issued"] as const;

/** The bill as the rater would serve it: what is here adds up to what the hours cost. */
export function bills(): Series[] {
  const start = Date.UTC(2026, 2, 1) / 1000;
  const hourlyCost = new Map<string, number>();
  for (const { name, labels, at } of [...MACHINES.flatMap(machineSeries), ...storage(), ...addresses()]) {
    if (name !== "raingauge_cost") continue;
    const project = labels["project"] ?? "";
    hourlyCost.set(project, (hourlyCost.get(project) ?? 0) + (at(END) ?? 0));
  }
  const month = { currency: "EUR", month: "2026-03" };
  return [...hourlyCost].flatMap(([project, cost], index) => {
    const net = 64 * (index + 1);
    const document = {
      invoice: `R-00000${index + 1}`,
      document: "invoice",
      account: project,
      project,
      currency: "EUR",
      month: "2026-02",
    };
    const budget = { budget: `plan-${project}`, ...month };
    const limit = 32 * (index + 1);
    return [
      // Nothing was there before the ten days began.
      polled(
        "raingauge_cost_month_to_date",
        { project, ...month },
        (second) => cost * (1 + Math.floor((second - Math.max(start, END - COSTS)) / HOUR)),
      ),
      polled("raingauge_cost_forecast", { project, ...month }, flat(cost * 24 * 26)),
      polled("raingauge_project_info", { project, project_name: `Project ${project}` }, flat(1)),
      polled("raingauge_invoice_amount", { ...document, kind: "net" }, flat(net)),
      polled("raingauge_invoice_amount", { ...document, kind: "tax" }, flat(net / 4)),
      polled("raingauge_invoice_amount", { ...document, kind: "total" }, flat(net * 1.25)),
      polled("raingauge_invoice_open", { ...document, state: STATES[index] ?? "" }, flat(index === 0 ? 0 : net * 1.25)),
      polled("raingauge_invoice_due_timestamp_seconds", document, flat(END + (index - 1) * 10 * 24 * HOUR)),
      polled("raingauge_budget_limit", budget, flat(limit)),
      polled("raingauge_budget_spent", budget, flat(limit / 4)),
      polled("raingauge_budget_forecast", budget, flat(limit / 2)),
      polled("raingauge_budget_used_ratio", budget, flat(1 / 4)),
      polled("raingauge_budget_project_info", { budget: budget.budget, project }, flat(1)),
    ];
  });
}

export const whole = (): Series[] => [
  polled("raingauge_rated_until_timestamp_seconds", {}, (second) => Math.floor(second / HOUR) * HOUR),
  polled("raingauge_revenue", { currency: "EUR", month: "2026-02" }, flat(640)),
  polled("raingauge_revenue", { currency: "EUR", month: "2026-01" }, flat(512)),
  polled(
    "raingauge_price_book_valid_from_timestamp_seconds",
    { book: "standard", version: "1", currency: "EUR" },
    flat(Date.UTC(2026, 0, 1) / 1000),
  ),
  polled("raingauge_usage_unpriced", { project: "dune", meter: "image.size", unit: "B" }, flat(0)),
  ...PROJECTS.flatMap((project, index) => {
    const region = REGIONS[index % 2] ?? "";
    const count = (type: string, state: string, number: number): Series =>
      polled(
        "raingauge_resources",
        { project, region, type, state },
        (second) => number + (type === "instance" && second % 86_400 < 6 * HOUR ? 1 : 0),
      );
    return [
      count("instance", "ACTIVE", project === "dune" ? 2 : 3),
      ...(project === "dune" ? [count("instance", "STOPPED", 1)] : []),
      count("volume", "in-use", project === "dune" ? 1 : 2),
      ...(project === "dune" ? [count("volume", "available", 1)] : []),
      count("floatingip", "ACTIVE", 1),
    ];
  }),
];
