import type { Pool } from "@raingauge/openstack";
import { type Channel, Connection } from "rabbitmq-client";

/** RabbitMQ with nothing of ours around it. */
export interface AmqpAlone extends AsyncDisposable {
  /** Two queues that get the same messages: one for us, one for the driver alone. */
  prepare(pools: readonly Pool[]): Promise<void>;
  /** Takes and acknowledges so many messages. */
  consume(queue: string, count: number, prefetch: number): Promise<void>;
}

export function amqpAlone(url: string): AmqpAlone {
  const connection = new Connection(url);
  return {
    async prepare(pools) {
      const channel = await connection.acquire();
      for (const pool of pools) await declare(channel, pool);
      await channel.close();
    },
    async consume(queue, count, prefetch) {
      const channel = await connection.acquire();
      await channel.basicQos({ prefetchCount: prefetch });
      await taken(channel, queue, count, Math.ceil(prefetch / 5));
      await channel.close();
    },
    [Symbol.asyncDispose]: () => connection.close(),
  };
}

async function declare(
  channel: Channel,
  { queue, queueType, exchanges, exchangesDurable, routingKeys }: Pool,
): Promise<void> {
  await channel.queueDeclare({ queue, durable: true, arguments: { "x-queue-type": queueType } });
  for (const exchange of exchanges) {
    await channel.exchangeDeclare({ exchange, type: "topic", durable: exchangesDurable });
    for (const routingKey of routingKeys) await channel.queueBind({ queue, exchange, routingKey });
  }
}

/** Acknowledges several at a time, as we do: that is the fastest way there is. */
const taken = (channel: Channel, queue: string, count: number, together: number): Promise<void> =>
  new Promise((resolve, reject) => {
    let left = count;
    const take = ({ deliveryTag }: { readonly deliveryTag: number }): void => {
      left -= 1;
      if (left % together === 0) channel.basicAck({ deliveryTag, multiple: true });
      if (left === 0) resolve();
    };
    channel.on("error", reject);
    channel.basicConsume({ queue }, take).catch(reject);
  });
