import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { jetStreamBus } from "@raingauge/bus/jetstream";
import { spooled } from "@raingauge/bus/spool";
import { at } from "@raingauge/domain";
import { type ListenerMetrics, listen, listenerMetrics, outcomeOf, setAsideIn } from "@raingauge/listener";
import { openEnvelope, type Pool, parseBroker, speak } from "@raingauge/openstack";
import { silentLog } from "@raingauge/runtime";
import type { Packet } from "@raingauge/wire";
import { amqpAlone } from "./alone/amqp.ts";
import { ceilometerAlone, ceilometerLacks } from "./alone/ceilometer.ts";
import { jetStreamAlone } from "./alone/jetstream.ts";
import { type Bench, type Benchmark, type Figure, held, rate } from "./benchmark.ts";
import { REGION } from "./cloud.ts";
import { secondsOf, timed } from "./stopwatch.ts";

/** A queue full of what a real cloud said, and how fast the listener empties it into JetStream. */
export const listener: Benchmark = {
  name: "listener",
  about: "notifications from RabbitMQ to JetStream, acknowledged",
  needs: ["rabbitmq-server", "nats-server"],
  run: measured,
};

const MESSAGES = 12_000;
/** A fraction of what we hear, as it takes so much longer. */
const CEILOMETERS = 6_000;
/** As the listener is configured unless told otherwise. */
const PREFETCH = 500;
const LIMIT_BYTES = 1024 ** 3;

async function measured(bench: Bench): Promise<readonly Figure[]> {
  const messages = spoken(Math.ceil(MESSAGES * bench.scale));
  const rabbit = bench.url("rabbitmq-server");
  bench.say(`filling two queues with ${messages.length} notifications`);
  await fill(rabbit, messages);

  bench.say("RabbitMQ alone");
  await using amqp = amqpAlone(rabbit);
  const consumed = await secondsOf(() => amqp.consume(poolOf("alone").queue, messages.length, PREFETCH));
  bench.say("translating alone");
  const translated = await timed(() => translateAll(messages));
  bench.say("publishing to JetStream alone");
  await using jetstream = await jetStreamAlone(bench.url("nats-server"));
  const published = await secondsOf(() => jetstream.publish(translated.result));
  bench.say("listening");
  const heard = await listening(bench, messages.length);

  const limits = [
    rate("RabbitMQ consume and acknowledge alone", "messages/s", messages.length, consumed),
    rate("translate and encode alone", "messages/s", messages.length, translated.seconds),
    rate("JetStream publish alone", "messages/s", messages.length, published),
  ];
  const theirs = await ceilometers(bench, messages);
  return [held(rate("notifications heard", "messages/s", messages.length, heard), limits), ...limits, ...theirs];
}

/** Of what we hear, what Ceilometer hears. A hundred packages come with it, so that it is asked for by hand. */
async function ceilometers({ folder, say, url }: Bench, messages: readonly Spoken[]): Promise<Figure[]> {
  if (process.env["RAINGAUGE_PEERS"] === undefined || ceilometerLacks().length > 0) return [];
  say("Ceilometer's notification agent");
  const rabbit = url("rabbitmq-server");
  await using ceilometer = ceilometerAlone(rabbit);
  await ceilometer.prepare(poolOf("alone"));
  await sayAll(rabbit, messages.slice(0, CEILOMETERS));
  const { seconds, count } = await ceilometer.hear(folder);
  return [rate("Ceilometer's notification agent", "messages/s", count, seconds)];
}

interface Spoken {
  readonly exchange: string;
  readonly routing_key: string;
  readonly body: string;
}

/** The recording, again and again; each time every message has an id of its own, as no bus would take it twice. */
function spoken(count: number): Spoken[] {
  const recording = recorded();
  return Array.from({ length: count }, (_, index) => {
    const message = recording[index % recording.length]!;
    const round = Math.floor(index / recording.length);
    const { messageId } = openEnvelope(message.body);
    return {
      ...message,
      body: message.body.replaceAll(messageId, `${messageId.slice(0, -4)}${String(round).padStart(4, "0")}`),
    };
  });
}

function recorded(): Spoken[] {
  const file = join(import.meta.dirname, "../captures/notifications.jsonl.gz");
  const lines = gunzipSync(readFileSync(file)).toString().split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
}

const poolOf = (queue: string): Pool => ({
  queue,
  queueType: "classic",
  exchanges: [...new Set(recorded().map(({ exchange }) => exchange))],
  exchangesDurable: true,
  routingKeys: ["notifications.*", "versioned_notifications.*"],
});

/** More at once, and the broker slows the publisher down. */
const SAID_AT_ONCE = 1_000;

async function fill(rabbit: string, messages: readonly Spoken[]): Promise<void> {
  await using amqp = amqpAlone(rabbit);
  await amqp.prepare([poolOf("ours"), poolOf("alone")]);
  await sayAll(rabbit, messages);
}

async function sayAll(rabbit: string, messages: readonly Spoken[]): Promise<void> {
  await using cloud = speak(parseBroker(rabbit), poolOf("ours"));
  for (let from = 0; from < messages.length; from += SAID_AT_ONCE) {
    const some = messages.slice(from, from + SAID_AT_ONCE);
    await Promise.all(some.map(({ exchange, routing_key, body }) => cloud.say(exchange, routing_key, body)));
  }
}

const translateAll = (messages: readonly Spoken[]): Packet[] =>
  messages.flatMap(({ body }) => {
    const outcome = outcomeOf({ body }, { region: REGION, isNews: () => true });
    return outcome.kind === "heard" ? outcome.packets : [];
  });

/** The listener as its process runs it, from when messages can come in to when the last one is settled. */
async function listening({ folder, url }: Bench, count: number): Promise<number> {
  const stream = await jetStreamBus({ url: url("nats-server") });
  await using bus = await spooled(stream, { folder: join(folder, "spool"), limitBytes: LIMIT_BYTES });
  const setAside = await setAsideIn(join(folder, "set-aside"), LIMIT_BYTES);
  const hearing = { broker: parseBroker(url("rabbitmq-server")), pool: poolOf("ours"), prefetch: PREFETCH };
  const stop = new AbortController();
  const { metrics, seconds } = clocked(count);
  const ended = listen(
    { bus, setAside, log: silentLog, metrics, now: () => at(Date.now()) },
    { region: REGION, hearings: [hearing], attendanceFile: join(folder, "attendance.json") },
    stop.signal,
  );
  const taken = await Promise.race([seconds, ended.then(() => Promise.reject(new Error("the listener gave up")))]);
  stop.abort();
  await ended;
  return taken;
}

/** The listener's own counts tell when it began and when it was through. */
function clocked(count: number): { readonly metrics: ListenerMetrics; readonly seconds: Promise<number> } {
  const metrics = listenerMetrics();
  const { promise: seconds, resolve } = Promise.withResolvers<number>();
  let began = 0;
  let left = count;
  return {
    seconds,
    metrics: {
      ...metrics,
      connected: {
        set(value) {
          if (value === 1) began = performance.now();
        },
      },
      received: {
        add(by) {
          left -= by;
          if (left <= 0) resolve((performance.now() - began) / 1_000);
        },
      },
    },
  };
}
