import { describe, expect, it } from "vitest";
import { api } from "./fixtures/api.ts";

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
