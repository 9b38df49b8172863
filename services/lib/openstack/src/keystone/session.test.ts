import { setTimeout as pause } from "node:timers/promises";
import { inspect } from "node:util";
import { inPages, type Play, recordedCloud, recording, TOKENS } from "@raingauge/harness";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ApiError } from "./api-error.ts";
import type { Cloud } from "./cloud.ts";
import { type CloudSession, cloudSession, type SessionOptions } from "./session.ts";

const SERVERS = "GET /8774/v2.1/servers/detail";
const servers = { service: "compute", path: "/servers/detail", items: "servers", query: { all_tenants: "1" } };

describe("a session with a cloud", () => {
  it("walks a list page by page, each item once, whatever host the links name", async () => {
    const { session, cloud } = await opened({ [SERVERS]: inPages(recording("nova.servers_detail.latest"), "servers") });

    const pages = await Array.fromAsync(session.pages({ ...servers, pageItems: 5, microversion: "compute 2.69" }));

    const ids = pages.flatMap(({ items }) => items.map(({ id }) => id));
    expect(pages.map(({ items }) => items.length)).toEqual([5, 5, 5, 1]);
    expect(new Set(ids).size).toBe(16);
    const asked = cloud.asked.filter(({ method }) => method === "GET");
    expect(asked.every(({ query }) => query["all_tenants"] === "1")).toBe(true);
    expect(asked.every(({ headers }) => headers["openstack-api-version"] === "compute 2.69")).toBe(true);
  });

  it.each([
    ["nova.servers_detail.page1", { service: "compute", path: "/servers/detail", items: "servers" }, SERVERS],
    [
      "neutron.floatingips.page1",
      { service: "network", version: "v2.0", path: "/floatingips", items: "floatingips" },
      "GET /9696/v2.0/floatingips",
    ],
    [
      "glance.images.page1",
      { service: "image", version: "v2", path: "/images", items: "images" },
      "GET /9292/v2/images",
    ],
  ] as const)("follows the link of %s as it was recorded", async (name, list, question) => {
    const whole = recording(name);
    const rest = { ...whole, body: { [list.items]: [] } };
    const { session, cloud } = await opened({
      [question]: ({ query }) => (query["marker"] === undefined ? whole : rest),
    });

    const pages = await Array.fromAsync(session.pages({ ...list, pageItems: 2 }));

    const last = pages[0]?.items.at(-1);
    expect(pages.map(({ items }) => items.length)).toEqual([2, 0]);
    expect(cloud.asked.at(-1)?.query).toMatchObject({ limit: "2", marker: last?.["id"] });
  });

  it("walks a list that only counts what is skipped, and notices one that moved too far between two pages", async () => {
    const all = Array.from({ length: 50 }, (_, index) => ({ id: `s${index}` }));
    let removed = 0;
    const play: Play = ({ query: { limit = "", offset = "" } }) => {
      const left = all.slice(Number(offset) > 0 ? removed : 0);
      const page = left.slice(Number(offset), Number(offset) + Number(limit));
      return { status: 200, response_headers: [], body: { shares: page } };
    };
    const { session } = await opened({ "GET /8774/v2.1/shares": play });
    const list = { service: "compute", path: "/shares", items: "shares", paging: "offset", pageItems: 20 } as const;
    const walk = () => Array.fromAsync(session.pages(list));

    const ids = (await walk()).flatMap(({ items }) => items.map(({ id }) => id));
    removed = 5;
    const moved = (await walk()).flatMap(({ items }) => items.map(({ id }) => id));
    removed = 15;

    expect(new Set(ids)).toEqual(new Set(all.map(({ id }) => id)));
    expect(new Set(moved)).toEqual(new Set(all.map(({ id }) => id)));
    expect(await problem(walk())).toMatchObject({ code: "unreadable" });
  });

  it("walks a list that links no pages until one is empty, and one that links them aside", async () => {
    const page = (ids: readonly string[], links?: unknown) => ({
      ...{ status: 200, response_headers: [] },
      body: { stacks: ids.map((id) => ({ id })), ...(links === undefined ? {} : { links }) },
    });
    const { session } = await opened({
      "GET /8774/v2.1/stacks": ({ query: { marker } }) =>
        page(marker === undefined ? ["a", "b"] : marker === "b" ? ["c"] : []),
      "GET /8774/v2.1/zones": ({ query: { marker } }) =>
        marker === undefined
          ? page(["a"], { next: "http://nobody.invalid/zones?marker=a" })
          : page(["b"], { next: null }),
      "GET /8774/v2.1/databases": ({ query: { marker } }) =>
        marker === undefined
          ? page(["a"], [{ rel: "next", href: "http://nobody.invalid/databases?marker=a&limit=1" }])
          : page(["b"], []),
    });
    const walk = async (path: string, paging?: "last") => {
      const list = { service: "compute", path, items: "stacks", ...(paging === undefined ? {} : { paging }) };
      return (await Array.fromAsync(session.pages(list))).flatMap(({ items }) => items.map(({ id }) => id));
    };

    expect(await walk("/stacks", "last")).toEqual(["a", "b", "c"]);
    expect(await walk("/zones")).toEqual(["a", "b"]);
    expect(await walk("/databases")).toEqual(["a", "b"]);
  });

  it("asks an older service at the most that it speaks where that will do, and remembers it", async () => {
    const { session, cloud } = await opened({ [SERVERS]: speaking("2.60"), ...VERSIONS });
    const call = {
      service: "compute",
      path: "/servers/detail",
      microversion: "compute 2.87",
      microversionLeast: "2.1",
    };

    await session.get(call);
    await session.get(call);

    const asked = cloud.asked.filter(({ method }) => method === "GET");
    expect(asked.map(({ path, headers }) => [path, headers["openstack-api-version"]])).toEqual([
      ["/8774/v2.1/servers/detail", "compute 2.87"],
      ["/8774/v2.1/", undefined],
      ["/8774/v2.1/servers/detail", "compute 2.60"],
      ["/8774/v2.1/servers/detail", "compute 2.60"],
    ]);
  });

  it.each([
    ["that may not be older", { microversion: "compute 2.69" }],
    ["that may be older, but not so old", { microversion: "compute 2.69", microversionLeast: "2.61" }],
    ["by a header of its own", { headers: { "x-openstack-nova-api-version": "2.69" } }],
  ])("says what a service speaks that does not speak a version %s", async (_, version) => {
    const { session } = await opened({ [SERVERS]: speaking("2.60"), ...VERSIONS });

    expect(await problem(session.get({ ...servers, ...version }))).toMatchObject({
      code: "not_acceptable",
      message: expect.stringMatching(/servers\/detail: 406, compute speaks 2.1 to 2.60, and was asked at 2.69$/),
    });
  });

  it("says what was asked for where a service does not say what it speaks", async () => {
    const { session } = await opened({ [SERVERS]: speaking("2.60") });

    expect(await problem(session.get({ ...servers, microversion: "compute 2.69" }))).toMatchObject({
      code: "not_acceptable",
      message: expect.stringMatching(/at 2.69: 406, not spoken$/),
    });
  });

  it("ends a list whose pages go in circles", async () => {
    const { session } = await opened({ [SERVERS]: () => recording("nova.servers_detail.page1") });

    expect(await problem(Array.fromAsync(session.pages(servers)))).toMatchObject({ code: "unreadable" });
  });

  it("asks for one token, however many questions come at once, and never for more answers than it may", async () => {
    const { session, cloud } = await opened({ [SERVERS]: () => recording("nova.servers_detail.latest") });

    await Promise.all(Array.from({ length: 20 }, () => session.get(servers)));

    expect(tokensAsked(cloud)).toHaveLength(1);
    expect(cloud.togetherMax).toBeLessThanOrEqual(2);
  });

  it("renews its token before it expires", async () => {
    let now = Date.parse("2026-11-23T00:00:00Z");
    const play = { [SERVERS]: () => recording("nova.servers_detail.latest") };
    const { session, cloud } = await opened(play, { now: () => now });

    await session.get(servers);
    now += 23 * 3_600_000 + 49 * 60_000;
    await session.get(servers);
    expect(tokensAsked(cloud)).toHaveLength(1);
    now += 60_000;
    await session.get(servers);

    expect(tokensAsked(cloud)).toHaveLength(2);
  });

  it("asks for a new token once when a service does not take the one it has", async () => {
    let refusals = 0;
    const once: Play = () => (refusals++ === 0 ? recording("nova.401") : recording("nova.servers_detail.latest"));
    const { session, cloud } = await opened({ [SERVERS]: once });

    const { body } = await session.get(servers);

    expect(body["servers"]).toHaveLength(16);
    expect(tokensAsked(cloud)).toHaveLength(2);
  });

  it.each(troubles())(
    "tells %s by name, having asked again only where that may help",
    async (_, plays, code, questions) => {
      const { session, cloud } = await opened(plays);

      expect(await problem(session.get(servers))).toMatchObject({ name: "ApiError", code });
      expect(cloud.asked.filter(({ method }) => method === "GET")).toHaveLength(questions);
    },
  );

  it("gives up an answer that does not come", async () => {
    const { session } = await opened({ [SERVERS]: hanging }, { timeoutSeconds: 0.2, attemptsMax: 1 });

    expect(await problem(session.get(servers))).toMatchObject({ code: "timed_out" });
  });

  it("waits between attempts, longer each time and never twice the same, and as long as a service says", async () => {
    const pauses: number[] = [];
    const waits = (ms: number) => Promise.resolve(void pauses.push(ms));
    const patience = { pause: waits, random: () => 0.5 };
    const slowly = { ...answering(429)(), response_headers: [["Retry-After", "7"]] as const };
    const { session, cloud } = await opened({ [SERVERS]: answering(503) }, { attemptsMax: 4, patience });

    await problem(session.get(servers));
    cloud.play(SERVERS, () => slowly);
    await problem(session.get(servers));

    expect(pauses).toEqual([250, 500, 1_000, 7_250, 7_500, 8_000]);
  });

  it("asks nothing more once it is told to stop", async () => {
    const stop = new AbortController();
    const { session } = await opened({ [SERVERS]: hanging }, { signal: stop.signal });

    const asked = session.get(servers);
    stop.abort(new Error("stopped"));

    await expect(asked).rejects.toThrow("stopped");
  });

  it("says what the catalog has instead of what it has not", async () => {
    const { session } = await opened({}, {}, { region: "RegionTwo" });

    expect(await problem(session.get({ service: "compute", path: "/servers" }))).toMatchObject({
      code: "no_endpoint",
      message: expect.stringContaining("public endpoint of compute in RegionTwo, only admin in RegionOne"),
    });
  });

  it("shows neither password nor token, whatever is printed of it", async () => {
    const { session, description, cloud } = await opened({ [SERVERS]: answering(503) });
    const error = await problem(session.get(servers));

    const token = String(cloud.asked.at(-1)?.headers["x-auth-token"]);
    const shown = inspect([error, session, description], { depth: 10 }) + JSON.stringify([error, session, description]);
    expect(token.length).toBeGreaterThan(100);
    expect(shown).not.toContain(token);
    expect(shown).not.toContain("hunter2");
  });
});

