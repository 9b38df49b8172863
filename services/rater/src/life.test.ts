import { describe, expect, it } from "vitest";
import { api } from "./fixtures/api.ts";

describe("the life of an invoice", () => {
  it("goes on after issue: partly paid, paid, and never by changing the document", async () => {
    const { ask } = await api();
    const post = (url: string, payload: object) => ask("finance", url, { method: "POST", payload });
    await post("/v1/closings", { period: "2026-03" });
    const before = (await ask("finance", "/v1/invoices/RG-000001")).body;

    const issued = (await ask("reader", "/v1/invoices/RG-000001/standing")).json();
    const part = (await post("/v1/invoices/RG-000001/payments", { amount: "6.70" })).json();
    const paid = (await post("/v1/invoices/RG-000001/payments", { amount: "0.02", note: "rest" })).json();

    expect(issued).toMatchObject({ state: "issued", total: "6.72", open: "6.72", dueDate: "2026-04-02" });
    expect(part).toMatchObject({ open: "0.02" });
    expect(paid).toMatchObject({ state: "paid", open: "0.00", events: [{ by: "fiona" }, { note: "rest" }] });
    expect((await ask("finance", "/v1/invoices/RG-000001")).body).toBe(before);
  });

  it("refuses an amount that the currency does not have, and a document that is not there", async () => {
    const { ask } = await api();
    const post = (url: string, payload: object) => ask("finance", url, { method: "POST", payload });
    await post("/v1/closings", { period: "2026-03" });

    expect((await post("/v1/invoices/RG-000001/payments", { amount: "1.001" })).json().code).toBe("REQUEST_INVALID");
    expect((await post("/v1/invoices/RG-000777/payments", { amount: "1.00" })).json().code).toBe("NOT_FOUND");
    expect((await ask("reader", "/v1/invoices/RG-000002/standing")).json().code).toBe("NOT_FOUND");
  });

  it("ends when it is written off", async () => {
    const { ask } = await api();
    const post = (url: string, payload: object) => ask("finance", url, { method: "POST", payload });
    await post("/v1/closings", { period: "2026-03" });

    expect((await post("/v1/invoices/RG-000001/write-off", { note: "insolvent" })).json()).toMatchObject({
      state: "written off",
      open: "6.72",
    });
  });
});
