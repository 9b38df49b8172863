import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Api, api } from "./fixtures/api.ts";

describe("documents of an issued invoice", () => {
  let door: Api;
  let number: string;

  beforeAll(async () => {
    door = await api();
    await door.ask("admin", "/v1/closings", { method: "POST", payload: { period: "2026-03", allowUnpriced: true } });
    number = (await door.ask("reader", "/v1/invoices")).json().items[0].number;
  });
  afterAll(() => door.app.close());

  it("are there as a PDF with its data attached, in another thread", async () => {
    const answer = await door.ask("reader", `/v1/invoices/${number}/documents/pdf`);

    expect(answer.headers["content-type"]).toBe("application/pdf");
    expect(answer.headers["content-disposition"]).toBe(`attachment; filename="${number}.pdf"`);
    expect(answer.rawPayload.subarray(0, 5).toString()).toBe("%PDF-");
    expect(answer.rawPayload.includes("pdfaid")).toBe(true);
  });

  it.each([
    ["html", "text/html; charset=utf-8", "<!doctype html>"],
    ["lines", "text/csv; charset=utf-8", "document,kind"],
    ["journal", "text/csv; charset=utf-8", "posting_id"],
    ["hledger", "text/plain; charset=utf-8", "2026-04-"],
    ["beancount", "text/plain; charset=utf-8", "2026-04-"],
    ["datev", "text/csv; charset=windows-1252", '"EXTF";700'],
    ["xero", "text/csv; charset=utf-8", "*ContactName"],
    ["quickbooks", "text/csv; charset=utf-8", "*InvoiceNo"],
    ["focus", "text/csv; charset=utf-8", "AvailabilityZone,BilledCost"],
    ["xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK"],
  ])("are there as %s", async (format, type, beginning) => {
    const answer = await door.ask("reader", `/v1/invoices/${number}/documents/${format}`);

    expect(answer.headers["content-type"]).toBe(type);
    expect(answer.rawPayload.toString("latin1").startsWith(beginning)).toBe(true);
  });

  it("are no electronic invoice where a rule is broken, and the rule is named", async () => {
    const answer = await door.ask("reader", `/v1/invoices/${number}/documents/ubl`);

    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ code: "E_INVOICE_INVALID" });
    expect(answer.json().errors).toContainEqual({ where: "BR-06", says: "the seller is named" });
  });

  it("are nobody else's to see", async () => {
    await door.ledger.grant({ name: "stranger", role: "reader", projects: ["elsewhere"] }).then(async (token) => {
      const headers = { authorization: `Bearer ${token}` };

      const one = await door.ask(undefined, `/v1/invoices/${number}/documents/pdf`, { headers });
      const many = await door.ask(undefined, "/v1/exports/lines?period=2026-03", { headers });

      expect(one.statusCode).toBe(404);
      expect(many.body.trim().split("\n")).toHaveLength(1);
    });
  });

  it.each(["csv", "json", "parquet"])("come for a whole period as FOCUS in %s", async (encoding) => {
    const answer = await door.ask("finance", `/v1/exports/focus?period=2026-03&encoding=${encoding}`);

    expect(answer.statusCode).toBe(200);
    expect(answer.rawPayload.length).toBeGreaterThan(100);
  });

  it("come for a whole period as bookings", async () => {
    const answer = await door.ask("finance", "/v1/exports/hledger?period=2026-03");

    expect(answer.body).toContain(`(${number})`);
    expect(answer.headers["content-disposition"]).toBe('attachment; filename="raingauge-hledger-2026-03.journal"');
  });
});
