import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryBus } from "@raingauge/bus/memory";
import { instant } from "@raingauge/domain";
import type { Server } from "@raingauge/harness";
import { memoryLedger } from "@raingauge/ledger/memory";
import { cloudFrom } from "@raingauge/openstack";
import { openIdentity, raterMetrics, server } from "@raingauge/rater";
import { silentLog } from "@raingauge/runtime";
import { memoryStore } from "@raingauge/store/memory";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keystone, keystoneLacks, PASSWORD } from "./keystone.ts";

/** Callers whom a real Keystone knows. Run by hand: RAINGAUGE_PEERS=1 npx vitest run test/peers/identity.test.ts */
const reason =
  process.env["RAINGAUGE_PEERS"] === undefined
    ? "run by hand, with RAINGAUGE_PEERS=1"
    : keystoneLacks().length > 0
      ? `apt-get install ${keystoneLacks().join(" ")}`
      : undefined;

const CACHE_SECONDS = 1;
const ATTEMPTS_MAX = 10;

describe.skipIf(reason !== undefined)(
  `callers of a real Keystone${reason === undefined ? "" : ` (skipped: ${reason})`}`,
  { timeout: 120_000 },
  () => {
    const scratch = mkdtempSync(join(tmpdir(), "raingauge-identity-"));
    let peer: Server;
    let door: Awaited<ReturnType<typeof opened>>;

    beforeAll(async () => {
      peer = await keystone();
      door = await opened(peer.url, scratch);
    }, 300_000);
    afterAll(async () => {
      await door?.close();
      await peer?.[Symbol.asyncDispose]();
      rmSync(scratch, { recursive: true, force: true });
    });

    it("a member's token reads, and only that", async () => {
      const { token } = await signIn(peer.url, "olga", { project: { name: "other", domain: { id: "default" } } });

      expect([await door.ask(token), await door.ask(token, "/v1/audit")]).toEqual([200, 403]);
    });

    it.each([
      ["a project", { project: { name: "admin", domain: { id: "default" } } }, [200, 200]],
      ["the system", { system: { all: true } }, [200, 200]],
      ["a domain, where nobody is more than a reader", { domain: { id: "default" } }, [200, 403]],
    ])("an administrator's token for %s", async (_, scope, expected) => {
      if ("domain" in scope) await assignDomain(peer.url);
      const { token } = await signIn(peer.url, "admin", scope);

      expect([await door.ask(token), await door.ask(token, "/v1/audit")]).toEqual(expected);
    });

    it("a token for nothing is known and may do nothing; one that is none is unknown", async () => {
      const { token } = await signIn(peer.url, "olga", "unscoped");

      expect([await door.ask(token), await door.ask("gAAAAABnonsense")]).toEqual([403, 401]);
    });

    it("a token that Keystone takes back works no longer than an answer is believed", async () => {
      const { token } = await signIn(peer.url, "olga", { project: { name: "other", domain: { id: "default" } } });
      const before = await door.ask(token);

      await call(peer.url, "DELETE", "/auth/tokens", token, undefined, { "x-subject-token": token });

      await expect.poll(() => door.ask(token), { timeout: 60_000, interval: 200 }).toBe(401);
      expect(before).toBe(200);
    });

    it("an application credential reads over Basic, until it is deleted", async () => {
      const { token, user } = await signIn(peer.url, "olga", { project: { name: "other", domain: { id: "default" } } });
      const made = await call(peer.url, "POST", `/users/${user}/application_credentials`, token, {
        application_credential: { name: "grafana", roles: [{ name: "member" }] },
      });
      const { id, secret } = (await jsonOf<{ application_credential: { id: string; secret: string } }>(made))
        .application_credential;
      const basic = `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
      const before = await door.askWith({ authorization: basic });

      await call(peer.url, "DELETE", `/users/${user}/application_credentials/${id}`, token);

      await expect.poll(() => door.askWith({ authorization: basic }), { timeout: 60_000, interval: 200 }).toBe(401);
      expect(before).toBe(200);
    });
  },
);

async function opened(url: string, scratch: string) {
  const file = join(scratch, "clouds.yaml");
  const auth = `{auth_url: "${url}", username: admin, password: ${PASSWORD}, project_name: admin, user_domain_id: default, project_domain_id: default}`;
  writeFileSync(file, `clouds:\n  peer:\n    region_name: RegionOne\n    auth: ${auth}\n`);
  const clock = () => instant("2026-04-02T06:00:00Z");
  const ledger = memoryLedger({ clock });
  const stop = new AbortController();
  const identity = openIdentity(
    {
      keystoneCloud: cloudFrom({ OS_CLIENT_CONFIG_FILE: file }, "peer"),
      keystoneCacheSeconds: CACHE_SECONDS,
      keystoneAdminRoles: ["admin"],
      keystoneFinanceRoles: ["finance"],
      keystoneReaderRoles: ["reader", "member"],
      keystoneServiceRoles: ["service"],
    },
    { ledger, log: silentLog, signal: stop.signal },
  );
  const app = await server({
    ledger,
    identity,
    store: memoryStore({ clock }),
    bus: memoryBus(),
    calendar: { zone: "UTC", clock },
    book: "standard",
    log: silentLog,
    metrics: raterMetrics(),
    ready: {},
  });
  /** A Keystone on a machine that has much to do may not answer in time; who is told so asks again. */
  const askWith = async (headers: Record<string, string>, path = "/v1/meters?limit=1"): Promise<number> => {
    for (let attempt = 1; ; attempt += 1) {
      const { statusCode } = await app.inject({ url: path, headers });
      if (statusCode !== 503 || attempt === ATTEMPTS_MAX) return statusCode;
    }
  };
  return {
    askWith,
    ask: (token: string, path?: string) => askWith({ "x-auth-token": token }, path),
    async close() {
      await app.close();
      stop.abort();
      await identity[Symbol.asyncDispose]();
    },
  };
}

const call = (
  url: string,
  method: string,
  path: string,
  token: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${url}${path}`, {
    method,
    headers: { "content-type": "application/json", "x-auth-token": token, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

/** The shape is Keystone's own promise; nothing is computed from it. */
const jsonOf = async <T>(answer: Response): Promise<T> => (await answer.json()) as T;

async function signIn(url: string, name: string, scope: object | "unscoped") {
  const user = { name, domain: { id: "default" }, password: PASSWORD };
  const answer = await call(url, "POST", "/auth/tokens", "", {
    auth: { identity: { methods: ["password"], password: { user } }, scope },
  });
  const { token } = await jsonOf<{ token?: { user: { id: string } } }>(answer);
  return { token: answer.headers.get("x-subject-token") ?? "", user: String(token?.user.id) };
}

/** So that the administrator can ask for a token of the domain. */
async function assignDomain(url: string): Promise<void> {
  const { token, user } = await signIn(url, "admin", { project: { name: "admin", domain: { id: "default" } } });
  const { roles } = await jsonOf<{ roles: { id: string }[] }>(await call(url, "GET", "/roles?name=admin", token));
  await call(url, "PUT", `/domains/default/users/${user}/roles/${roles[0]?.id}`, token);
}
