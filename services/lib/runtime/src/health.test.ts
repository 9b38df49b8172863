import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
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

describe("whoever asks", () => {
  const METRICS = metrics("poller", { failed: counter("polls_failed", "Polls that gave nothing.") });

  /** What comes back for bytes that are sent as they are, part by part. */
  const raw = async (...parts: readonly string[]): Promise<string> => {
    await using listener = await health({ port: 0, metrics: [METRICS], ready: {} });
    const socket = connect(listener.port, "127.0.0.1");
    await once(socket, "connect");
    for (const part of parts) await new Promise((sent) => socket.write(part, sent));
    return await text(socket);
  };

  it("is answered however its question comes in", async () => {
    const whole = await raw("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");

    expect(whole).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*content-length: 3\r\n[\s\S]*connection: close\r\n\r\nok\n$/);
    expect(await raw("GET /heal", "thz HTTP/1.0\r", "\nHost: a\r\n\r", "\n")).toBe(whole);
  });

  it("is told the length of an answer, and no more, where it asks for the head", async () => {
    const head = await raw("HEAD /metrics HTTP/1.1\r\n\r\n");

    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*content-length: [1-9]\d*\r\n[\s\S]*\r\n\r\n$/);
  });

  it.each([
    ["a method that changes something", "POST /healthz HTTP/1.1\r\n\r\n", "HTTP/1.1 405"],
    ["another protocol", "\u0016\u0003\u0001 hello\r\n\r\n", "HTTP/1.1 400"],
    ["a question without an end", `GET / HTTP/1.1\r\n${"a".repeat(20_000)}`, "HTTP/1.1 400"],
  ])("gets no for %s", async (_, said, says) => {
    expect((await raw(said)).startsWith(says)).toBe(true);
  });

  it("may hang up in the middle, and hold a connection, and the others are answered and the end does not wait", async () => {
    const listener = await health({ port: 0, metrics: [METRICS], ready: {} });
    connect(listener.port, "127.0.0.1").end("GET /met").destroy();
    const silent = connect(listener.port, "127.0.0.1");
    await once(silent, "connect");

    const response = await fetch(`http://127.0.0.1:${listener.port}/healthz`);
    await response.text();
    const hungUp = once(silent, "close");
    await listener[Symbol.asyncDispose]();
    await hungUp;

    expect(response.status).toBe(200);
  });
});