async function opened(
  plays: Readonly<Record<string, Play>>,
  options: Partial<SessionOptions> = {},
  described: Partial<Cloud> = {},
) {
  const cloud = await recordedCloud(plays);
  const description: Cloud = {
    authUrl: cloud.authUrl,
    region: "RegionOne",
    interface: "public",
    verify: true,
    identity: {
      kind: "password",
      user: { name: "admin", domain: { id: "default" } },
      password: () => "hunter2",
      scope: { kind: "project", project: { name: "admin", domain: { id: "default" } } },
    },
    ...described,
  };
  const session: CloudSession = cloudSession(description, {
    timeoutSeconds: 10,
    endpointRequestsMax: 2,
    attemptsMax: 3,
    signal: new AbortController().signal,
    patience: { pause: () => pause(0), random: () => 0 },
    ...options,
  });
  onTestFinished(async () => {
    await session[Symbol.asyncDispose]();
    await cloud[Symbol.asyncDispose]();
  });
  return { session, cloud, description };
}

const VERSIONS: Readonly<Record<string, Play>> = {
  "GET /8774/v2.1/": () => ({
    ...{ status: 200, response_headers: [] },
    body: { version: { id: "v2.1", status: "CURRENT", version: "2.60", min_version: "2.1" } },
  }),
};

