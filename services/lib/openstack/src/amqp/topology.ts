import type { Channel, Connection } from "rabbitmq-client";
import { codeOf, sentence } from "./trouble.ts";

/** Which messages are wanted, and in which queue they wait for us. */
export interface Pool {
  /**
   * A queue of our own beside those of other consumers, who would otherwise each get a part. It is durable, not exclusive,
   * and stays when nobody listens: what is said in the meantime waits.
   */
  readonly queue: string;
  readonly queueType: "classic" | "quorum";
  /** One for each service, named by its `control_exchange`. */
  readonly exchanges: readonly string[];
  /** As the services are configured (`amqp_durable_queues`); it only matters for an exchange that is not there yet. */
  readonly exchangesDurable: boolean;
  /** `notifications.*`, `versioned_notifications.*`, … */
  readonly routingKeys: readonly string[];
}

/** The broker refused something that asking again will not change; the sentence says what to do. */
export class BrokerRefused extends Error {
  override readonly name = "BrokerRefused";
}

/**
 * Makes sure that what is wanted reaches the queue. True if it has done so since an earlier time, without a gap: the queue
 * was there, and the broker has not been restarted, which would have forgotten bindings to exchanges that do not last.
 */
export async function prepare(connection: Connection, pool: Pool): Promise<boolean> {
  const canary = `${pool.queue}.canary`;
  const queueThere = await isThere(connection, (channel) => channel.queueDeclare({ queue: pool.queue, passive: true }));
  const canaryThere = await isThere(connection, (channel) =>
    channel.exchangeDeclare({ exchange: canary, passive: true }),
  );
  for (const exchange of pool.exchanges) await prepareExchange(connection, exchange, pool.exchangesDurable);
  await prepareQueue(connection, pool);
  if (!canaryThere)
    await declared(connection, `the exchange ${canary}`, (channel) => channel.exchangeDeclare(LOST_AT_RESTART(canary)));
  return queueThere && canaryThere;
}

/** An exchange that does not outlive the broker, and so tells whether the broker is still the one that it was. */
const LOST_AT_RESTART = (exchange: string) => ({ exchange, type: "fanout", durable: false });

/** Found as it is, or made as oslo makes it: a publisher who comes later must find the properties that it expects. */
async function prepareExchange(connection: Connection, exchange: string, durable: boolean): Promise<void> {
  if (await isThere(connection, (channel) => channel.exchangeDeclare({ exchange, passive: true }))) return;
  await declared(connection, `the exchange ${exchange}`, (channel) =>
    channel.exchangeDeclare({ exchange, type: "topic", durable }),
  );
}

const prepareQueue = (connection: Connection, { queue, queueType, exchanges, routingKeys }: Pool): Promise<void> =>
  declared(connection, `the queue ${queue}`, async (channel) => {
    await channel.queueDeclare({ queue, durable: true, arguments: { "x-queue-type": queueType } });
    for (const exchange of exchanges) {
      for (const routingKey of routingKeys) await channel.queueBind({ queue, exchange, routingKey });
    }
  });

/** A refusal closes the channel that it came by, so every question has one of its own. */
async function isThere(connection: Connection, ask: (channel: Channel) => Promise<unknown>): Promise<boolean> {
  const channel = await connection.acquire();
  try {
    await ask(channel);
    return true;
  } catch (error) {
    if (codeOf(error) === "NOT_FOUND") return false;
    throw error;
  } finally {
    await channel.close();
  }
}

async function declared(
  connection: Connection,
  what: string,
  declare: (channel: Channel) => Promise<unknown>,
): Promise<void> {
  const channel = await connection.acquire();
  try {
    await declare(channel);
  } catch (error) {
    if (!REFUSALS.includes(codeOf(error))) throw error;
    throw new BrokerRefused(sentence(error, `declaring ${what}`), { cause: error });
  } finally {
    await channel.close();
  }
}

const REFUSALS = ["PRECONDITION_FAILED", "ACCESS_REFUSED", "NOT_ALLOWED", "RESOURCE_LOCKED"];
