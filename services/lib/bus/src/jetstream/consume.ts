import { AckPolicy, DeliverPolicy, type JetStreamManager } from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";
import { BusUnavailable, type Consuming, type Delivery, type Fate } from "../bus.ts";
import { restMs } from "../retry.ts";
import { messageOf } from "./address.ts";
import type { Connection } from "./connection.ts";
import { Pull } from "./pull.ts";
import type { Pulled } from "./pulled.ts";
import { lifeOf, STREAM } from "./streams.ts";

export type Handle = (deliveries: readonly Delivery[]) => Promise<readonly Fate[]>;

export interface Collaborators {
  readonly connection: Connection;
  readonly manager: JetStreamManager;
  /** False where there is no room for it, or no answer. */
  readonly reject: (delivery: Delivery, reason: string) => Promise<boolean>;
  /** How long the server waits for a fate, or for a word that it is still being decided, before it hands over again. */
  readonly ackWaitMs: number;
}

/** Hands over what the stream holds until the signal aborts. Throws BusUnavailable where it cannot go on. */
export async function consume(by: Collaborators, handle: Handle, options: Consuming): Promise<void> {
  // A stream made anew counts from 1, and the store would take its messages for some that it has: so its life is asked for,
  // and holds for as long as the connection does, as does every word about its messages. Whoever consumes again asks again.
  const lost = by.connection.lost();
  const life = lifeOf(await by.manager.streams.info(STREAM));
  const pull = new Pull(by.connection, await durable(by, options.consumer), lost);
  let inHand: readonly Pulled[] = [];
  const patience = setInterval(() => stillWorking([...inHand, ...pull.waiting]), by.ackWaitMs / 3);
  const wake = (): void => pull.wake();
  options.signal.addEventListener("abort", wake);
  try {
    while (!options.signal.aborted) {
      inHand = await pull.some(options.batchMessages);
      const deliveries = inHand.map((pulled) => deliveryOf(pulled, life));
      const fates = deliveries.length === 0 ? [] : await handle(deliveries);
      if (lost.aborted) throw new BusUnavailable("the connection was lost before the fates could be told");
      await settleAll(inHand, deliveries, fates, by.reject);
    }
  } finally {
    options.signal.removeEventListener("abort", wake);
    clearInterval(patience);
    const left = [...inHand, ...(await pull.close())];
    if (!lost.aborted) giveBack(left);
    await by.connection.flush();
  }
}

/** What rests after a retry counts too: so many poisoned messages may wait for room among the rejects. */
const UNSETTLED_MESSAGES = 10_000;

/**
 * One durable pull consumer for all who name it; where requests for its messages go. Its filter is the whole stream: several
 * filters need nats-server 2.10.
 */
async function durable({ manager, ackWaitMs }: Collaborators, name: string): Promise<string> {
  await manager.consumers.add(STREAM, {
    durable_name: name,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(ackWaitMs),
    deliver_policy: DeliverPolicy.All,
    max_ack_pending: UNSETTLED_MESSAGES,
  });
  return `${manager.jetstream().apiPrefix}.CONSUMER.MSG.NEXT.${STREAM}.${name}`;
}

const deliveryOf = ({ sequence, attempt, message }: Pulled, life: string): Delivery => ({
  position: { stream: life, sequence },
  message: messageOf(message.headers, message.data),
  attempt,
});

async function settleAll(
  messages: readonly Pulled[],
  deliveries: readonly Delivery[],
  fates: readonly Fate[],
  reject: Collaborators["reject"],
): Promise<void> {
  if (fates.length !== messages.length) {
    throw new RangeError(`${messages.length} messages were handed over, ${fates.length} fates came back`);
  }
  for (const [index, pulled] of messages.entries()) {
    const [delivery, fate] = [deliveries[index], fates[index]];
    if (delivery === undefined || fate === undefined) continue;
    const done = fate === "done" || (fate !== "retry" && (await reject(delivery, fate.reject)));
    if (done) pulled.done();
    else pulled.again(restMs(delivery.attempt));
  }
}

const stillWorking = (messages: readonly Pulled[]): void => {
  for (const pulled of messages) pulled.working();
};

/** To be handed over again at once; what is settled stays settled. */
const giveBack = (messages: readonly Pulled[]): void => {
  for (const pulled of messages) pulled.again();
};
