import { readFileSync } from "node:fs";
import { EVERYTHING } from "@raingauge/domain";
import { LedgerUnavailable } from "@raingauge/ledger";
import { silentLog } from "@raingauge/runtime";
import { StoreUnavailable } from "@raingauge/store";
import { describe, expect, it } from "vitest";
import { type Api, api } from "./fixtures/api.ts";
import { APRIL, busyCloud, cloud, lived, march, ZONE } from "./fixtures/cloud.ts";
import { raterMetrics } from "./metrics.ts";
import { server } from "./server.ts";

const EXAMPLE = readFileSync(new URL("../../../docs/examples/price-book.yaml", import.meta.url), "utf8");

async function closed(): Promise<Api> {
  const made = await api();
  await made.ask("finance", "/v1/closings", { method: "POST", payload: { period: "2026-03" } });
  return made;
}

describe("the API answers", () => {
  it("what is measured", async () => {
    const { ask } = await api();

    expect((await ask("reader", "/v1/meters")).json().items).toContainEqual(
      expect.objectContaining({ name: "instance", kind: "gauge", unit: "instance", existence: true }),
    );
  });

  it("in which unit a meter is shown, by what it is also called, and who says it", async () => {
    const { ask } = await api();

    expect((await ask("reader", "/v1/meters")).json().items).toContainEqual(
      expect.objectContaining({
        name: "backup.size",
        unit: "B",
        shown: { unit: "GiB", factor: "1073741824" },
        isPriceable: true,
        aliases: ["volume.backup.size"],
        sources: expect.arrayContaining([expect.objectContaining({ by: "notification" })]),
      }),
    );
  });

  it("the same by an old name of a meter as by its own", async () => {
    const { ask } = await api();
    const both = async (path: string) => {
      const [own, old] = ["network.outgoing.bytes", "network.outgoing.bytes.delta"];
      return [await ask("reader", `${path}&meter=${own}`), await ask("reader", `${path}&meter=${old}`)] as const;
    };

    for (const path of ["/v1/usage?period=2026-03", "/v1/samples?period=2026-03"]) {
      const [own, old] = await both(path);
      expect(own.json().items).not.toEqual([]);
      expect(old.json()).toEqual(own.json());
    }
  });

  it("how much was used, with the evidence for it", async () => {
    const { ask } = await api();

    const { items } = (await ask("reader", "/v1/usage?period=2026-03&meter=ip.floating")).json();

    expect(items).toEqual([
      {
        region: "north",
        project: "acme",
        meter: "ip.floating",
        resource: "ip-1",
        dimensions: {},
        period: { start: "2026-02-28T23:00:00Z", end: "2026-03-31T22:00:00Z" },
        quantity: "86400000",
        unit: "ip·ms",
        evidence: {
          readings: 2,
          seenSeconds: 0,
          inferredSeconds: 86_400,
          afterEnd: 0,
          counterDropped: 0,
          end: { at: "2026-03-02T23:00:00Z", kind: "final" },
        },
      },
    ]);
  });

  it("how much was used in any part of a month, added up by whatever is asked", async () => {
    const { ask } = await api();

    const { items } = (
      await ask(
        "admin",
        "/v1/usage?period=2026-03-01T00:00:00Z/2026-03-05T13:00:00Z&meter=instance&group=project,dimension.flavor",
      )
    ).json();

    expect(items.map(({ by, quantity, usages }: Record<string, unknown>) => ({ by, quantity, usages }))).toEqual([
      { by: { project: "acme", "dimension.flavor": "large" }, quantity: String(10 * 3_600_000), usages: 1 },
      { by: { project: "acme", "dimension.flavor": "small" }, quantity: String(109 * 3_600_000), usages: 1 },
    ]);
  });

  it("what a month costs so far, with what no price covers", async () => {
    const { ask, say } = await api();
    await say(lived("acme", "vm-x", march(1), march(2), { dimensions: { flavor: "huge", state: "active" } }));

    const { items } = (await ask("reader", "/v1/costs?period=2026-03")).json();

    expect(items).toMatchObject([
      { month: "2026-03", project: "acme", currency: "EUR", total: "6.72", unpriced: [{ resource: "vm-x" }] },
    ]);
  });

  it("what was read, what there is and what happened", async () => {
    const { ask, say } = await api();
    const event = {
      id: "e-1",
      type: "compute.instance.create.end",
      region: "north",
      source: "nova",
      at: march(1),
      project: "acme",
      resource: "vm-1",
      resourceType: "instance",
      attributes: { name: "web" },
    };
    await say([], { events: [event] });

    expect((await ask("reader", "/v1/samples?meter=instance&period=2026-03&resource=vm-1")).json().items).toMatchObject(
      [
        { at: "2026-02-28T23:00:00Z", value: "1", stance: "states" },
        { at: "2026-03-10T23:00:00Z", stance: "ends" },
      ],
    );
    expect((await ask("reader", "/v1/resources?period=2026-03&type=instance")).json().items).toContainEqual(
      expect.objectContaining({ id: "vm-1", attributes: expect.objectContaining({ name: "web" }) }),
    );
    expect((await ask("reader", "/v1/events?period=2026-03")).json().items).toMatchObject([
      { id: "e-1", at: "2026-02-28T23:00:00Z" },
    ]);
    expect((await ask("finance", "/v1/projects?period=2026-03")).json()).toEqual({
      items: [{ id: "acme" }, { id: "globex" }],
    });
  });

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

describe("lists", () => {
  it("are cut into pages that hold every item once, whatever the size of a page", async () => {
    const { ask } = await api();
    const whole = (await ask("admin", "/v1/usage?period=2026-03")).json().items;
    for (const limit of [1, 2, 3, 100]) {
      const gathered: unknown[] = [];
      let cursor: string | undefined;
      do {
        const page = (
          await ask(
            "admin",
            `/v1/usage?period=2026-03&limit=${limit}${cursor === undefined ? "" : `&cursor=${cursor}`}`,
          )
        ).json();
        gathered.push(...page.items);
        cursor = page.next;
      } while (cursor !== undefined);

      expect(gathered).toEqual(whole);
    }
  });

  it("refuse a cursor that is none of theirs", async () => {
    const { ask } = await api();

    expect((await ask("admin", "/v1/meters?cursor=%21%21")).json()).toMatchObject({
      code: "REQUEST_INVALID",
      errors: [{ where: "querystring.cursor" }],
    });
  });

  it("say that nothing changed to who has the answer already", async () => {
    const { ask } = await api();
    const { headers } = await ask("reader", "/v1/meters");

    const again = await ask("reader", "/v1/meters", { headers: { "if-none-match": String(headers.etag) } });

    expect([again.statusCode, again.body]).toEqual([304, ""]);
  });
});

describe("tokens", () => {
  it.each([
    ["nothing", {}, "TOKEN_MISSING"],
    ["an unknown token", { authorization: "Bearer nonsense" }, "TOKEN_UNKNOWN"],
    ["an empty one", { "x-auth-token": "" }, "TOKEN_MISSING"],
    ["another scheme", { authorization: "Digest abc" }, "TOKEN_MISSING"],
    ["Basic without a password", { authorization: `Basic ${Buffer.from("rita").toString("base64")}` }, "TOKEN_MISSING"],
  ])("with %s every route but the public ones answers 401", async (_, headers, code) => {
    const { ask } = await api();

    const answer = await ask(undefined, "/v1/invoices", { headers });

    expect([answer.statusCode, answer.json().code, answer.headers["content-type"]]).toEqual([
      401,
      code,
      "application/problem+json",
    ]);
  });

  it("are taken as Bearer, as X-Auth-Token, and as the password of a browser", async () => {
    const { ask, tokens } = await api();
    const basic = Buffer.from(`anything:${tokens.reader}`).toString("base64");
    for (const headers of [
      { authorization: `Bearer ${tokens.reader}` },
      { "x-auth-token": tokens.reader },
      { authorization: `Basic ${basic}` },
    ]) {
      expect((await ask(undefined, "/invoices", { headers })).statusCode).toBe(200);
    }
  });

  it("of a browser can read but not write, since any page may make a browser send them", async () => {
    const { ask, tokens } = await api();
    const headers = { authorization: `Basic ${Buffer.from(`x:${tokens.admin}`).toString("base64")}` };

    expect(
      (await ask(undefined, "/v1/closings", { method: "POST", payload: { period: "2026-03" }, headers })).statusCode,
    ).toBe(401);
  });

  it("are asked for in the way that the asker can answer", async () => {
    const { ask } = await api();

    expect(
      (await ask(undefined, "/invoices", { headers: { accept: "text/html" } })).headers["www-authenticate"],
    ).toContain("Basic");
    expect((await ask(undefined, "/v1/invoices")).headers["www-authenticate"]).toContain("Bearer");
  });

  it("are made and ended by an admin, and work for just that long", async () => {
    const { ask, app } = await api();
    const request = { name: "auditor", role: "reader", projects: ["acme"] };
    const { token } = (await ask("admin", "/v1/tokens", { method: "POST", payload: request })).json();
    const headers = { authorization: `Bearer ${token}` };

    const before = await app.inject({ url: "/v1/projects?period=2026-03", headers });
    const ended = await ask("admin", "/v1/tokens/auditor", { method: "DELETE" });
    const after = await app.inject({ url: "/v1/projects?period=2026-03", headers });

    expect(before.json()).toMatchObject({ items: [{ id: "acme" }] });
    expect([ended.statusCode, after.statusCode]).toEqual([200, 401]);
  });

  it("that were revoked are unknown", async () => {
    const { ask, ledger } = await api();
    await ledger.revoke("rita");

    expect((await ask("reader", "/v1/meters")).json().code).toBe("TOKEN_UNKNOWN");
  });

  it("never appear in the log, nor does a query or a body", async () => {
    const { ask, facts, tokens } = await api();
    await ask("admin", "/v1/price-books?validFrom=2026-06-01T00:00:00Z", {
      method: "POST",
      payload: "hush: hush",
      headers: { "content-type": "application/yaml" },
    });

    expect(facts).toMatchObject([
      {
        fact: "request audited",
        fields: { caller: "root", role: "admin", method: "POST", path: "/v1/price-books", status: 422 },
      },
    ]);
    expect(JSON.stringify(facts)).not.toMatch(new RegExp(`${tokens.admin}|hush|validFrom`));
  });
});

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

describe("rejected messages", () => {
  const message = {
    id: "m-1",
    kind: "samples",
    region: "north",
    service: "nova",
    project: "globex",
    body: new TextEncoder().encode("{broken"),
  } as const;

  async function withReject(): Promise<Api> {
    const made = await api();
    await made.bus.publish(message);
    const stop = new AbortController();
    await made.bus.consume(
      async (deliveries) => {
        stop.abort();
        return deliveries.map(() => ({ reject: "not JSON" }));
      },
      { consumer: "test", batchMessages: 10, signal: stop.signal },
    );
    return made;
  }

  it("are listed for admins with the reason, and the look is written down", async () => {
    const { ask, facts } = await withReject();

    const { items } = (await ask("admin", "/v1/rejected")).json();

    expect(items).toMatchObject([{ reason: "not JSON", id: "m-1", project: "globex", bytes: 7 }]);
    expect(facts).toMatchObject([
      { fact: "request audited", fields: { caller: "root", path: "/v1/rejected", status: 200 } },
    ]);
  });

  it("are put back on the bus after a fix, once", async () => {
    const { ask } = await withReject();
    const [{ sequence }] = (await ask("admin", "/v1/rejected")).json().items;

    const answers = [
      await ask("admin", `/v1/rejected/${sequence}/replay`, { method: "POST" }),
      await ask("admin", `/v1/rejected/${sequence}/replay`, { method: "POST" }),
    ];

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 404]);
  });
});

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
