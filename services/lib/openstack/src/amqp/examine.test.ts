import { describeWith, rabbitServer, type Server } from "@raingauge/harness";
import { Connection } from "rabbitmq-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parseBroker } from "./broker.ts";
import { type Examining, examine, PROBE_TYPE } from "./examine.ts";
import type { Pool } from "./topology.ts";

const POOL: Pool = {
  queue: "ours",
  queueType: "classic",
  exchanges: ["nova", "glance", "heat"],
  exchangesDurable: false,
  routingKeys: ["notifications.*", "versioned_notifications.*"],
};

await describeWith("rabbitmq-server", "examine", () => {
  let server: Server;
  let rabbit: Connection;
  beforeAll(async () => {
    server = await rabbitServer();
    rabbit = new Connection(server.url);
    for (const exchange of ["nova", "glance"]) await rabbit.exchangeDeclare({ exchange, type: "topic" });
  });
  afterAll(async () => {
    await rabbit.close();
    await server.stop();
  });

  it("sees that nobody has ever listened, and leaves nothing behind", async () => {
    const { queue, reach, heard } = await examine(asking());

    expect(queue).toBeUndefined();
    expect([...reach]).toEqual([
      ["nova", "unbound"],
      ["glance", "unbound"],
      ["heat", "missing"],
    ]);
    expect(heard).toEqual([]);
    await expect(rabbit.exchangeDeclare({ exchange: "heat", passive: true })).rejects.toThrow("NOT_FOUND");
  });

  it("sees whose words reach the queue, how much waits and how many listen", async () => {
    await rabbit.queueDeclare({ queue: "ours", durable: true });
    await rabbit.queueBind({ queue: "ours", exchange: "nova", routingKey: "notifications.*" });
    await rabbit.queueBind({ queue: "ours", exchange: "nova", routingKey: "versioned_notifications.*" });
    await rabbit.queueBind({ queue: "ours", exchange: "glance", routingKey: "notifications.*" });
    await say("nova", "notifications.info", "waits");

    const { queue, reach } = await examine(asking());

    expect(queue).toEqual({ messages: 1, consumers: 0 });
    expect(reach.get("nova")).toBe("bound");
    expect(reach.get("glance"), "one of two topics reaches nobody").toBe("unbound");
  });

  it("leaves nothing for a listener that comes later, and hands one that is there a notification that it knows", async () => {
    const got: unknown[] = [];
    const channel = await rabbit.acquire();
    await channel.basicConsume({ queue: "ours", noAck: true }, ({ body }) => got.push(String(body)));
    await expect.poll(() => got, { timeout: 30_000 }).toEqual(["waits"]);

    await examine(asking());

    await expect.poll(() => got.length, { timeout: 30_000 }).toBe(4);
    for (const probe of got.slice(1)) expect(JSON.parse(String(probe))).toMatchObject({ event_type: PROBE_TYPE });
    await channel.close();
  });

  it("overhears what is said meanwhile, from the first word that it provokes", async () => {
    const { heard } = await examine(
      asking({ provoke: () => say("glance", "notifications.info", "provoked"), listenMs: 500 }),
    );

    expect(heard).toMatchObject([{ exchange: "glance", routingKey: "notifications.info" }]);
  });

  it("says in one sentence why it cannot ask, without the password", async () => {
    const wrong = server.url.replace("guest:guest", "guest:hush");

    await expect(examine({ ...asking(), broker: parseBroker(wrong) })).rejects.toThrow(
      /^connecting to RabbitMQ failed/,
    );
    await expect(examine({ ...asking(), broker: parseBroker(wrong) })).rejects.not.toThrow("hush");
  });

  async function say(exchange: string, routingKey: string, body: string): Promise<void> {
    const publisher = rabbit.createPublisher({ confirm: true });
    await publisher.send({ exchange, routingKey }, Buffer.from(body));
    await publisher.close();
  }

  const asking = (more: Partial<Examining> = {}): Examining => ({
    broker: parseBroker(server.url),
    pool: POOL,
    listenMs: 0,
    signal: new AbortController().signal,
    ...more,
  });
});
