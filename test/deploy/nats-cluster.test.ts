import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Bus, BusUnavailable, type Message } from "@raingauge/bus";
import { jetStreamBus } from "@raingauge/bus/jetstream";
import { describeWith, privateFolder, privatePort, type Server, serve, systemEngine } from "@raingauge/harness";
import { natsExecutable } from "@raingauge/servers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ROOT } from "./deployments.ts";

const NAMES = ["nats", "nats-2", "nats-3"] as const;

const message = (number: number): Message => ({
  id: `message-${number}`,
  kind: "samples",
  region: "RegionOne",
  service: "nova",
  project: `project-${number % 5}`,
  body: new TextEncoder().encode(String(number)),
});

/** Three servers on this machine, by the very file that Compose gives them, at other addresses. */
async function cluster(): Promise<{ readonly url: string; readonly servers: readonly Server[] }> {
  const ports = await Promise.all(NAMES.map(async () => [await privatePort(), await privatePort()] as const));
  const given = readFileSync(join(ROOT, "deploy/compose/nats/cluster.conf"), "utf8");
  const routed = NAMES.reduce(
    (text, name, index) => text.replace(`nats://${name}:6222`, `nats://127.0.0.1:${ports[index]?.[1]}`),
    given,
  );
  const servers = NAMES.map((name, index) => {
    const [port = 0, route = 0] = ports[index] ?? [];
    const folder = privateFolder("nats-cluster");
    const file = join(folder, "nats.conf");
    const own = routed
      .replace("port: 4222", `port: ${port}`)
      .replace("port: 6222", `listen: "127.0.0.1:${route}"`)
      .replace(/^http: .*$/m, "")
      .replace("/data", join(folder, "data"))
      .replace(/^include .*$/m, "");
    writeFileSync(file, own);
    return serve(
      `nats://127.0.0.1:${port}`,
      systemEngine({
        folder,
        greeting: { port, hello: Buffer.alloc(0), welcome: "INFO " },
        command: {
          path: natsExecutable() ?? "nats-server",
          args: ["-a", "127.0.0.1", "-c", file],
          env: { SERVER_NAME: name },
        },
      }),
    );
  });
  const started = await Promise.all(servers);
  return { url: started.map(({ url }) => url).join(","), servers: started };
}

/** What a sender does while three servers agree on who leads. */
async function published(bus: Bus, each: Message): Promise<void> {
  await expect
    .poll(
      async () => {
        try {
          return await bus.publish(each);
        } catch (error) {
          if (!(error instanceof BusUnavailable)) throw error;
          return error.message;
        }
      },
      { timeout: 60_000, interval: 100 },
    )
    .toMatch(/^(stored|duplicate)$/);
}

await describeWith("nats-server", "Three NATS servers as Compose runs them", () => {
  let nats: Awaited<ReturnType<typeof cluster>>;
  beforeAll(async () => {
    nats = await cluster();
  });
  afterAll(async () => {
    for (const server of nats?.servers ?? []) await server.stop();
  });

  it("lose nothing that was acknowledged, and take more, when one of them is killed", async () => {
    await using bus = await jetStreamBus({ url: nats.url, replicas: 3, ackWaitMs: 2_000 });
    for (let number = 0; number < 50; number += 1) await published(bus, message(number));

    await nats.servers[0]?.kill();
    for (let number = 50; number < 100; number += 1) await published(bus, message(number));

    const got = new Set<string>();
    const stop = new AbortController();
    while (!stop.signal.aborted) {
      try {
        await bus.consume(
          async (deliveries) => {
            for (const { message: taken } of deliveries) got.add(new TextDecoder().decode(taken.body));
            if (got.size >= 100) stop.abort();
            return deliveries.map(() => "done");
          },
          { consumer: "collector", batchMessages: 10, signal: stop.signal },
        );
      } catch (error) {
        if (!(error instanceof BusUnavailable)) throw error;
      }
    }
    expect([...got].map(Number).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, number) => number));
  });
});
