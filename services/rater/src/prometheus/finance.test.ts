import { at, HOUR_MS, type Instant, ownAccount, parseDecimal } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { type Api, api } from "../fixtures/api.ts";
import { APRIL, BOOK, busyCloud, march } from "../fixtures/cloud.ts";

const DAY_MS = 24 * HOUR_MS;

interface Line {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

async function lines({ ask }: Pick<Api, "ask">, who: "finance" | "reader", query: string, moment: Instant) {
  const fields = new URLSearchParams({ query, time: String(moment / 1_000) });
  const answer = await ask(who, `/prometheus/api/v1/query?${fields}`);
  return (answer.json().data.result as readonly Line[]).map(({ metric, value }) => ({ ...metric, is: value[1] }));
}

/** March is closed: acme owes 6.72, globex 0.48. */
async function closed(): Promise<Api & { readonly pay: (number: string, amount: string) => Promise<unknown> }> {
  const asked = await api();
  const post = (url: string, payload: object) => asked.ask("finance", url, { method: "POST", payload });
  await post("/v1/closings", { period: "2026-03" });
  return { ...asked, pay: (number, amount) => post(`/v1/invoices/${number}/payments`, { amount }) };
}

describe("documents as series", () => {
  it("say to the cent what the documents say, from their issue on and to whom they are shown", async () => {
    const asked = await closed();
    const query = 'raingauge_invoice_amount{kind="total"}';

    const before = await lines(asked, "finance", query, at(APRIL - 1));
    const all = await lines(asked, "finance", query, APRIL);
    const own = await lines(asked, "reader", query, at(APRIL + 40 * DAY_MS));

    expect(before).toEqual([]);
    expect(all).toMatchObject([
      { invoice: "RG-000001", document: "invoice", account: "acme", project: "acme", month: "2026-03", is: "6.72" },
      { invoice: "RG-000002", document: "invoice", account: "globex", project: "globex", month: "2026-03", is: "0.48" },
    ]);
    expect(own).toMatchObject([{ invoice: "RG-000001", is: "6.72" }]);
  });

  it("say what is left to be paid, and how it stood at any time", async () => {
    const asked = await closed();
    const query = 'raingauge_invoice_open{account="acme"}';
    await asked.pay("RG-000001", "6.70");

    const issued = await lines(asked, "finance", query, APRIL);
    const overdue = await lines(asked, "finance", query, at(APRIL + 2 * DAY_MS));
    const due = await lines(asked, "finance", "raingauge_invoice_due_timestamp_seconds", APRIL);
    await asked.pay("RG-000001", "0.02");
    const paid = await lines(asked, "finance", query, at(APRIL + 2 * DAY_MS));

    expect(issued).toMatchObject([{ state: "issued", is: "0.02" }]);
    expect(overdue).toMatchObject([{ state: "overdue", is: "0.02" }]);
    expect(paid).toMatchObject([{ state: "paid", is: "0" }]);
    expect(due[0]).toMatchObject({ is: String(Date.parse("2026-04-03T00:00:00+02:00") / 1_000) });
  });

  it("add up to the month's revenue, of what the caller may see", async () => {
    const asked = await closed();

    expect(await lines(asked, "finance", "raingauge_revenue", APRIL)).toMatchObject([
      { month: "2026-03", currency: "EUR", is: "7.2" },
    ]);
    expect(await lines(asked, "reader", "raingauge_revenue", APRIL)).toMatchObject([{ is: "6.72" }]);
  });

  it("are told at every step of a long range, each step alike", async () => {
    const asked = await closed();
    const fields = { query: "count(raingauge_invoice_amount)", step: "86400" };
    const span = { start: String(APRIL / 1_000), end: String(APRIL / 1_000 + 300 * 86_400) };
    const answer = await asked.ask(
      "finance",
      `/prometheus/api/v1/query_range?${new URLSearchParams({ ...fields, ...span })}`,
    );

    const [{ values = [] } = {}] = answer.json().data.result as { readonly values: readonly [number, string][] }[];

    expect(values.map(([, count]) => count)).toEqual(Array(301).fill("6"));
  });
});

describe("budgets as series", () => {
  it("say what the API says of them, at the end of each hour that is over", async () => {
    const noon = march(20, 12);
    const asked = await api(undefined, undefined, () => noon);
    const told = { thresholds: [], email: [] };
    await asked.ledger.setBudget({ ...told, name: "machines", projects: ["acme"], amount: parseDecimal("8.40") });
    await asked.ledger.setBudget({
      ...told,
      name: "everything",
      projects: ["acme", "globex"],
      amount: parseDecimal("100"),
    });
    const [{ spent, forecast }] = (await asked.ask("reader", "/v1/budgets")).json().items;

    const series = async (name: string) => lines(asked, "reader", `raingauge_budget_${name}`, noon);

    const labels = { budget: "machines", currency: "EUR", month: "2026-03" };
    expect(await series("limit")).toMatchObject([{ ...labels, is: "8.4" }]);
    expect(await series("spent")).toMatchObject([{ ...labels, is: String(Number(spent)) }]);
    expect(Number((await series("forecast"))[0]?.is)).toBeCloseTo(Number(forecast), 2);
    expect(await series("used_ratio")).toMatchObject([{ ...labels, is: "0.8" }]);
    expect(await series("project_info")).toMatchObject([{ budget: "machines", project: "acme", is: "1" }]);
    expect(Number(spent)).toBeGreaterThan(6);
  });

  it("of a whole account say what it owes, its fee too and in its own month, to who sees everything", async () => {
    const noon = march(20, 12);
    const support = { sku: "support", description: "Support", amount: parseDecimal("9"), months: 1 } as const;
    const fees = [{ ...support, proration: "none", scope: "account" } as const];
    const asked = await api(await busyCloud({ ...BOOK, fees }), undefined, () => noon);
    const account = ownAccount("oaks", { zone: "America/New_York", currency: "EUR", book: "standard" });
    await asked.ledger.recordAccount({ ...account, members: [{ kind: "project", id: "acme" }] }, at(0));
    const told = { name: "whole", projects: [], account: "oaks", thresholds: [], email: [] };
    await asked.ledger.setBudget({ ...told, amount: parseDecimal("100") });
    const [{ spent, forecast }] = (await asked.ask("finance", "/v1/budgets")).json().items;

    const series = async (name: string, who: "finance" | "reader" = "finance") =>
      lines(asked, who, `raingauge_budget_${name}`, noon);

    const labels = { budget: "whole", currency: "EUR", month: "2026-03" };
    expect(await series("spent")).toMatchObject([{ ...labels, is: String(Number(spent)) }]);
    expect(Number((await series("forecast"))[0]?.is)).toBeCloseTo(Number(forecast), 2);
    expect(Number(spent)).toBeGreaterThan(9);
    expect(await series("account_info")).toMatchObject([{ budget: "whole", account: "oaks" }]);
    expect([await series("spent", "reader"), await series("account_info", "reader")]).toEqual([[], []]);
  });

  it("of a month that is over give way to the next month's", async () => {
    const asked = await api();
    const budget = { name: "machines", projects: ["acme"], amount: parseDecimal("8"), thresholds: [], email: [] };
    await asked.ledger.setBudget(budget);
    const end = Date.parse("2026-04-02T00:00:00+02:00") / 1_000;
    const fields = {
      query: "raingauge_budget_limit",
      start: String(end - 20 * 86_400),
      end: String(end),
      step: "3600",
    };

    const answer = await asked.ask("finance", `/prometheus/api/v1/query_range?${new URLSearchParams(fields)}`);

    const found = answer.json().data.result as { readonly metric: { month: string }; readonly values: [number][] }[];
    const at = found.flatMap(({ values }) => values.map(([second]) => second));
    expect(found.map(({ metric }) => metric.month)).toEqual(["2026-03", "2026-04"]);
    expect(new Set(at).size).toBe(at.length);
  });
});
