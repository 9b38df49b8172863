import type { AddressInfo } from "node:net";
import { at, type Instant } from "@raingauge/domain";
import { Secret, silentLog } from "@raingauge/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Api, api } from "../fixtures/api.ts";
import { Browser, type Visit } from "../fixtures/browser.ts";
import { APRIL, busyCloud } from "../fixtures/cloud.ts";
import { CLIENT, type Issuer, issuer } from "../fixtures/issuer.ts";
import { signOn } from "./sign-on.ts";

const ACCOUNT = {
  name: "Globex Ltd",
  mode: "internal",
  members: [{ kind: "project", id: "globex" }],
  currency: "EUR",
  book: "standard",
  zone: "UTC",
};

let provider: Issuer;
let made: Api;
let url: string;
let now: Instant = APRIL;

beforeAll(async () => {
  const cloud = await busyCloud();
  // The address that browsers are sent back to must be known before the server is: so a port is taken first.
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  provider = await issuer(url);
  const settings = {
    issuer: new URL(provider.url),
    clientId: CLIENT.id,
    clientSecret: new Secret(CLIENT.secret),
    publicUrl: new URL(url),
    sessionKey: new Secret("k".repeat(40)),
    sessionSeconds: 3_600,
    scopes: ["openid", "profile"],
    claims: {
      roles: "realm_access.roles",
      projects: "projects",
      accounts: "accounts",
      admin: ["raingauge-admin"],
      finance: ["raingauge-finance"],
      reader: ["raingauge-reader"],
    },
  };
  const clock = (): Instant => now;
  made = await api(cloud, undefined, clock, undefined, signOn(settings, { log: silentLog, clock }));
  await made.ask("admin", "/v1/accounts/globex-ltd?validFrom=2026-01-01T00:00:00Z", {
    method: "PUT",
    payload: ACCOUNT,
  });
  await made.ask("finance", "/v1/closings", { method: "POST", payload: { period: "2026-03" } });
  await made.app.listen({ host: "127.0.0.1", port });
});

afterAll(async () => {
  await made.app.close();
  await provider[Symbol.asyncDispose]();
});

async function freePort(): Promise<number> {
  const { createServer } = await import("node:net");
  const held = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => held.once("listening", resolve));
  const { port } = held.address() as AddressInfo;
  await new Promise((resolve) => held.close(resolve));
  return port;
}

/** Opens a page, signs in where that is asked for, and is back at the page. */
async function signedIn(name: string, path = "/invoices"): Promise<{ browser: Browser; page: Visit }> {
  const browser = new Browser();
  const asked = await browser.open(`${url}${path}`);
  const agreeing = await browser.submit(asked, { login: name, password: "any" });
  return { browser, page: await browser.submit(agreeing) };
}

/** What a page answers to a browser's cookies, without going where it sends them. */
async function visited(browser: Browser): Promise<[number, string | null]> {
  const cookie = `raingauge-session=${browser.cookie(url, "raingauge-session")}`;
  const answer = await fetch(`${url}/invoices`, { redirect: "manual", headers: { accept: "text/html", cookie } });
  return [answer.status, answer.headers.get("location")];
}

describe("somebody who opens a page", () => {
  it("signs in at the issuer and comes back to it", async () => {
    const { page } = await signedIn("fiona", "/invoices/RG-000001");

    expect([page.status, page.url]).toEqual([200, `${url}/invoices/RG-000001`]);
  });

  it("of finance sees every invoice, and is named with a way to sign out", async () => {
    const { page } = await signedIn("fiona");

    expect(page.text).toContain("RG-000001");
    expect(page.text).toContain("RG-000002");
    expect(page.text).toMatch(/fiona <form method="post" action="\/sign-out">/);
    expect(page.headers.get("content-security-policy")).toContain(`form-action 'self' ${provider.url}`);
  });

  it.each([
    ["rita", "of the projects that the issuer names", "RG-000001", "RG-000002"],
    ["carl", "of the accounts that it names", "RG-000002", "RG-000001"],
  ])("%s sees what is %s, and nothing else", async (name, _, own, foreign) => {
    const { browser, page } = await signedIn(name);

    expect(page.text).toContain(own);
    expect(page.text).not.toContain(foreign);
    expect((await browser.open(`${url}/invoices/${foreign}`)).status).toBe(404);
    expect((await browser.open(`${url}/v1/invoices/${own}/documents/ubl`)).status).not.toBe(403);
  });

  it("who has no role here is told so, and gets no session", async () => {
    const { browser, page } = await signedIn("nils");

    expect(page.status).toBe(403);
    expect(browser.cookie(url, "raingauge-session")).toBeUndefined();
  });

  it("is asked again when the session has ended", async () => {
    const { browser } = await signedIn("fiona");

    now = at(APRIL + 3_601_000);
    const answer = await visited(browser);
    now = APRIL;

    expect(answer).toEqual([303, "/sign-in?back=%2Finvoices"]);
  });

  it("who signs out sees nothing any more, here and at the issuer", async () => {
    const { browser, page } = await signedIn("fiona");

    const leaving = await browser.submit(page);
    const left = await browser.submit(leaving, { logout: "yes" });
    const again = await browser.open(`${url}/invoices`);

    expect(left.text).toContain("Signed out");
    expect(again.text).toMatch(/name="login"/);
  });

  it("sees what the month costs so far", async () => {
    const { page } = await signedIn("rita", "/costs");

    expect([page.status, page.text.includes("Costs so far"), page.text.includes("globex")]).toEqual([200, true, false]);
  });
});

describe("a session", () => {
  it("is worth nothing for a write: a browser sends it along whoever wrote the page that asks", async () => {
    const { browser } = await signedIn("fiona");

    const answer = await fetch(`${url}/v1/closings`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        cookie: `raingauge-session=${browser.cookie(url, "raingauge-session")}`,
      },
      body: JSON.stringify({ period: "2026-03" }),
    });

    expect(answer.status).toBe(401);
  });

  it("that somebody wrote themselves is none", async () => {
    const { browser } = await signedIn("rita");
    const [, signature = ""] = decodeURIComponent(browser.cookie(url, "raingauge-session") ?? "").split(".");
    const forged = Buffer.from(
      JSON.stringify({ subject: "rita", name: "rita", role: "admin", projects: [], accounts: [], until: APRIL * 2 }),
    ).toString("base64url");
    browser.bring(url, "raingauge-session", encodeURIComponent(`${forged}.${signature}`));

    expect(await visited(browser)).toEqual([303, "/sign-in?back=%2Finvoices"]);
  });

  it("is not begun by an answer that nobody asked for", async () => {
    const answer = await fetch(`${url}/sign-in/callback?code=stolen&state=guessed`);

    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([403, "SIGN_ON_FAILED"]);
  });

  it("leads nowhere but to pages of ours", async () => {
    const browser = new Browser();
    const asked = await browser.open(`${url}/sign-in?back=${encodeURIComponent("//evil.example/x")}`);
    const agreeing = await browser.submit(asked, { login: "fiona", password: "any" });

    expect((await browser.submit(agreeing)).url).toBe(`${url}/invoices`);
  });
});

it("a program that brings nothing is told so, and is not sent to a page", async () => {
  const answer = await fetch(`${url}/v1/meters`);

  expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="Raingauge"']);
});
