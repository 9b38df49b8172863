import type { Broker, Pool } from "@raingauge/openstack";
import {
  BrokerUnavailable,
  EnvelopeError,
  type Examined,
  examine,
  type Incoming,
  openEnvelope,
} from "@raingauge/openstack";
import { type Finding, unsure, well, wrong } from "./finding.ts";

/** Something that was said while we listened. */
export interface Overheard {
  readonly exchange: string;
  readonly type: string;
  /** Which of Nova's two formats, by its topic. */
  readonly isVersioned: boolean;
}

export interface BrokerLook {
  /** Undefined where the broker could not be asked. */
  readonly examined: Examined | undefined;
  readonly overheard: readonly Overheard[];
  readonly findings: readonly Finding[];
}

export interface BrokerAsking {
  readonly broker: Broker;
  readonly pool: Pool;
  readonly listenMs: number;
  readonly provoke: () => Promise<unknown>;
  readonly signal: AbortSignal;
}

export async function brokerLook(asking: BrokerAsking): Promise<BrokerLook> {
  try {
    const examined = await examine(asking);
    const overheard = examined.heard.flatMap(understood);
    return {
      examined,
      overheard,
      findings: [queueFinding(examined, asking.pool), ...boundFindings(examined, asking.pool)],
    };
  } catch (error) {
    if (!(error instanceof BrokerUnavailable)) throw error;
    return {
      examined: undefined,
      overheard: [],
      findings: [wrong("rabbitmq", error.message, "mend RAINGAUGE_RABBIT_URL, or the broker")],
    };
  }
}

function queueFinding({ queue }: Examined, { queue: name }: Pool): Finding {
  if (queue === undefined)
    return wrong(
      "rabbitmq",
      `there is no queue ${name}: no listener has ever been here`,
      "start the listener, which makes it",
    );
  const says = `the queue ${name} holds ${queue.messages} messages and has ${queue.consumers} listener(s)`;
  if (queue.consumers === 0) return wrong("rabbitmq", says, "start the listener; what is said waits until then");
  return queue.messages > BEHIND_MESSAGES
    ? wrong("rabbitmq", says, "the listener is behind: look at its log and at the bus")
    : well("rabbitmq", says);
}

const BEHIND_MESSAGES = 10_000;

function boundFindings({ queue, reach }: Examined, { queue: name }: Pool): Finding[] {
  if (queue === undefined) return [];
  const of = (wanted: string): string[] => [...reach].flatMap(([exchange, how]) => (how === wanted ? [exchange] : []));
  const [bound, unbound] = [of("bound"), of("unbound")];
  const unknown = [...reach].flatMap(([, how]) => (typeof how === "string" ? [] : [how.unknown]));
  return [
    ...(bound.length > 0 ? [well("rabbitmq", `what is said on ${bound.join(", ")} reaches a queue`)] : []),
    ...(unbound.length > 0
      ? [
          wrong(
            "rabbitmq",
            `what is said on ${unbound.join(", ")} reaches nobody`,
            `restart the listener, which binds ${name}; RAINGAUGE_LISTENER_EXCHANGES must name them`,
          ),
        ]
      : []),
    ...(unknown.length > 0
      ? [
          unsure(
            "rabbitmq",
            `${unknown[0]}${unknown.length > 1 ? `, and ${unknown.length - 1} more` : ""}`,
            "let its user write to the exchanges, or compare `rabbitmqctl list_bindings` by hand",
          ),
        ]
      : []),
  ];
}

/** What is no notification is the listener's to set aside. */
function understood({ body, exchange, routingKey }: Incoming): Overheard[] {
  try {
    return [{ exchange, type: openEnvelope(body).type, isVersioned: routingKey.startsWith("versioned_") }];
  } catch (error) {
    if (error instanceof EnvelopeError) return [];
    throw error;
  }
}
