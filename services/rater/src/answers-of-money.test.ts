import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { api } from "./fixtures/api.ts";
import { closed } from "./fixtures/closed-api.ts";
import { march } from "./fixtures/cloud.ts";

const EXAMPLE = readFileSync(new URL("../../../docs/examples/price-book.yaml", import.meta.url), "utf8");

describe("the API answers of money", () => {
  it("an invoice as JSON, as a page by Accept, by its ending, and in the pages", async () => {
    const { ask } = await closed();

    const asJson = await ask("reader", "/v1/invoices/RG-000001");
    const asPages = await Promise.all([
      ask("reader", "/v1/invoices/RG-000001", { headers: { accept: "text/html,application/xhtml+xml" } }),
      ask("reader", "/v1/invoices/RG-000001.html"),
      ask("reader", "/invoices/RG-000001"),
    ]);

    expect(asJson.json()).toMatchObject({
      number: "RG-000001",
      total: "6.72",
      lines: [{ amount: "0.12" }, { amount: "0.80" }, { amount: "4.80" }, { amount: "1.00" }],
    });
    for (const page of asPages) {
      expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
      expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
      expect(page.body).toContain("6.72\u00a0EUR");
    }
  });

  it.each([
    ["*/*", 200, "application/json; charset=utf-8", undefined],
    ["text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", 200, "text/html; charset=utf-8", undefined],
    ["application/pdf", 303, undefined, "/v1/invoices/RG-000001/documents/pdf"],
    ["text/csv, application/json;q=0.5", 303, undefined, "/v1/invoices/RG-000001/documents/lines"],
    ["application/xml", 303, undefined, "/v1/invoices/RG-000001/documents/ubl"],
    ["image/png", 406, "application/problem+json", undefined],
  ])("an invoice in the form that is accepted: %s", async (accept, status, type, to) => {
    const { ask } = await closed();

    const { statusCode, headers } = await ask("reader", "/v1/invoices/RG-000001", { headers: { accept } });

    expect([statusCode, headers.location]).toEqual([status, to]);
    if (type !== undefined) expect(headers["content-type"]).toBe(type);
  });

  it("why a line says what it says, and whether the invoice still comes out the same", async () => {
    const { ask } = await closed();

    const why = (await ask("reader", "/v1/invoices/RG-000001/lines/3/why")).json();
    const check = (await ask("reader", "/v1/invoices/RG-000001/verify")).json();

    expect(why).toMatchObject({
      number: "RG-000001",
      line: { amount: "4.80" },
      rule: { arithmetic: "240 hour × 0.02 EUR = 4.8 EUR, rounded half up to 4.80 EUR" },
      usages: { count: 1 },
    });
    expect(why.usages.items[0].readings.items).toHaveLength(2);
    expect(check).toEqual({
      number: "RG-000001",
      passed: true,
      frozen: { passed: true, findings: [] },
      readings: { passed: true, findings: [] },
    });
  });

  it("the same questions of a browser with pages", async () => {
    const { ask } = await closed();
    const browse = (url: string) => ask("reader", url, { headers: { accept: "text/html" } });

    const why = await browse("/v1/invoices/RG-000001/lines/3/why");
    const check = await browse("/v1/invoices/RG-000001/verify");

    expect(why.body).toContain("240 hour × 0.02 EUR = 4.8 EUR, rounded half up to 4.80 EUR");
    expect(why.body).toContain(`<code>message-acme-vm-1-${march(1)}</code>`);
    expect(check.body).toContain("It comes out the same");
  });

  it("what closing did, account by account, the same when asked again", async () => {
    const { ask } = await api();
    const close = () => ask("finance", "/v1/closings", { method: "POST", payload: { period: "2026-03" } });

    const [first, again] = [(await close()).json(), (await close()).json()];

    expect(first).toEqual({
      period: "2026-03",
      accounts: [
        { account: "acme", outcome: "issued", number: "RG-000001", total: "6.72", currency: "EUR" },
        { account: "globex", outcome: "issued", number: "RG-000002", total: "0.48", currency: "EUR" },
      ],
    });
    expect(again.accounts.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      "already issued",
      "already issued",
    ]);
  });

  it("with the published books, and publishes one written in YAML", async () => {
    const { ask, ledger } = await api();

    const published = await ask("admin", "/v1/price-books?validFrom=2026-06-01T00:00:00Z", {
      method: "POST",
      payload: EXAMPLE,
      headers: { "content-type": "application/yaml" },
    });

    expect(published.statusCode).toBe(201);
    expect((await ask("reader", "/v1/price-books")).json().items).toHaveLength(2);
    expect(await ledger.bookByDigest(published.json().digest)).toBeDefined();
  });
});
