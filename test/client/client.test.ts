import { readFileSync, writeFileSync } from "node:fs";
import { memoryBus } from "@raingauge/bus/memory";
import { raingauge } from "@raingauge/client";
import { typesOf } from "@raingauge/client/types-of";
import { instant } from "@raingauge/domain";
import { memoryLedger } from "@raingauge/ledger/memory";
import { raterMetrics, server } from "@raingauge/rater";
import { silentLog } from "@raingauge/runtime";
import { memoryStore } from "@raingauge/store/memory";
import { describe, expect, it } from "vitest";

const PATHS = new URL("../../services/lib/client/src/paths.ts", import.meta.url);
const NOW = instant("2026-04-02T06:00:00Z");

async function served() {
  const clock = () => NOW;
  const ledger = memoryLedger({ clock });
  const app = await server({
    ledger,
    store: memoryStore({ clock }),
    bus: memoryBus(),
    calendar: { zone: "UTC", clock },
    book: "standard",
    log: silentLog,
    metrics: raterMetrics(),
    ready: {},
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  const token = await ledger.grant({ name: "anna", role: "admin", projects: [] });
  return { app, door: { url, token }, [Symbol.asyncDispose]: () => app.close() };
}

describe("the client", () => {
  it("is typed as the API describes itself now (UPDATE=1 writes its types)", async () => {
    await using api = await served();
    const types = await typesOf((await api.app.inject("/openapi.json")).json());
    if (process.env["UPDATE"] === "1") writeFileSync(PATHS, types);

    expect(readFileSync(PATHS, "utf8")).toBe(types);
  });

  it("asks with parameters and gets what is typed", async () => {
    await using api = await served();

    const { data } = await raingauge(api.door).GET("/v1/meters", { params: { query: { limit: 3 } } });

    expect(data?.items).toHaveLength(3);
    expect(data?.items[0]?.kind).toBe("gauge");
  });

  it("gives back a problem with its code", async () => {
    await using api = await served();
    const client = raingauge(api.door);

    const { error } = await client.GET("/v1/invoices/{number}", { params: { path: { number: "RG-000009" } } });

    expect(error).toMatchObject({ code: "NOT_FOUND" });
  });
});
