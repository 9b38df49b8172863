import { readFileSync } from "node:fs";
import { at, type Sample } from "@raingauge/domain";
import { expect, it } from "vitest";
import { api } from "./fixtures/api.ts";
import { cloud, lived, march, reading } from "./fixtures/cloud.ts";

const PAGE = readFileSync(new URL("../../../docs/from-aodh-and-gnocchi.md", import.meta.url), "utf8");

/** Each request that the page names, but those to other servers. */
const REQUESTS = [...PAGE.matchAll(/`GET (\/\S+)`/g)]
  .map(([, path = ""]) => path)
  .filter((path) => path !== "/api/v1/alerts");

it("names requests of both kinds", () => {
  expect(REQUESTS.filter((path) => path.startsWith("/v1/")).length).toBeGreaterThanOrEqual(9);
  expect(REQUESTS.filter((path) => path.startsWith("/prometheus/")).length).toBeGreaterThanOrEqual(3);
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
