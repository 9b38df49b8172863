import type { Message } from "@raingauge/bus";
import type { Instant } from "@raingauge/domain";
import type { Incoming } from "@raingauge/openstack";
import type { Log } from "@raingauge/runtime";
import { type Facts, type Span, silentTracer, type Tracer } from "@raingauge/traces";
import { type Packet, packets } from "@raingauge/wire";
import type { ListenerMetrics } from "./metrics.ts";
import { type Listening, type Outcome, outcomeOf } from "./outcome.ts";
import { type Post, untilTaken } from "./post.ts";
import type { Aside, SetAside } from "./set-aside.ts";

export interface Settling extends Listening {
  readonly post: Post;
  readonly setAside: SetAside;
  readonly log: Log;
  readonly metrics: ListenerMetrics;
  readonly tracer?: Tracer;
  readonly now: () => Instant;
  readonly signal: AbortSignal;
}

/** Gives each message its fate. Resolves when all of them have it, and none can be lost any more. */
export async function settle(messages: readonly Incoming[], settling: Settling): Promise<void> {
  const outcomes = messages.map((message) => {
    const span = begun(message, settling);
    return { message, span, outcome: outcomeOf(message, settling) };
  });
  const told = outcomes.flatMap(({ outcome, span }) =>
    outcome.kind === "heard" ? followed(outcome.packets, span) : [],
  );
  await settling.post(told);
  for (const { message, outcome } of outcomes) if (outcome.kind === "refused") await put(message, outcome, settling);
  for (const { outcome, span } of outcomes) span.end(factsOf(outcome));
  count(
    outcomes.map(({ outcome }) => outcome),
    told.length,
    settling,
  );
}

/** From when RabbitMQ handed the message over until it may be acknowledged. */
const begun = ({ exchange, routingKey }: Incoming, { tracer = silentTracer, region }: Settling): Span =>
  tracer.begin({
    name: "notification",
    kind: "consumer",
    facts: {
      "messaging.system": "rabbitmq",
      "messaging.destination.name": exchange,
      "messaging.rabbitmq.destination.routing_key": routingKey,
      region,
    },
  });

const followed = (heard: readonly Packet[], { trace }: Span): readonly Message[] =>
  trace === undefined ? heard : heard.map((packet) => ({ ...packet, trace }));

function factsOf(outcome: Outcome): Facts {
  if (outcome.kind === "heard") return { outcome: "heard", packets: outcome.packets.length };
  if (outcome.kind === "ignored") return { outcome: "ignored", reason: outcome.reason };
  return { outcome: "refused", problem: outcome.problem };
}

type Refused = Extract<Outcome, { kind: "refused" }>;

/** What cannot be parsed stays here, whole; the bus carries that there is such a thing, and why. */
async function put(message: Incoming, { problem, sentence }: Refused, settling: Settling): Promise<void> {
  const { setAside, log, post, now, signal, region } = settling;
  const { exchange, routingKey, body } = message;
  const said = { reason: sentence, exchange, routingKey, at: now(), body: bytesOf(body) };
  const aside = await untilTaken(() => setAside.keep(said), log, signal);
  log.warn("message set aside", { digest: aside.digest, problem, reason: sentence, bytes: aside.body.length });
  await post(packets({ samples: [], events: [notice(aside, problem, region)], coverage: [] }, "listener"));
}

const notice = ({ digest, reason, exchange, routingKey, at, body }: Aside, problem: string, region: string) => ({
  id: `aside-${digest}`,
  type: "raingauge.message.set_aside",
  region,
  source: "listener",
  at,
  attributes: { digest, problem, reason, exchange, routing_key: routingKey, bytes: String(body.length) },
});

/** The driver has already parsed what called itself JSON; its bytes are then ours, and not the sender's. */
const bytesOf = (body: unknown): Uint8Array =>
  body instanceof Uint8Array ? body : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));

function count(outcomes: readonly Outcome[], packetCount: number, { metrics, setAside }: Settling): void {
  metrics.received.add(outcomes.length);
  metrics.packets.add(packetCount);
  for (const outcome of outcomes) {
    if (outcome.kind === "heard") metrics.published.add(1);
    else if (outcome.kind === "ignored") metrics.ignored.add(1, { reason: outcome.reason });
    else metrics.refused.add(1, { problem: outcome.problem });
  }
  metrics.asideMessages.set(setAside.held.messages);
  metrics.asideBytes.set(setAside.held.bytes);
}
