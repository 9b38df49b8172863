import { setTimeout as pause } from "node:timers/promises";
import type { Channel, Connection } from "rabbitmq-client";
import type { Broker } from "./broker.ts";
import { connectionTo } from "./connection.ts";
import type { Incoming } from "./hear.ts";
import type { Pool } from "./topology.ts";
import { codeOf, sentence } from "./trouble.ts";

/** Whether what is said on an exchange reaches the queue. */
export type Reach = "bound" | "unbound" | "missing" | { readonly unknown: string };

/** What a broker shows of a pool, without anything being changed there. */
export interface Examined {
  /** Undefined where there is none. */
  readonly queue: { readonly messages: number; readonly consumers: number } | undefined;
  readonly reach: ReadonlyMap<string, Reach>;
  /** What was said while we listened, on a queue of our own that is gone afterwards. */
  readonly heard: readonly Incoming[];
}

export interface Examining {
  readonly broker: Broker;
  readonly pool: Pool;
  readonly listenMs: number;
  /** Called once listening has begun: makes services speak, where that is possible. */
  readonly provoke?: () => Promise<unknown>;
  readonly signal: AbortSignal;
}

/** The broker could not be asked; the sentence says why, and holds no credentials. */
export class BrokerUnavailable extends Error {
  override readonly name = "BrokerUnavailable";
}

/** Looks at the broker as the listener would use it. Throws BrokerUnavailable. */
export async function examine({ broker, pool, listenMs, provoke, signal }: Examining): Promise<Examined> {
  const connection = connectionTo(broker, "raingauge doctor");
  try {
    await connected(connection);
    const queue = await queueOf(connection, pool.queue);
    const reach = new Map<string, Reach>();
    for (const exchange of pool.exchanges) reach.set(exchange, await reachOf(connection, exchange, pool));
    const speaking = pool.exchanges.filter((exchange) => reach.get(exchange) !== "missing");
    const heard = await overhear(connection, speaking, pool, async () => {
      await provoke?.();
      await pause(listenMs, undefined, { signal }).catch(() => undefined);
    });
    return { queue, reach, heard };
  } catch (error) {
    if (error instanceof BrokerUnavailable) throw error;
    throw new BrokerUnavailable(sentence(error, "examining the broker"));
  } finally {
    connection.unsafeDestroy();
  }
}

const CONNECT_MS = 10_000;

/** Every host of the broker is tried in that time; what the last one said is the reason, and a refusal is final. */
async function connected(connection: Connection): Promise<void> {
  let last: unknown;
  const refused = Promise.withResolvers<never>();
  connection.on("error", (error: unknown) => {
    last = error;
    if (["ACCESS_REFUSED", "NOT_ALLOWED"].includes(codeOf(error))) refused.reject(error);
  });
  try {
    await Promise.race([connection.onConnect(CONNECT_MS, true), refused.promise]);
  } catch (error) {
    throw new BrokerUnavailable(sentence(last ?? error, "connecting to RabbitMQ"));
  }
}

async function queueOf(connection: Connection, queue: string): Promise<Examined["queue"]> {
  try {
    const { messageCount, consumerCount } = await onChannel(connection, (channel) =>
      channel.queueDeclare({ queue, passive: true }),
    );
    return { messages: messageCount, consumers: consumerCount };
  } catch (error) {
    if (codeOf(error) === "NOT_FOUND") return undefined;
    throw error;
  }
}

/**
 * Says something on the exchange that only whoever takes every priority can get, and that lasts no longer than it takes to hand
 * it over: the broker returns it if nobody is bound. The listener knows it and ignores it.
 */
async function reachOf(connection: Connection, exchange: string, { routingKeys }: Pool): Promise<Reach> {
  try {
    return await onChannel(connection, async (channel) => {
      await channel.exchangeDeclare({ exchange, passive: true });
      await channel.confirmSelect();
      let returned = 0;
      channel.on("basic.return", () => {
        returned += 1;
      });
      const keys = routingKeys.map((key) => key.replaceAll(/[*#]/g, "raingauge"));
      for (const routingKey of keys)
        await channel.basicPublish({ exchange, routingKey, mandatory: true, expiration: "0", ...OSLO }, PROBE());
      // What was returned may still be on its way when the last word is confirmed; another answer comes after it.
      await channel.exchangeDeclare({ exchange, passive: true });
      return returned === 0 ? "bound" : "unbound";
    });
  } catch (error) {
    if (codeOf(error) === "NOT_FOUND") return "missing";
    return { unknown: sentence(error, `saying something on ${exchange}`) };
  }
}

const OSLO = { contentType: "application/json", contentEncoding: "utf-8" } as const;

/** The type of notification that is said to see whether it arrives. */
export const PROBE_TYPE = "raingauge.probe";

const PROBE = (): Buffer =>
  Buffer.from(
    JSON.stringify({
      message_id: crypto.randomUUID(),
      publisher_id: "raingauge.doctor",
      event_type: PROBE_TYPE,
      priority: "INFO",
      timestamp: new Date().toISOString().replace("T", " ").replace("Z", ""),
      payload: {},
    }),
  );

/** What is said meanwhile: a flood says nothing more after so many. */
const HEARD_MAX = 10_000;

async function overhear(
  connection: Connection,
  exchanges: readonly string[],
  { routingKeys }: Pool,
  meanwhile: () => Promise<void>,
): Promise<readonly Incoming[]> {
  const heard: Incoming[] = [];
  await onChannel(connection, async (channel) => {
    const { queue } = await channel.queueDeclare({ queue: "", exclusive: true, autoDelete: true });
    for (const exchange of exchanges)
      for (const routingKey of routingKeys) await channel.queueBind({ queue, exchange, routingKey });
    await channel.basicConsume({ queue, noAck: true }, ({ body, exchange, routingKey }) => {
      if (heard.length < HEARD_MAX) heard.push({ body, exchange, routingKey });
    });
    await meanwhile();
  });
  return heard;
}

/** A refusal closes the channel that it came by, so every question has one of its own. */
async function onChannel<T>(connection: Connection, ask: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = await connection.acquire();
  try {
    return await ask(channel);
  } finally {
    await channel.close();
  }
}
