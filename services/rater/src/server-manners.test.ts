import { gunzipSync } from "node:zlib";
import { silentLog } from "@raingauge/runtime";
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import { api } from "./fixtures/api.ts";
import { APRIL, busyCloud, ZONE } from "./fixtures/cloud.ts";
import { raterMetrics } from "./metrics.ts";
import { server } from "./server.ts";

describe("a request", () => {
  it("is called in the answer, in a problem and in the log as its caller called it", async () => {
    const { ask, facts } = await api();
    const headers = { "x-request-id": "req-of-somebody" };

    const answer = await ask("admin", "/v1/tokens/nobody", { method: "DELETE", headers });

    expect(answer.headers).toMatchObject({
      "x-request-id": "req-of-somebody",
      "x-openstack-request-id": "req-of-somebody",
    });
    expect(answer.json()).toMatchObject({ code: "NOT_FOUND", request: "req-of-somebody" });
    expect(facts).toMatchObject([{ fields: { request: "req-of-somebody" } }]);
  });

  it.each(["", "short", "a b c d e f g h", "x".repeat(200)])("gets a name of ours instead of %j", async (id) => {
    const { ask } = await api();

    const answer = await ask(undefined, "/healthz", { headers: { "x-request-id": id } });

    expect(answer.headers["x-request-id"]).toMatch(/^req-[0-9a-f-]{36}$/);
  });

  it("that takes compressed answers gets what is long compressed, and the same", async () => {
    const { ask } = await api();

    const plain = await ask("admin", "/v1/meters");
    const packed = await ask("admin", "/v1/meters", { headers: { "accept-encoding": "gzip" } });

    expect([packed.headers["content-encoding"], packed.headers.etag]).toEqual(["gzip", plain.headers.etag]);
    expect(gunzipSync(packed.rawPayload).toString()).toBe(plain.body);
  });
});

describe("too many requests", () => {
  it("of one caller are refused until the minute is over, and nobody else's", async () => {
    const made = await busyCloud();
    const { bus } = await api();
    const app = await server({
      ...made,
      bus,
      calendar: { zone: ZONE, clock: () => APRIL },
      book: "standard",
      requestsPerMinute: 2,
      log: silentLog,
      metrics: raterMetrics(),
      ready: {},
    });
    const [one, other] = [
      await made.ledger.grant({ name: "one", role: "admin", projects: [] }),
      await made.ledger.grant({ name: "other", role: "admin", projects: [] }),
    ];
    const ask = (token: string) => app.inject({ url: "/v1/meters?limit=1", headers: { "x-auth-token": token } });

    const answers = [await ask(one), await ask(one), await ask(one), await ask(other)];

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 429, 200]);
    expect(answers[2]?.json()).toMatchObject({ code: "RATE_LIMITED" });
    expect(Number(answers[2]?.headers["retry-after"])).toBeGreaterThan(0);
    expect((await app.inject("/healthz")).statusCode).toBe(200);
  });
});

describe("the reference", () => {
  it("is a valid OpenAPI 3.1 document", async () => {
    const { ask } = await api();

    const result = await new Validator().validate((await ask(undefined, "/openapi.json")).json());

    expect(result).toMatchObject({ valid: true });
  });

  it("is in chapters, each by its noun", async () => {
    const { ask } = await api();

    const { paths } = (await ask(undefined, "/reference/json")).json();

    expect(paths["/v1/invoices/{number}/verify"].get.tags).toEqual(["invoices"]);
    expect(paths["/invoices/{number}"].get.tags).toEqual(["pages"]);
    expect(paths["/healthz"].get.tags).toEqual(["process"]);
  });

  it("is read as a page that takes nothing from elsewhere", async () => {
    const { app } = await api();

    const page = await app.inject("/reference/");
    const parts = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = ""]) => address);
    const answers = await Promise.all(
      parts.map((part) => app.inject(new URL(part, "http://here/reference/").pathname)),
    );

    expect(page.statusCode).toBe(200);
    expect(parts.filter((part) => /^(https?:)?\/\//.test(part))).toEqual([]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 200));
    expect(parts.some((part) => part.endsWith("raingauge.css"))).toBe(true);
    expect(page.headers["content-security-policy"]).toContain("default-src 'self'");
  });
});
