import { describe, expect, it } from "vitest";
import { type Check, health } from "./health.ts";
import { counter, metrics } from "./metrics.ts";

const asked = async (
  path: string,
  ready: Readonly<Record<string, Check>> = {},
): Promise<{ status: number; body: string }> => {
  const instruments = metrics("poller", { failed: counter("polls_failed", "Polls that gave nothing.") });
  await using listener = await health({ port: 0, metrics: [instruments], ready });
  const response = await fetch(`http://127.0.0.1:${listener.port}${path}`);
  return { status: response.status, body: await response.text() };
};

describe("health", () => {
  it("says that the process is alive even where it is not ready", async () => {
    expect(await asked("/healthz", { bus: () => "not connected" })).toEqual({ status: 200, body: "ok\n" });
  });

  it("is ready when every part is", async () => {
    expect(await asked("/readyz", { bus: () => undefined, store: async () => undefined })).toEqual({
      status: 200,
      body: "ok\n",
    });
  });

  it("says which part is not ready and why, also when the part cannot even be asked", async () => {
    const told = await asked("/readyz", {
      bus: () => "not connected",
      disk: () => undefined,
      store: () => Promise.reject(new Error("the file is locked")),
    });

    expect(told).toEqual({ status: 503, body: "bus: not connected\nstore: the file is locked\n" });
  });

  it("says of a part that gives no answer that it gives none, rather than keep waiting whoever asks", async () => {
    const told = await asked("/readyz", { bus: () => new Promise(() => {}), disk: () => undefined });

    expect(told).toEqual({ status: 503, body: "bus: does not answer\n" });
  });

  it("shows the metrics", async () => {
    const { body } = await asked("/metrics?x=1");

    expect(body).toContain("poller_polls_failed_total 0");
  });

  it("says what there is where nothing is", async () => {
    expect((await asked("/")).status).toBe(404);
  });
});