/** A Nova that is no younger than that. */
const speaking =
  (most: string): Play =>
  ({ headers }) => {
    const asked = String(headers["openstack-api-version"] ?? headers["x-openstack-nova-api-version"] ?? "2.1");
    const minor = Number(asked.split(".")[1]);
    return minor > Number(most.split(".")[1])
      ? { status: 406, response_headers: [], body: { computeFault: { message: "not spoken" } } }
      : recording("nova.servers_detail.latest");
  };

const hanging: Play = () => "hang";

function answering(status: number) {
  return () => ({ status, response_headers: [], body: { error: { message: "not now" } } });
}

const problem = (asked: Promise<unknown>): Promise<ApiError> =>
  asked.then(
    () => expect.fail("there was an answer"),
    (error) => error,
  );

const tokensAsked = (cloud: { readonly asked: readonly { readonly method: string }[] }) =>
  cloud.asked.filter(({ method }) => method === "POST");

function troubles(): [trouble: string, plays: Readonly<Record<string, Play>>, code: string, questions: number][] {
  return [
    ["a token that no service takes", { [SERVERS]: () => recording("nova.401") }, "unauthorized", 2],
    [
      "credentials that Keystone does not take",
      { [TOKENS]: () => recording("keystone.tokens.post.401") },
      "unauthorized",
      0,
    ],
    ["a role that may not", { [SERVERS]: () => recording("nova.servers_detail.member_forbidden") }, "forbidden", 1],
    ["a path that is not there", {}, "not_found", 1],
    ["a service that keeps failing", { [SERVERS]: answering(503) }, "failed", 3],
    ["a service that is asked too often", { [SERVERS]: answering(429) }, "overloaded", 3],
    ["a microversion that is not spoken", { [SERVERS]: answering(406) }, "not_acceptable", 1],
    ["a connection that breaks", { [SERVERS]: () => "cut" }, "unreachable", 3],
  ];
}
