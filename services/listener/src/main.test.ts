import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jetStreamBus } from "@raingauge/bus/jetstream";
import { available, describeWith, natsServer, rabbitServer } from "@raingauge/harness";
import { type Pool, parseBroker, speak } from "@raingauge/openstack";
import { decodeBatch } from "@raingauge/wire";
import { expect, it } from "vitest";
import { captured, samplesOf } from "./captured.ts";

const nats = await available("nats-server");

await describeWith("rabbitmq-server", "the listener as a process", () => {
  it.skipIf(!nats.ok)("loses nothing when it is killed while the cloud speaks", async () => {
    const folder = mkdtempSync(join(tmpdir(), "listener-"));
    const recording = captured();
    await using rabbit = await rabbitServer();
    await using stream = await natsServer();
    await using cloud = speak(parseBroker(rabbit.url), POOL);
    const env = {
      PATH: process.env["PATH"],
      RAINGAUGE_RABBIT_URL: rabbit.url,
      RAINGAUGE_NATS_URL: stream.url,
      RAINGAUGE_REGION: "one",
      RAINGAUGE_LISTENER_FOLDER: folder,
      RAINGAUGE_LISTENER_PREFETCH: "100",
      RAINGAUGE_LISTENER_HEALTH_PORT: "0",
      RAINGAUGE_LISTENER_EXCHANGES_DURABLE: "true",
    };
    let listener = await started(env);
    const said = recording.map(({ exchange, routing_key, body }) => cloud.say(exchange, routing_key, body));
    for (let death = 1; death <= 3; death += 1) {
      await Promise.all(said.slice(0, death * 600));
      await ended(listener, "SIGKILL");
      listener = await started(env);
    }
    await Promise.all(said);

    const expected = new Set(samplesOf(recording).map(({ id }) => id));
    await using bus = await jetStreamBus({ url: stream.url });
    const stop = new AbortController();
    const seen = new Set<string>();
    const consuming = bus.consume(
      async (deliveries) => {
        for (const { message } of deliveries) for (const { id } of decodeBatch(message.body).samples) seen.add(id);
        return deliveries.map(() => "done" as const);
      },
      { consumer: "test", batchMessages: 500, signal: stop.signal },
    );
    await expect.poll(() => seen.size, { timeout: 30_000 }).toBe(expected.size);
    stop.abort();
    await consuming;

    expect(seen).toEqual(expected);
    expect(await ended(listener, "SIGTERM")).toBe(0);
    rmSync(folder, { recursive: true });
  });
});

const POOL: Pick<Pool, "exchanges" | "exchangesDurable"> = {
  exchanges: ["nova", "openstack", "glance", "neutron", "keystone", "heat", "swift"],
  exchangesDurable: true,
};

/** Resolves once it says that messages can come in. */
async function started(env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const main = new URL("main.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [main], { env, stdio: ["ignore", "ignore", "pipe"] });
  const connected = Promise.withResolvers<void>();
  child.once("exit", (code) => connected.reject(new Error(`the listener ended with ${code}`)));
  child.stderr.on("data", (lines) => String(lines).includes("broker connected") && connected.resolve());
  await connected.promise;
  return child;
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exit = once(child, "exit");
  child.kill(signal);
  const [code] = await exit;
  return code;
}
