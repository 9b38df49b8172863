import { type AskedCloud, type Play, recordedCloud, recording } from "@raingauge/harness";
import { expect, it } from "vitest";
import type { Cloud } from "./cloud.ts";
import { type Registration, register } from "./register.ts";

const RATING: Registration = {
  ...{ type: "rating", name: "raingauge-rating", description: "Rating", region: "RegionOne" },
  urls: { public: "https://a.example/rating", internal: "http://b.internal/rating", admin: "http://b.internal/rating" },
};

it("makes what a catalog lacks, says the same beforehand without doing it, and does nothing the second time", async () => {
  await using peer = await catalogOf();

  const dry = await peer.register([RATING], true);
  const writtenBefore = peer.writes().length;
  const done = await peer.register([RATING]);
  const again = await peer.register([RATING]);

  expect(writtenBefore).toBe(0);
  expect(dry).toEqual(done);
  expect(done.map(({ what }) => what)).toEqual(["make", "make", "make", "make"]);
  expect(again.map(({ what }) => what)).toEqual(Array(4).fill("there already"));
  expect(peer.writes().map(({ body }) => JSON.parse(body))).toEqual([
    { service: { type: "rating", name: "raingauge-rating", description: "Rating" } },
    ...(["public", "internal", "admin"] as const).map((face) => ({
      endpoint: { service_id: "made-0", interface: face, region_id: "RegionOne", url: RATING.urls[face] },
    })),
  ]);
});

it("changes an endpoint that points elsewhere, in its own region alone", async () => {
  await using peer = await catalogOf();
  await peer.register([RATING, { ...RATING, region: "RegionTwo" }]);

  const moved = { ...RATING, urls: { ...RATING.urls, public: "https://c.example/rating" } };
  const steps = await peer.register([moved]);

  expect(steps.filter(({ what }) => what !== "there already")).toEqual([
    {
      what: "change",
      of: "the public endpoint of rating in RegionOne",
      url: "https://c.example/rating",
      instead: "https://a.example/rating",
    },
  ]);
  expect(peer.writes().filter(({ method }) => method === "PATCH")).toHaveLength(1);
});

it("guesses nothing where there are two services of a type", async () => {
  await using peer = await catalogOf();
  await peer.register([RATING]);
  peer.services.push({ id: "another", type: "rating" });

  await expect(peer.register([RATING])).rejects.toThrow("Keystone has 2 services of the type rating");
});

/** Keystone as far as its catalog goes, beginning with what was recorded of a real one, which had a CloudKitty. */
async function catalogOf() {
  const services = listIn("keystone.services", "services").filter(({ type }) => type !== "rating");
  const endpoints = listIn("keystone.endpoints", "endpoints");
  let made = 0;
  const add =
    (items: Record<string, unknown>[], key: string): Play =>
    ({ body }) => {
      const item = { id: `made-${made++}`, ...JSON.parse(body)[key] };
      items.push(item);
      // Known by its own address from now on, for whoever changes it.
      cloud.play(`PATCH /5000/v3/${key}s/${item.id}`, ({ body: change }) =>
        answer({ [key]: Object.assign(item, JSON.parse(change)[key]) }),
      );
      return answer({ [key]: item }, 201);
    };
  const cloud = await recordedCloud({
    "GET /5000/v3/services": ({ query }) => answer({ services: services.filter(({ type }) => type === query["type"]) }),
    "GET /5000/v3/endpoints": ({ query }) =>
      answer({ endpoints: endpoints.filter(({ service_id }) => service_id === query["service_id"]) }),
    "POST /5000/v3/services": add(services, "service"),
    "POST /5000/v3/endpoints": add(endpoints, "endpoint"),
  });
  const asAdmin: Cloud = {
    ...{ authUrl: cloud.authUrl, interface: "public", verify: true },
    identity: { kind: "application_credential", credential: { id: "c" }, secret: () => "hush" },
  };
  return {
    services,
    register: (wanted: readonly Registration[], dryRun = false) =>
      register(asAdmin, wanted, {
        ...{ dryRun, timeoutSeconds: 10, endpointRequestsMax: 1 },
        signal: new AbortController().signal,
      }),
    writes: (): AskedCloud[] =>
      cloud.asked.filter(({ method, path }) => method !== "GET" && !path.endsWith("/auth/tokens")),
    [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose](),
  };
}

const answer = (body: Record<string, unknown>, status = 200) => ({ status, response_headers: [], body });

function listIn(name: string, key: string): Record<string, unknown>[] {
  const items = recording(name).body?.[key];
  return Array.isArray(items) ? [...items] : [];
}
