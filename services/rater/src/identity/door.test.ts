import { describe, expect, it } from "vitest";
import { api } from "../fixtures/api.ts";
import { cloud, lived, march } from "../fixtures/cloud.ts";
import { ACME, asking } from "../fixtures/keystone.ts";
import { inTurn } from "./identity.ts";
import { localTokens } from "./local-tokens.ts";

async function withKeystone() {
  const keystone = await asking();
  const made = await cloud();
  await made.say([...lived(ACME, "vm-1", march(1), march(2)), ...lived("globex", "vm-2", march(1), march(2))]);
  const opened = await api(made, inTurn(localTokens(made.ledger), keystone.identity));
  return { ...opened, ...keystone, [Symbol.asyncDispose]: () => keystone[Symbol.asyncDispose]() };
}

const PROJECTS = "/v1/projects?period=2026-03";

describe("the API beside a Keystone", () => {
  it("shows a token's own project to it, as X-Auth-Token and as Bearer", async () => {
    await using made = await withKeystone();
    made.fake.known.set("gAAAA", {});

    for (const headers of [{ "x-auth-token": "gAAAA" }, { authorization: "Bearer gAAAA" }]) {
      expect((await made.ask(undefined, PROJECTS, { headers })).json()).toEqual({ items: [{ id: ACME }] });
    }
  });

  it("takes an application credential over Basic to read, and not to write", async () => {
    await using made = await withKeystone();
    made.fake.credentials.set("id:secret", { roles: ["admin"] });
    const headers = { authorization: `Basic ${Buffer.from("id:secret").toString("base64")}` };

    const read = await made.ask(undefined, PROJECTS, { headers });
    const written = await made.ask(undefined, "/v1/tokens", {
      method: "POST",
      payload: { name: "x", role: "admin" },
      headers,
    });

    expect([read.statusCode, written.statusCode]).toEqual([200, 401]);
  });

  it("says that Keystone does not answer, and lets in whoever holds a local token", async () => {
    await using made = await withKeystone();
    made.fake.down = true;

    const asked = await made.ask(undefined, PROJECTS, { headers: { "x-auth-token": "gAAAA" } });
    const local = await made.ask("admin", PROJECTS);

    expect([asked.statusCode, asked.json().code, local.statusCode]).toEqual([503, "IDENTITY_UNAVAILABLE", 200]);
    expect(asked.body).not.toMatch(/127\.0\.0\.1|auth\/tokens/);
  });

  it("refuses whom Keystone knows and who has no role here", async () => {
    await using made = await withKeystone();
    made.fake.known.set("gAAAA", { roles: ["swift"] });

    const answer = await made.ask(undefined, PROJECTS, { headers: { "x-auth-token": "gAAAA" } });

    expect([answer.statusCode, answer.json().code]).toEqual([403, "ROLE_INSUFFICIENT"]);
  });

  it("writes down who wrote by name and Keystone's id", async () => {
    await using made = await withKeystone();
    made.fake.known.set("gAAAA", { roles: ["admin"] });

    await made.ask(undefined, "/v1/tokens/nobody", { method: "DELETE", headers: { "x-auth-token": "gAAAA" } });

    expect(made.facts).toMatchObject([
      { fact: "request audited", fields: { caller: "acme-user", user: "2163f8fe29de4aebadf402cda83ca4de" } },
    ]);
  });
});
