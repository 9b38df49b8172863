import { readFileSync } from "node:fs";
import { LedgerUnavailable } from "@raingauge/ledger";
import { StoreUnavailable } from "@raingauge/store";
import { describe, expect, it } from "vitest";
import { api } from "./fixtures/api.ts";
import { busyCloud } from "./fixtures/cloud.ts";

const EXAMPLE = readFileSync(new URL("../../../docs/examples/price-book.yaml", import.meta.url), "utf8");

describe("what goes wrong", () => {
  it.each([
    ["GET", "/v1/usage?period=March", "REQUEST_INVALID", 400],
    ["GET", "/v1/usage?period=2026-03-02T00:00:00Z/2026-03-01T00:00:00Z", "REQUEST_INVALID", 400],
    ["GET", "/v1/usage?period=2020-01-01T00:00:00Z/2026-03-01T00:00:00Z", "REQUEST_INVALID", 400],
    ["GET", "/v1/usage?group=constructor", "REQUEST_INVALID", 400],
    ["GET", "/v1/usage?limit=0", "REQUEST_INVALID", 400],
    ["GET", "/v1/samples", "REQUEST_INVALID", 400],
    ["GET", "/v1/costs?period=2026-13", "REQUEST_INVALID", 400],
    ["GET", "/v1/invoices/RG-000001/lines/first/why", "REQUEST_INVALID", 400],
    ["GET", "/v1/invoices/%00", "REQUEST_INVALID", 400],
    ["GET", "/v1/invoices?project=a%00b", "REQUEST_INVALID", 400],
    ["GET", "/v1/invoices/%F0", "REQUEST_INVALID", 400],
    ["GET", "/v1/invoices/RG-000009", "NOT_FOUND", 404],
    ["GET", "/v1/nothing", "NOT_FOUND", 404],
    ["POST", "/v1/rejected/7/replay", "NOT_FOUND", 404],
  ] as const)("%s %s is %s", async (method, url, code, status) => {
    const { ask } = await api();

    const answer = await ask("admin", url, { method });

    expect([answer.statusCode, answer.json().code, answer.json().type]).toEqual([
      status,
      code,
      `urn:raingauge:problem:${code}`,
    ]);
  });

  it.each([
    [{ period: "2026-04" }, "PERIOD_OPEN", 409],
    [{ period: "2025-03" }, "PRICE_BOOK_MISSING", 409],
    [{ period: "2026-03", extra: true }, "REQUEST_INVALID", 400],
    [{}, "REQUEST_INVALID", 400],
    ["period=2026-03", "MEDIA_TYPE_UNSUPPORTED", 415],
  ])("closing with %j is %s", async (payload, code, status) => {
    const { ask } = await api();

    const answer = await ask("finance", "/v1/closings", { method: "POST", payload });

    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  });

  it("of a price book is said all at once, with the lines", async () => {
    const { ask } = await api();
    const payload = EXAMPLE.replace("\n    amount: 0.01", "\n    amount: cheap").replace(
      "flavor: m1.small",
      "flavour: m1.small",
    );

    const answer = await ask("admin", "/v1/price-books?validFrom=2026-06-01T00:00:00Z", {
      method: "POST",
      payload,
      headers: { "content-type": "application/yaml" },
    });

    expect([answer.statusCode, answer.json().code]).toEqual([422, "PRICE_BOOK_INVALID"]);
    expect(answer.json().errors.length).toBeGreaterThanOrEqual(2);
  });

  it("in a published version that is given other content is a conflict", async () => {
    const { ask } = await api();
    const publish = (payload: string) =>
      ask("admin", "/v1/price-books?validFrom=2026-06-01T00:00:00Z", {
        method: "POST",
        payload,
        headers: { "content-type": "application/yaml" },
      });
    await publish(EXAMPLE);

    expect((await publish(EXAMPLE.replace("\n    amount: 0.01", "\n    amount: 0.02"))).json().code).toBe("CONFLICT");
  });

  it.each([
    ["a store that cannot be reached", new StoreUnavailable("duckdb at /secret/path"), 503, "STORE_UNAVAILABLE"],
    ["a ledger that cannot be reached", new LedgerUnavailable("postgres://u:p@host"), 503, "LEDGER_UNAVAILABLE"],
    ["a defect", new TypeError("/secret/path is undefined"), 500, "INTERNAL"],
  ])("with %s is said without a word of the inside", async (_, error, status, code) => {
    const made = await busyCloud();
    const { ask } = await api({
      ...made,
      store: {
        ...made.store,
        measure: async () => {
          throw error;
        },
      },
    });

    const answer = await ask("admin", "/v1/usage");

    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
    expect(answer.body).not.toMatch(/secret|postgres/);
  });

  it("never hides a defect from the log", async () => {
    const made = await busyCloud();
    const error = new TypeError("measure is broken");
    const { ask, facts } = await api({
      ...made,
      store: {
        ...made.store,
        measure: async () => {
          throw error;
        },
      },
    });

    await ask("admin", "/v1/usage");

    expect(facts).toEqual([
      { fact: "request failed", fields: { request: "req-of-a-test", method: "GET", route: "/v1/usage", error } },
    ]);
  });
});
