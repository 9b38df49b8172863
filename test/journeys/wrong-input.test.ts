import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { jetStreamBus } from "@raingauge/bus/jetstream";
import { instant } from "@raingauge/domain";
import { available, describeWith, rabbitServer, type Server } from "@raingauge/harness";
import { parseBroker, type Speaker, speak } from "@raingauge/openstack";
import { packets, sampleOf } from "@raingauge/wire";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Counts, Installed, OVERLAPPING } from "./command.ts";

/** Nothing here asserts time: this only ends what hangs, on a machine that is busy with everything else. */
const PATIENCE = { timeout: 120_000, interval: 50 };

const nats = await available("nats-server");

/** What a real Nova said of a machine, to be bent. */
const GOOD = gunzipSync(readFileSync(new URL("../captures/notifications.jsonl.gz", import.meta.url)))
  .toString()
  .split("\n")
  .filter((line) => line.includes("compute.instance.create.end"))
  .map((line) => (JSON.parse(line) as { body: string }).body)
  .find((body) => body.includes("tenant_id"))!;

const OTHER_VERSION = JSON.stringify({ "oslo.version": "9.9", "oslo.message": "{}" });

/** What is to be bent lies in a text within the text. */
const within = (text: string): string => text.replaceAll('"', '\\"');

function bent(from: string, to: string): string {
  if (!GOOD.includes(within(from))) throw new Error(`nothing to bend: ${from}`);
  return GOOD.replaceAll(within(from), within(to));
}

const MEMORY = '"memory_mb": 512';
const SAID = '"timestamp": "2026';
const LAUNCHED = '"launched_at": "2026';
const NAME = '"display_name": "';

const MOMENT = instant("2026-01-01T00:00:00Z");
const READING = sampleOf({
  ...{ region: "RegionOne", project: "acme", meter: "memory.usage", resource: "vm-1", at: MOMENT, value: 4711n },
  ...{ origin: "poll", source: "libvirt", stance: "sights", dimensions: {}, sequence: 1, message: "poll-1" },
});
const PACKET = packets({ samples: [READING], events: [], coverage: [] }, "test")[0]!;

function bentBatch(from: string, to: string): string {
  const body = new TextDecoder().decode(PACKET.body);
  if (!body.includes(from)) throw new Error(`nothing to bend: ${from}`);
  return body.replace(from, to);
}

