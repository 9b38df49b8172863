import { readFileSync } from "node:fs";
import { at, type Sample } from "@raingauge/domain";
import { expect, it } from "vitest";
import { api } from "./fixtures/api.ts";
import { cloud, lived, march, reading } from "./fixtures/cloud.ts";

const PAGE = readFileSync(new URL("../../../docs/from-aodh-and-gnocchi.md", import.meta.url), "utf8");

/** Each question that the page names, and each request that writes. */
const REQUESTS = [...PAGE.matchAll(/`GET (\/\S+)`/g)].map(([, path = ""]) => path);
const WRITES = [...PAGE.matchAll(/`(POST|PUT|DELETE) (\/\S+)`/g)].map(([, method, path]) => `${method} ${path}`);

it("names requests of both kinds", () => {
  expect(REQUESTS.filter((path) => path.startsWith("/v1/")).length).toBeGreaterThanOrEqual(9);
  expect(REQUESTS.filter((path) => path.startsWith("/prometheus/")).length).toBeGreaterThanOrEqual(3);
});

it("names no write that there is not", async () => {
  const { app } = await api();

  expect(WRITES.length).toBeGreaterThan(0);
  expect(app.routesKnown.map(({ method, url }) => `${method} ${url}`)).toEqual(expect.arrayContaining(WRITES));
});

it("shows a rule whose query is answered", async () => {
  const queries = [...PAGE.matchAll(/^ +expr: (.+)$/gm)].map(([, expr = ""]) => expr);
  const { ask } = await api();

  expect(queries.length).toBeGreaterThan(0);
  for (const query of queries) {
    const answer = await ask("finance", `/prometheus/api/v1/query?query=${encodeURIComponent(query)}`);
    expect([answer.statusCode, answer.json().status], query).toEqual([200, "success"]);
  }
});

const HALF_HOUR_MS = 30 * 60_000;

/** What libvirt said of the machine in a day and a half, each half an hour: for what PromQL looks at there must be readings. */
const polled = (): Sample[] =>
  Array.from({ length: 72 }, (_, tick) => at(march(5) + tick * HALF_HOUR_MS)).flatMap((moment, tick) => {
    const poll = {
      project: "acme",
      resource: "vm-1",
      at: moment,
      origin: "poll",
      source: "libvirt",
      stance: "sights",
    } as const;
    const incarnation = { host: "host-1", device: "tap-1", startedAt: march(1), witnessed: true };
    return [
      reading(poll),
      reading({ ...poll, meter: "network.outgoing.bytes", dimensions: {}, incarnation, value: BigInt(tick) * 1_000n }),
    ];
  });

it.each(REQUESTS)("%s answers as the page says it does, and with something", async (path) => {
  const made = await cloud();
  const event = {
    id: "event-1",
    type: "compute.instance.create.end",
    region: "north",
    source: "nova",
    at: march(1),
    project: "acme",
    resource: "vm-1",
    resourceType: "instance",
    attributes: { name: "web" },
  };
  const coverage = { region: "north", source: "listener", agent: "a", period: { start: march(1), end: march(20) } };
  await made.say([...lived("acme", "vm-1", march(1), march(11)), ...polled()], {
    events: [event],
    coverage: [coverage],
  });
  const { ask } = await api(made);

  const answer = await ask("finance", encodeURI(path));

  expect(answer.statusCode, answer.body).toBe(200);
  expect(answer.body.length).toBeGreaterThan(80);
});
