import type { Bus, Delivery, Fate, Message } from "@raingauge/bus";
import type { Facts, Tracer } from "./tracer.ts";

/**
 * The same bus, each message followed: a span while it is published, and one from when it is handed over until its fate is
 * decided. Put it beneath a spool, not above: what waits on disk keeps the trace that it came with.
 */
export const tracedBus = (bus: Bus, tracer: Tracer): Bus => ({
  async publish(message) {
    const span = tracer.begin({ name: "publish", kind: "producer", trace: message.trace, facts: factsOf(message) });
    try {
      const outcome = await bus.publish(span.trace === undefined ? message : { ...message, trace: span.trace });
      span.end({ outcome });
      return outcome;
    } catch (error) {
      span.end({ "error.type": error instanceof Error ? error.name : "unknown" });
      throw error;
    }
  },
  consume: (handle, options) => bus.consume((deliveries) => followed(tracer, deliveries, handle), options),
  backlog: () => bus.backlog(),
  rejected: (after) => bus.rejected(after),
  replay: (sequence) => bus.replay(sequence),
  [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
});

async function followed(
  tracer: Tracer,
  deliveries: readonly Delivery[],
  handle: (deliveries: readonly Delivery[]) => Promise<readonly Fate[]>,
): Promise<readonly Fate[]> {
  const spans = deliveries.map(({ message, position, attempt }) =>
    tracer.begin({
      name: "store",
      kind: "consumer",
      trace: message.trace,
      facts: { ...factsOf(message), "messaging.message.sequence": String(position.sequence), attempt },
    }),
  );
  let fates: readonly Fate[] = [];
  try {
    fates = await handle(deliveries);
    return fates;
  } finally {
    for (const [index, span] of spans.entries()) span.end({ fate: nameOf(fates[index]) });
  }
}

const nameOf = (fate: Fate | undefined): string => {
  if (fate === undefined) return "thrown";
  return typeof fate === "string" ? fate : "reject";
};

const factsOf = ({ id, kind, region, service, body }: Message): Facts => ({
  "messaging.system": "nats",
  "messaging.message.id": id,
  "messaging.message.body.size": body.length,
  kind,
  region,
  service,
});
