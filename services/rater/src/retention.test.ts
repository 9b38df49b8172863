import { describe, expect, it } from "vitest";
import { api } from "./fixtures/api.ts";
import { busyCloud, lived, march } from "./fixtures/cloud.ts";

async function frozenCloud() {
  const made = await busyCloud();
  await made.store.freeze(march(20));
  await made.say([...lived("acme", "vm-late", march(3), march(4)), ...lived("acme", "vm-1", march(11), march(12))]);
  return { ...made, ...(await api(made)) };
}

describe("retention", () => {
  it("is told of: from when on hours are measured, and since when those before are frozen", async () => {
    const { ask, store } = await frozenCloud();

    const state = (await ask("finance", "/v1/store")).json();

    expect(state.frozen.horizon).toBe("2026-03-19T23:00:00Z");
    expect(new Date(state.watermark).getTime()).toBe(await store.watermark());
    expect((await ask("reader", "/v1/store")).statusCode).toBe(403);
  });

  it("shows what came too late to those whose it is", async () => {
    const { ask } = await frozenCloud();

    const { items } = (await ask("admin", "/v1/late-readings?period=2026-03")).json();

    expect(items).toMatchObject([
      { project: "acme", meter: "instance", resource: "vm-1", readings: 2 },
      { project: "acme", meter: "instance", resource: "vm-late", readings: 2 },
    ]);
  });

  it("answers 410 to a question about readings as they were known before", async () => {
    const { ask } = await frozenCloud();

    const answer = await ask("admin", "/v1/samples?meter=instance&period=2026-03&asOf=2026-03-30T00:00:00Z");

    expect([answer.statusCode, answer.json().code]).toEqual([410, "READINGS_GONE"]);
  });
});
