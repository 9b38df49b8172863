import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWith, natsServer } from "@raingauge/harness";
import { expect, it } from "vitest";
import { BusUnavailable, type Delivery, type Fate, type Message } from "../bus.ts";
import { jetStreamBus } from "../jetstream/jetstream.ts";
import { spooled } from "./spooled.ts";

const message = (number: number): Message => ({
  id: `message-${number}`,
  kind: "samples",
  region: "north",
  service: "libvirt",
  project: "acme",
  body: new TextEncoder().encode(`body ${number}`),
});

/** The first deliveries of `count` messages, as a consumer gets them that comes back when the server was away. */
const consumed = async (url: string, count: number): Promise<Message[]> => {
  await using bus = await jetStreamBus({ url });
  const got = new Map<string, Message>();
  const stop = new AbortController();
  const handle = async (deliveries: readonly Delivery[]): Promise<Fate[]> => {
    for (const { message } of deliveries) if (!got.has(message.id)) got.set(message.id, message);
    if (got.size >= count) stop.abort();
    return deliveries.map(() => "done");
  };
  while (got.size < count) {
    await bus.consume(handle, { consumer: "test", batchMessages: 50, signal: stop.signal }).catch(unlessAway);
  }
  return [...got.values()];
};

const unlessAway = async (error: unknown): Promise<void> => {
  if (!(error instanceof BusUnavailable)) throw error;
  await new Promise((resolve) => setImmediate(resolve));
};

await describeWith("nats-server", "a spool before a real nats-server", () => {
  it("loses nothing and keeps the order while the server is killed again and again", async () => {
    await using server = await natsServer();
    const folder = mkdtempSync(join(tmpdir(), "raingauge-spool-"));
    const jetStream = await jetStreamBus({ url: server.url, timeoutMs: 2_000 });
    const bus = await spooled(jetStream, { folder, limitBytes: 10_000_000, segmentBytes: 2_000 });

    for (let number = 0; number < 200; number += 1) {
      if (number % 60 === 20) await server.kill();
      if (number % 60 === 50) await server.restart();
      await bus.publish(message(number));
    }
    const got = await consumed(server.url, 200);

    expect(got).toEqual(Array.from({ length: 200 }, (_, number) => message(number)));
    await bus[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  it("lets an agent start and spool before there is any server", async () => {
    await using server = await natsServer();
    await server.kill();
    const folder = mkdtempSync(join(tmpdir(), "raingauge-spool-"));
    const bus = await spooled(await jetStreamBus({ url: server.url, timeoutMs: 2_000 }), {
      folder,
      limitBytes: 100_000,
    });

    expect(await bus.publish(message(1))).toBe("stored");
    await server.restart();

    expect(await consumed(server.url, 1)).toEqual([message(1)]);
    await bus[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
});