await describeWith("rabbitmq-server", nats.ok ? "wrong input" : `wrong input (skipped: ${nats.reason})`, () => {
  let rabbit: Server;
  let home: Installed;
  let cloud: Speaker;
  beforeAll(async () => {
    if (!nats.ok) return;
    rabbit = await rabbitServer();
    home = new Installed({ RAINGAUGE_RABBIT_URL: rabbit.url });
    await home.up();
    cloud = speak(parseBroker(rabbit.url), { exchanges: ["nova"], exchangesDurable: false });
    await home.ready();
  }, PATIENCE.timeout);
  afterAll(async () => {
    await cloud?.[Symbol.asyncDispose]();
    await home?.[Symbol.asyncDispose]();
    await rabbit?.stop();
  });

  describe.skipIf(!nats.ok)("from RabbitMQ", PATIENCE, () => {
    const known = new Set<string>();
    /** The reasons of what was set aside since it was asked last. */
    const newlyAside = async (): Promise<string[]> => {
      const fresh = (await home.ask<Aside[]>("set-aside", "list")).filter(({ digest }) => !known.has(digest));
      for (const { digest } of fresh) known.add(digest);
      return fresh.map(({ reason }) => reason);
    };

    it.each([
      { wrong: "an envelope that is no JSON", body: "{ this is no JSON", problem: "envelope", says: "not JSON" },
      { wrong: "an envelope of another version", body: OTHER_VERSION, problem: "envelope", says: "version" },
      {
        wrong: "a missing project",
        body: bent("tenant_id", "tenant"),
        problem: "payload",
        says: "tenant_id is missing",
      },
      { wrong: "a negative value", body: bent(MEMORY, '"memory_mb": -512'), problem: "payload", says: "memory_mb" },
      { wrong: "a value that is NaN", body: bent(MEMORY, '"memory_mb": NaN'), problem: "envelope", says: "not JSON" },
      { wrong: "an envelope of 1970", body: bent(SAID, '"timestamp": "1970'), problem: "payload", says: "before 2000" },
      { wrong: "an envelope of 2106", body: bent(SAID, '"timestamp": "2106'), problem: "payload", says: "after 2100" },
      {
        wrong: "a start in 1970",
        body: bent(LAUNCHED, '"launched_at": "1970'),
        problem: "payload",
        says: "2000 to 2100",
      },
      {
        wrong: "a start in 2106",
        body: bent(LAUNCHED, '"launched_at": "2106'),
        problem: "payload",
        says: "2000 to 2100",
      },
      {
        wrong: "a message of 5 MB",
        body: bent(NAME, `${NAME}${"x".repeat(5_000_000)}`),
        problem: "size",
        says: "more than",
      },
    ])("$wrong is set aside, counted and shown with its reason, once", async ({ body, problem, says }) => {
      const before = await home.counts(/^listener_notifications_/);

      await cloud.say("nova", "notifications.info", body);

      expect(await risen(home, before)).toEqual({
        listener_notifications_received_total: 1,
        [`listener_notifications_refused_total{problem="${problem}"}`]: 1,
      });
      expect(await newlyAside()).toEqual([expect.stringContaining(says)]);
      expect(home.said).toMatch(new RegExp(`"problem":"${problem}".*"msg":"message set aside"`));
    });

    it("an unknown event type is counted as such, and nothing of it is kept", async () => {
      const before = await home.counts(/^listener_notifications_/);

      await cloud.say("nova", "notifications.info", bent("compute.instance.create.end", "teapot.boil.end"));

      expect(await risen(home, before)).toEqual({
        listener_notifications_received_total: 1,
        'listener_notifications_ignored_total{reason="unknown_type"}': 1,
      });
      expect(await newlyAside()).toEqual([]);
    });

    it("none of it keeps the next message from being heard and billed", async () => {
      await cloud.say("nova", "notifications.info", GOOD);

      await expect
        .poll(() => home.ask("usage", "--period", "2026-11", "--meter", "instance"), PATIENCE)
        .toHaveLength(1);
      expect((await home.get("/readyz")).status).toBe(200);
    });
  });

  describe.skipIf(!nats.ok)("from the bus", PATIENCE, () => {
    it.each([
      { wrong: "bytes that are no JSON", body: "{", reason: "not_json" },
      { wrong: "a version from the future", body: bentBatch('"v":1', '"v":99'), reason: "version_unknown" },
      { wrong: "a negative value", body: bentBatch("4711", "-4711"), reason: "value_out_of_range" },
      { wrong: "a value that is NaN", body: bentBatch("4711", "NaN"), reason: "not_json" },
      { wrong: "a reading of 1970", body: bentBatch(String(MOMENT), "0"), reason: "instant_out_of_range" },
      { wrong: "a reading of 2106", body: bentBatch(String(MOMENT), "4291747200000"), reason: "instant_out_of_range" },
      { wrong: "a missing project", body: bentBatch('"acme"', '""'), reason: "name_missing" },
    ])("$wrong is rejected, counted and listed with its reason, once", async ({ wrong, body, reason }) => {
      const before = await home.counts(/^collector_messages_rejected_/);
      await using bus = await jetStreamBus({ url: home.door.natsUrl });

      await bus.publish({ ...PACKET, id: wrong, body: new TextEncoder().encode(body) });

      expect(await risen(home, before)).toEqual({ [`collector_messages_rejected_total{reason="${reason}"}`]: 1 });
      const rejected = await home.ask<Rejected[]>("rejected", "list");
      expect(rejected.filter(({ id }) => id === wrong).map((each) => each.reason)).toEqual([
        expect.stringMatching(new RegExp(`^${reason}: \\S+ \\S+`)),
      ]);
    });
  });

  describe.skipIf(!nats.ok)("from an administrator", PATIENCE, () => {
    it("a price book with an overlap is refused by both prices' names, and nothing is published", async () => {
      const before = await home.counts(/^rater_requests_answered_total.*status="422"/);
      const published = await (await home.get("/v1/price-books")).json();

      const { code, out, err } = await home.type("price", "publish", OVERLAPPING, "--from", "2026-01-01T00:00:00Z");

      expect({ code, out }).toEqual({ code: 1, out: "" });
      expect(err).toMatch(/a-small and b-active overlap.*\(PRICE_BOOK_INVALID\)\n$/);
      expect(Object.values(await risen(home, before))).toEqual([1]);
      expect(await (await home.get("/v1/price-books")).json()).toEqual(published);
    });
  });
});

/** By how much which counts have risen, as soon as one has. */
async function risen(home: Installed, before: Counts): Promise<Readonly<Record<string, number>>> {
  const by = async () => Object.fromEntries((await rises(home, before)).filter(([, rise]) => rise > 0));
  await expect.poll(by, PATIENCE).not.toEqual({});
  return by();
}

async function rises(home: Installed, { of, counts }: Counts): Promise<[string, number][]> {
  const now = await home.counts(of);
  return Object.entries(now.counts).map(([name, count]) => [name, count - (counts[name] ?? 0)]);
}

interface Aside {
  readonly digest: string;
  readonly reason: string;
}

interface Rejected {
  readonly id: string;
  readonly reason: string;
}
