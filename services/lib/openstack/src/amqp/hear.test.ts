import { describeWith, rabbitServer, type Server } from "@raingauge/harness";
import { Connection } from "rabbitmq-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parseBroker } from "./broker.ts";
import { type Hearer, hear, type Incoming } from "./hear.ts";
import type { Session } from "./session.ts";
import type { Pool } from "./topology.ts";

await describeWith("rabbitmq-server", "hear", () => {
  let server: Server;
  beforeAll(async () => {
    server = await rabbitServer();
  });
  afterAll(() => server.stop());

  it("hears what services say on their exchanges, in order, whatever the priority and the format", async () => {
    const pool = poolNamed("one");
    const publisher = await services(server, pool.exchanges);
    await using listener = listening(server, pool);
    await listener.session();

    await publisher.say("nova", "notifications.info", "1");
    await publisher.say("nova", "versioned_notifications.error", "2");
    await publisher.say("openstack", "notifications.info", "3");
    await publisher.say("nova", "compute.compute-01", "not a notification");
    await publisher.say("nova", "notifications.info", "4");

    expect(await listener.heard(4)).toEqual(["1", "2", "3", "4"]);
    await publisher.end();
  });

  it("keeps what is said while nobody listens", async () => {
    const pool = poolNamed("two");
    const publisher = await services(server, pool.exchanges);
    const first = listening(server, pool);
    await first.session();
    await first.stop();
    await publisher.say("nova", "notifications.info", "while away");

    await using second = listening(server, pool);

    expect((await second.session()).unbroken).toBe(true);
    expect(await second.heard(1)).toEqual(["while away"]);
    await publisher.end();
  });

  it("gets again what it had not handled when it ended", async () => {
    const pool = poolNamed("three");
    const publisher = await services(server, pool.exchanges);
    const first = listening(server, pool, async () => {
      throw new Error("died in the middle");
    });
    const died = expect(first.ended).rejects.toThrow("died in the middle");
    await first.session();
    await publisher.say("nova", "notifications.info", "once more");
    await died;

    await using second = listening(server, pool);

    expect(await second.heard(1)).toEqual(["once more"]);
    await publisher.end();
  });

  it("never takes more than its prefetch, and leaves the rest with the broker", async () => {
    const pool = poolNamed("four");
    const publisher = await services(server, pool.exchanges);
    const gate = Promise.withResolvers<void>();
    await using listener = listening(server, pool, () => gate.promise, 3);
    await listener.session();
    for (let number = 1; number <= 10; number += 1) await publisher.say("nova", "notifications.info", String(number));

    await expect.poll(() => publisher.waiting(pool.queue)).toBe(7);
    gate.resolve();

    expect(await listener.heard(10)).toHaveLength(10);
    expect(Math.max(...listener.lots)).toBeLessThanOrEqual(3);
    await publisher.end();
  });

  it("knows when it has caught up with what waited", async () => {
    const pool = poolNamed("five");
    const publisher = await services(server, pool.exchanges);
    const first = listening(server, pool);
    await first.session();
    await first.stop();
    for (let number = 1; number <= 50; number += 1) await publisher.say("nova", "notifications.info", String(number));

    await using second = listening(server, pool, undefined, 5);
    const session = await second.session();

    expect(await session.caughtUp()).toBe(true);
    expect(second.bodies).toHaveLength(50);
    await publisher.end();
  });

  it("waits in a quorum queue where the cloud wants its queues so, and finds there what was said meanwhile", async () => {
    const pool: Pool = { ...poolNamed("quorum"), queueType: "quorum" };
    const publisher = await services(server, pool.exchanges);
    const first = listening(server, pool);
    await first.session();
    await first.stop();
    await publisher.say("nova", "notifications.info", "agreed");

    await using second = listening(server, pool);

    expect((await second.session()).unbroken).toBe(true);
    expect(await second.heard(1)).toEqual(["agreed"]);
    await publisher.end();
  });

  it("uses an exchange as it finds it, durable or not, and says what to do about a queue that is not as it should be", async () => {
    const pool = { ...poolNamed("six"), exchanges: ["durable-one"] };
    const operator = new Connection(server.url);
    await operator.exchangeDeclare({ exchange: "durable-one", type: "topic", durable: true });
    await operator.queueDeclare({ queue: pool.queue, durable: false });

    const listener = listening(server, pool);

    await expect.poll(() => listener.troubles).toContainEqual(expect.stringContaining("delete it there"));
    await operator.queueDelete(pool.queue);
    await listener.session();
    await listener.stop();
    await operator.close();
  });

  it("says that a password is wrong without saying it", async () => {
    const url = server.url.replace("guest:guest", "guest:hunter2");
    const listener = listening({ ...server, url }, poolNamed("seven"));

    await expect.poll(() => listener.troubles).toContainEqual(expect.stringContaining("no such user and password"));
    expect(listener.troubles.join()).not.toContain("hunter2");
    await listener.stop();
  });

  it("comes back to a broker that was killed, and knows that words may have been lost", async () => {
    const pool = poolNamed("eight");
    await using listener = listening(server, pool);
    await listener.session();

    await server.restart();
    const publisher = await services(server, pool.exchanges);
    const again = await listener.session(2);
    await publisher.say("nova", "notifications.info", "after");

    expect(again.unbroken).toBe(false);
    expect(await listener.heard(1)).toEqual(["after"]);
    await publisher.end();
  });
});

const poolNamed = (name: string): Pool => ({
  queue: `raingauge.${name}`,
  queueType: "classic",
  exchanges: ["nova", "openstack"],
  exchangesDurable: false,
  routingKeys: ["notifications.*", "versioned_notifications.*"],
});

function listening(
  { url }: Pick<Server, "url">,
  pool: Pool,
  handle: Hearer["handle"] = async () => undefined,
  prefetch = 100,
) {
  const stop = new AbortController();
  const sessions: Session[] = [];
  const troubles: string[] = [];
  const bodies: string[] = [];
  const lots: number[] = [];
  const hearer: Hearer = {
    async handle(messages: readonly Incoming[]) {
      await handle(messages);
      lots.push(messages.length);
      bodies.push(...messages.map(({ body }) => String(body)));
    },
    connected: (session) => sessions.push(session),
    disconnected: () => undefined,
    trouble: (sentence) => troubles.push(sentence),
  };
  const ended = hear({ broker: parseBroker(url), pool, prefetch }, hearer, stop.signal);
  const ending = async (): Promise<void> => {
    stop.abort();
    await ended;
  };
  return {
    troubles,
    bodies,
    lots,
    ended,
    stop: ending,
    [Symbol.asyncDispose]: ending,
    async session(which = 1): Promise<Session> {
      await expect.poll(() => sessions.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(which);
      return sessions[which - 1]!;
    },
    async heard(count: number): Promise<readonly string[]> {
      await expect.poll(() => bodies.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(count);
      return bodies;
    },
  };
}

/** OpenStack's services, as far as RabbitMQ knows them. */
async function services({ url }: Server, exchanges: readonly string[]) {
  const connection = new Connection(url);
  connection.on("error", () => undefined);
  const publisher = connection.createPublisher({
    confirm: true,
    exchanges: exchanges.map((exchange) => ({ exchange, type: "topic" })),
  });
  return {
    say: (exchange: string, routingKey: string, body: string) =>
      publisher.send({ exchange, routingKey, durable: true, contentType: "text/plain" }, body),
    waiting: async (queue: string) => (await connection.queueDeclare({ queue, passive: true })).messageCount,
    async end() {
      await publisher.close();
      await connection.close();
    },
  };
}
