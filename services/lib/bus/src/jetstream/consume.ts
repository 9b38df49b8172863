import { AckPolicy, DeliverPolicy, type JetStreamManager } from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";
import { AtOnce } from "../at-once.ts";
import type { Consuming } from "../bus.ts";
import type { Connection } from "./connection.ts";
import { Hand, type Handle, type Reject } from "./hand.ts";
import type { Held } from "./held.ts";
import { Pull } from "./pull.ts";
import { stranded } from "./stranded.ts";
import { lifeOf, STREAM } from "./streams.ts";

export interface Collaborators {
  readonly connection: Connection;
  readonly manager: JetStreamManager;
  readonly reject: Reject;
  /** How long the server waits for a fate, or for a word that it is still being decided, before it hands over again. */
  readonly ackWaitMs: number;
}

/** Hands over what the stream holds until the signal aborts. Throws BusUnavailable where it cannot go on. */
export async function consume(by: Collaborators, handle: Handle, options: Consuming): Promise<void> {
  // A stream made anew counts from 1, and the store would take its messages for some that it has: so its life is asked for,
  // and holds for as long as the connection does, as does every word about its messages. Whoever consumes again asks again.
  const lost = by.connection.lost();
  const life = lifeOf(await by.manager.streams.info(STREAM));
  const pull = new Pull(
    by.connection,
    { subject: await durable(by, options.consumer), wanted: options.batchMessages },
    lost,
  );
  const hand = new Hand({ life, lost, handle, reject: by.reject });
  const patience = setInterval(() => stillWorking([...hand.held, ...pull.waiting]), by.ackWaitMs / 3);
  const wake = (): void => pull.wake();
  const hands = new AtOnce(options.handsAtOnce ?? 1, wake);
  options.signal.addEventListener("abort", wake);
  let sweepAt = 0;
  try {
    while (!options.signal.aborted && !hands.failed) {
      if (performance.now() >= sweepAt) {
        await hands.end();
        await sweep(by.manager, options, hand);
        sweepAt = performance.now() + 2 * by.ackWaitMs;
      }
      const messages = await pull.some(options.batchMessages);
      if (messages.length > 0) await hands.begin(() => hand.over(messages));
    }
    await hands.end();
  } finally {
    await hands.quiet();
    options.signal.removeEventListener("abort", wake);
    clearInterval(patience);
    const left = [...hand.held, ...(await pull.close())];
    if (!lost.aborted) giveBack(left);
    await by.connection.flush();
  }
}

async function sweep(manager: JetStreamManager, { consumer, batchMessages }: Consuming, hand: Hand): Promise<void> {
  let some: Held[] = [];
  for await (const held of stranded(manager, consumer)) {
    some.push(held);
    if (some.length < batchMessages) continue;
    await hand.over(some);
    some = [];
  }
  await hand.over(some);
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

const stillWorking = (messages: readonly Held[]): void => {
  for (const held of messages) held.working();
};

/** To be handed over again at once; what is settled stays settled. */
const giveBack = (messages: readonly Held[]): void => {
  for (const held of messages) held.again();
};
