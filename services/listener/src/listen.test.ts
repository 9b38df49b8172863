import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bus, BusUnavailable } from "@raingauge/bus";
import { memoryBus } from "@raingauge/bus/memory";
import { at, type Batch, type Instant } from "@raingauge/domain";
import { describeWith, rabbitServer, type Server } from "@raingauge/harness";
import { openEnvelope, type Pool, parseBroker, speak } from "@raingauge/openstack";
import { silentLog } from "@raingauge/runtime";
import { decodeBatch } from "@raingauge/wire";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Captured, captured, samplesOf } from "./captured.ts";
import { isIgnored } from "./heard.ts";
import { listen } from "./listen.ts";
import { listenerMetrics } from "./metrics.ts";
import { setAsideIn } from "./set-aside.ts";
import { translate } from "./translate.ts";

const recording = captured();
const expectedSamples = new Set(samplesOf(recording).map(({ id }) => id));
const expectedEvents = new Set(
  recording.flatMap(({ body }) => {
    const heard = translate(openEnvelope(body), { region: "one" });
    return isIgnored(heard) ? [] : heard.events.map(({ id }) => id);
  }),
);

await describeWith("rabbitmq-server", "listen", () => {
  let server: Server;
  const folder = mkdtempSync(join(tmpdir(), "listener-"));
  beforeAll(async () => {
    server = await rabbitServer();
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it("passes on all that a real cloud said, and accounts for every message", async () => {
    const pool = poolOf();
    await using cloud = speak(parseBroker(server.url), pool);
    await using listener = await listening(server, pool, folder);
    await listener.connected();

    await Promise.all(recording.map(({ exchange, routing_key, body }) => cloud.say(exchange, routing_key, body)));

    await listener.settles(recording.length);
    const { samples, events } = await listener.onBus();
    expect(new Set(samples.map(({ id }) => id))).toEqual(expectedSamples);
    expect(new Set(events.map(({ id }) => id))).toEqual(expectedEvents);
    expect(await listener.accounts()).toEqual({
      received: recording.length,
      published: recording.filter(({ body }) => !isIgnored(translate(openEnvelope(body), { region: "one" }))).length,
      refused: 0,
    });
  });

  it("loses nothing when the broker is killed while the cloud speaks", async () => {
    const pool = poolOf();
    await using cloud = speak(parseBroker(server.url), pool);
    await using listener = await listening(server, pool, folder);
    await listener.connected();

    const say = ({ exchange, routing_key, body }: Captured) => cloud.say(exchange, routing_key, body);
    const said = recording.map(say);
    await Promise.all(said.slice(0, 1_000));
    await server.restart();
    await Promise.all(said);

    const ids = (all: readonly { readonly id: string }[]) => new Set(all.map(({ id }) => id));
    const whole = { timeout: 30_000 };
    await expect.poll(async () => ids((await listener.onBus()).samples), whole).toEqual(expectedSamples);
    await expect.poll(async () => ids((await listener.onBus()).events), whole).toEqual(expectedEvents);
  });

  it("leaves everything with RabbitMQ while the bus takes nothing, and passes it on when it does", async () => {
    const pool = poolOf();
    const door = { open: false };
    await using cloud = speak(parseBroker(server.url), pool);
    await using listener = await listening(server, pool, folder, (bus) => ({
      ...bus,
      publish: async (message) => {
        if (!door.open) throw new BusUnavailable("closed");
        return bus.publish(message);
      },
    }));
    await listener.connected();
    const few = recording.filter(({ exchange }) => exchange === "glance");
    for (const { exchange, routing_key, body } of few) await cloud.say(exchange, routing_key, body);

    expect(await listener.accounts()).toMatchObject({ received: 0 });
    door.open = true;

    await listener.settles(few.length);
    expect(new Set((await listener.onBus()).samples.map(({ id }) => id))).toEqual(
      new Set(samplesOf(few).map(({ id }) => id)),
    );
  });

  it("sets aside what says nothing, with its bytes and the reason, and goes on with the rest", async () => {
    const pool = poolOf();
    await using cloud = speak(parseBroker(server.url), pool);
    await using listener = await listening(server, pool, folder);
    await listener.connected();
    const good = recording.find(({ body }) => body.includes("image.activate"))!;

    for (const { body } of POISON) await cloud.say("nova", "notifications.info", body);
    await cloud.say("nova", "notifications.info", good.body);
    await listener.settles(POISON.length + 1);

    expect(await listener.accounts()).toEqual({ received: POISON.length + 1, published: 1, refused: POISON.length });
    const kept = await Array.fromAsync(listener.setAside.list());
    for (const { body, reason } of POISON) {
      expect(kept).toContainEqual(
        expect.objectContaining({ reason: expect.stringContaining(reason), body: Buffer.from(body) }),
      );
    }
    const { events } = await listener.onBus();
    const notices = events.filter(({ type }) => type === "raingauge.message.set_aside");
    expect(notices.map(({ attributes }) => attributes["digest"]).toSorted()).toEqual(kept.map(({ digest }) => digest));
  });

  it("proves, period after period and across a restart of its own, that it missed nothing", async () => {
    const pool = poolOf();
    const clock = ticking();
    const first = await listening(server, pool, folder, undefined, clock);
    await first.connected();
    await expect.poll(async () => (await first.onBus()).coverage.length).toBeGreaterThanOrEqual(2);
    await first.stop();
    await using second = await listening(server, pool, folder, undefined, clock);
    await expect.poll(async () => (await second.onBus()).coverage.length).toBeGreaterThanOrEqual(2);

    const periods = [...(await first.onBus()).coverage, ...(await second.onBus()).coverage].map(({ period }) => period);

    expect(periods.slice(1).map(({ start }) => start)).toEqual(periods.slice(0, -1).map(({ end }) => end));
  });
});

const nova = recording.find(({ body }) => body.includes("compute.instance.create.end"))!.body;
const bent = (from: string, to: string): string => {
  const body = nova.replaceAll(`\\"${from}`, `\\"${to}`);
  if (body === nova) throw new Error(`nothing to bend: ${from}`);
  return body;
};

const POISON = [
  { body: "{ this is no JSON", reason: "not JSON" },
  { body: "[]", reason: "no JSON object" },
  { body: JSON.stringify({ "oslo.version": "9.9", "oslo.message": "{}" }), reason: "version" },
  { body: bent("tenant_id", "tenant"), reason: "tenant_id is missing" },
  { body: bent('memory_mb\\": 512', 'memory_mb\\": -512'), reason: "memory_mb" },
  { body: bent('memory_mb\\": 512', 'memory_mb\\": NaN'), reason: "not JSON" },
  { body: bent('timestamp\\": \\"2026', 'timestamp\\": \\"1970'), reason: "before 2000" },
  { body: bent('timestamp\\": \\"2026', 'timestamp\\": \\"2106'), reason: "after 2100" },
  { body: bent('launched_at\\": \\"2026', 'launched_at\\": \\"1970'), reason: "2000 to 2100" },
  { body: bent('display_name\\": \\"', `display_name\\": \\"${"x".repeat(5 * 1024 * 1024)}`), reason: "more than the" },
];

/** Each look at it is a second later. */
function ticking(): () => Instant {
  let ms = Date.UTC(2026, 10, 23);
  return () => {
    ms += 1_000;
    return at(ms);
  };
}

/** A cloud of its own for each test: its exchanges, its queue. */
const poolOf = (): Pool => ({
  queue: `raingauge.${randomUUID()}`,
  queueType: "classic",
  exchanges: ["nova", "openstack", "glance", "neutron", "keystone", "heat", "swift"],
  exchangesDurable: true,
  routingKeys: ["notifications.*", "versioned_notifications.*"],
});

async function listening(
  { url }: Server,
  pool: Pool,
  folder: string,
  before: (bus: Bus) => Bus = (bus) => bus,
  now = () => at(Date.now()),
) {
  const stop = new AbortController();
  const bus = memoryBus();
  const metrics = listenerMetrics();
  const setAside = await setAsideIn(join(folder, pool.queue), 64 * 1024 * 1024);
  const attendanceFile = join(folder, `${pool.queue}.json`);
  const hearing = { broker: parseBroker(url), pool, prefetch: 200 };
  const publish = bus.publish.bind(bus);
  const kept = new Map<string, Batch>();
  const door: Bus = { ...before({ ...bus, publish }), [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose]() };
  const ended = listen(
    { bus: door, setAside, log: silentLog, metrics, now },
    { region: "one", hearings: [hearing], attendanceFile, confirmEveryMs: 20 },
    stop.signal,
  );
  const consuming = bus.consume(
    async (deliveries) => {
      for (const { message } of deliveries) kept.set(message.id, decodeBatch(message.body));
      return deliveries.map(() => "done" as const);
    },
    { consumer: "test", batchMessages: 1_000, signal: stop.signal },
  );
  const count = async (name: string): Promise<number> => {
    const lines = (await metrics.text()).split("\n").filter((line) => line.startsWith(`listener_${name}`));
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
  };
  const ending = async (): Promise<void> => {
    stop.abort();
    await Promise.all([ended, consuming]);
  };
  return {
    setAside,
    stop: ending,
    [Symbol.asyncDispose]: ending,
    connected: () => expect.poll(() => count("brokers_connected"), { timeout: 20_000 }).toBe(1),
    settles: (messages: number) =>
      expect.poll(() => count("notifications_received_total"), { timeout: 30_000 }).toBeGreaterThanOrEqual(messages),
    async accounts() {
      const [received, published, ignored, refused] = await Promise.all(
        ["received", "published", "ignored", "refused"].map((fate) => count(`notifications_${fate}_total`)),
      );
      expect(received).toBe((published ?? 0) + (ignored ?? 0) + (refused ?? 0));
      return { received, published, refused };
    },
    async onBus(): Promise<Batch> {
      const batches = [...kept.values()];
      return {
        samples: batches.flatMap(({ samples }) => samples),
        events: batches.flatMap(({ events }) => events),
        coverage: batches.flatMap(({ coverage }) => coverage),
      };
    },
  };
}
