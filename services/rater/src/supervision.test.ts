import { EVERYTHING } from "@raingauge/domain";
import { silentLog } from "@raingauge/runtime";
import { describe, expect, it } from "vitest";
import { api } from "./fixtures/api.ts";
import { closed } from "./fixtures/closed-api.ts";
import { APRIL, cloud, ZONE } from "./fixtures/cloud.ts";
import { raterMetrics } from "./metrics.ts";
import { server } from "./server.ts";

describe("supervision", () => {
  it("says which part is not ready and why", async () => {
    const made = await cloud();
    const app = await server({
      ...made,
      bus: (await api()).bus,
      calendar: { zone: ZONE, clock: () => APRIL },
      book: "standard",
      log: silentLog,
      metrics: raterMetrics(),
      ready: {
        ledger: () => undefined,
        store: () => "is being opened",
        bus: () => Promise.reject(new Error("refused")),
      },
    });

    const answer = await app.inject("/readyz");

    expect([answer.statusCode, answer.json()]).toEqual([
      503,
      { ready: false, missing: { store: "is being opened", bus: "refused" } },
    ]);
    expect((await app.inject("/healthz")).statusCode).toBe(200);
  });

  it("counts answers by route and status, and names no project and no caller", async () => {
    const { ask } = await api();
    await ask("reader", "/v1/usage?project=acme");
    await ask(undefined, "/v1/usage");

    const { body } = await ask(undefined, "/metrics");

    expect(body).toContain('rater_requests_answered_total{method="GET",route="/v1/usage",status="200"} 1');
    expect(body).toContain('rater_requests_answered_total{method="GET",route="/v1/usage",status="401"} 1');
    expect(body).not.toMatch(/acme|rita/);
  });

  it("does not let a route start that does not say whom it admits", async () => {
    const { app } = await api();

    expect(() => app.get("/forgotten", async () => "all invoices")).toThrow("does not say whom it admits");
  });

  it("keeps issued invoices out of reach of any method that would change them", async () => {
    const { ask, ledger } = await closed();
    const before = await ledger.invoices({}, EVERYTHING);

    for (const method of ["PUT", "PATCH", "DELETE", "POST"] as const) {
      expect((await ask("admin", "/v1/invoices/RG-000001", { method })).statusCode).toBe(404);
    }

    expect(await ledger.invoices({}, EVERYTHING)).toEqual(before);
  });
});
