import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryBus } from "@raingauge/bus/memory";
import { at, type Batch } from "@raingauge/domain";
import { describeWith, rabbitServer, type Server } from "@raingauge/harness";
import { openEnvelope, parseBroker, speak } from "@raingauge/openstack";
import { silentLog } from "@raingauge/runtime";
import { decodeBatch } from "@raingauge/wire";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { captured } from "./captured.ts";
import { listenerMetrics } from "./metrics.ts";
import { type Everywhere, listenEverywhere, regions } from "./regions.ts";
import { setAsideIn } from "./set-aside.ts";
import { parseSource } from "./source.ts";

const POOL = {
  queue: "raingauge.notifications",
  queueType: "classic",
  exchanges: ["nova", "openstack", "glance", "neutron", "heat"],
  exchangesDurable: true,
  routingKeys: ["notifications.*"],
} as const;

const everywhere = (urls: readonly string[], folder = "/f"): Everywhere => ({
  ...POOL,
  brokers: urls.map(parseSource),
  region: "one",
  prefetch: 100,
  folder,
});

describe("brokers", () => {
  it("of one region are listened to together, and each region by itself", () => {
    const found = regions(everywhere(["amqp://a", "amqp://b#queue=mine", "amqp://c#region=two"]));

    expect(found).toMatchObject([
      {
        region: "one",
        attendanceFile: "/f/attendance.json",
        hearings: [
          { broker: { hosts: ["a:5672"] }, pool: { queue: "raingauge.notifications" } },
          { broker: { hosts: ["b:5672"] }, pool: { queue: "mine", exchanges: POOL.exchanges } },
        ],
      },
      { region: "two", attendanceFile: "/f/attendance-two.json", hearings: [{ broker: { hosts: ["c:5672"] } }] },
    ]);
  });
});

await describeWith("rabbitmq-server", "several brokers", () => {
  let folder: string;
  let servers: readonly [Server, Server];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "brokers-"));
    servers = await Promise.all([rabbitServer(), rabbitServer()]);
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(folder, { recursive: true });
  });

  it("are all heard, and a region of which one is away is not said to be listened to", async () => {
    const [first, second] = servers;
    await using heard = await hearing(folder, [first.url, second.url]);
    await heard.everywhere();

    await say(first, "compute.instance.create.end");
    await say(second, "volume.create.end");
    await heard.sees("instance");
    await heard.sees("volume.size");
    await expect.poll(() => heard.covered(), { timeout: 20_000 }).toBeGreaterThan(0);
    await second.kill();
    await expect.poll(() => heard.away(), { timeout: 20_000 }).toBeDefined();
    await say(first, "image.activate");
    await heard.sees("image.size");
    const known = heard.covered();
    await say(first, "router.create.end");
    await heard.sees("router");

    expect(heard.covered()).toBe(known);
    await second.restart();
    await expect.poll(() => heard.covered(), { timeout: 20_000 }).toBeGreaterThan(known);
  });
});

async function hearing(folder: string, urls: readonly string[]) {
  const stop = new AbortController();
  const bus = memoryBus();
  const batches: Batch[] = [];
  let away: string | undefined = "not yet";
  const consuming = bus.consume(
    async (deliveries) => {
      batches.push(...deliveries.map(({ message }) => decodeBatch(message.body)));
      return deliveries.map(() => "done" as const);
    },
    { consumer: "test", batchMessages: 100, signal: stop.signal },
  );
  const setAside = await setAsideIn(join(folder, "set-aside"), 1024 * 1024);
  const tellAway = (reason: string | undefined): void => {
    away = reason;
  };
  const listening = listenEverywhere(
    { bus, setAside, log: silentLog, metrics: listenerMetrics(), now: () => at(Date.now()) },
    { ...everywhere(urls, folder), confirmEveryMs: 20, tellAway },
    stop.signal,
  );
  const meters = () => new Set(batches.flatMap(({ samples }) => samples.map(({ meter }) => meter)));
  return {
    away: () => away,
    everywhere: () => expect.poll(() => away, { timeout: 20_000 }).toBeUndefined(),
    sees: (meter: string) => expect.poll(() => meters().has(meter), { timeout: 20_000 }).toBe(true),
    covered: () => batches.flatMap(({ coverage }) => coverage).filter(({ source }) => source === "listener").length,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await Promise.all([listening, consuming]);
    },
  };
}

async function say({ url }: Server, type: string): Promise<void> {
  const found = captured().find(({ body }) => openEnvelope(body).type === type);
  if (found === undefined) throw new Error(`no such notification was captured: ${type}`);
  await using cloud = speak(parseBroker(url), POOL);
  await cloud.say(found.exchange, found.routing_key, found.body);
}
