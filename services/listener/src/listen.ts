import { setTimeout as pause } from "node:timers/promises";
import type { Bus } from "@raingauge/bus";
import type { Definitions } from "@raingauge/definitions";
import { type Instant, MINUTE_MS } from "@raingauge/domain";
import { type Hearer, type Hearing, hear } from "@raingauge/openstack";
import type { Log } from "@raingauge/runtime";
import type { Tracer } from "@raingauge/traces";
import { packets } from "@raingauge/wire";
import { type Attendance, attendance } from "./attendance.ts";
import type { LeftOutTeller } from "./defined.ts";
import type { ListenerMetrics } from "./metrics.ts";
import { newsOnly } from "./outcome.ts";
import { poster } from "./post.ts";
import type { SetAside } from "./set-aside.ts";
import { type Settling, settle } from "./settle.ts";

export interface Collaborators {
  readonly definitions?: Definitions;
  readonly bus: Bus;
  readonly setAside: SetAside;
  readonly log: Log;
  readonly metrics: ListenerMetrics;
  readonly tracer?: Tracer;
  readonly now: () => Instant;
}

export interface ListenOptions {
  readonly region: string;
  /** The region's brokers, which is one unless its services talk over several. */
  readonly hearings: readonly Hearing[];
  /** Remembers until when nothing was missed. */
  readonly attendanceFile: string;
  readonly confirmEveryMs?: number;
  /** Hears why something cannot come in, and `undefined` when all can again. */
  readonly tellAway?: (reason: string | undefined) => void;
}

/**
 * From RabbitMQ to the bus, until `signal` aborts. A message is acknowledged when what it comes to is on the bus or in its
 * spool, or the message itself is set aside; until then it stays with RabbitMQ, which is also where everything waits that
 * nothing takes. Each minute it is published how far nothing was missed.
 */
export async function listen(collaborators: Collaborators, options: ListenOptions, signal: AbortSignal): Promise<void> {
  const { bus, log, metrics, now } = collaborators;
  const { region, hearings, attendanceFile, confirmEveryMs = MINUTE_MS, tellAway = () => undefined } = options;
  const post = poster(bus, log, signal);
  const present = await attendance({
    region,
    agent: named(hearings),
    queues: hearings.length,
    file: attendanceFile,
    now,
    publish: (coverage) => post(packets({ samples: [], events: [], coverage: [coverage] }, "listener")),
  });
  const settling: Settling = {
    ...collaborators,
    region,
    isNews: newsOnly(),
    leftOut: leftOutOf(collaborators),
    post,
    signal,
  };
  const confirm = async (): Promise<void> => {
    const coverage = await present.confirm();
    if (coverage !== undefined) metrics.confirmedUntil.set(coverage.period.end / 1_000, { region });
  };
  const state = presence(hearings.length, tellAway);
  const heard = hearings.map((hearing, queue) => hear(hearing, hearer(settling, present, { ...state, queue }), signal));
  const all = [...heard, every(confirmEveryMs, signal, confirm)];
  await Promise.all(all.map((each) => each.catch(unlessStopped(signal))));
}

/** Counted each time, and said once for each meter and reason: a definition that fits no message fails with every one. */
function leftOutOf({ metrics, log }: Collaborators): LeftOutTeller {
  const said = new Set<string>();
  return ({ meter, reason }) => {
    metrics.leftOut.add(1, { meter });
    const key = `${meter} ${reason}`;
    if (said.has(key)) return;
    if (said.size < REASONS_MAX) said.add(key);
    log.warn("reading left out", { meter, reason });
  };
}

const REASONS_MAX = 1_000;

/** Names what is listened to. A queue alone where there is only one, so that a broker may move; else each with its broker. */
const named = (hearings: readonly Hearing[]): string =>
  hearings.length === 1
    ? hearings.map(({ pool }) => pool.queue).join()
    : hearings.map(({ pool, broker }) => `${pool.queue}@${broker.hosts.join("+")}${broker.vhost}`).join(" ");

interface Presence {
  /** This one can be heard, or cannot for this reason. How many can be. */
  readonly tell: (queue: number, reason?: string) => number;
  /** It cannot any more, for the reason that is known, if any is. */
  readonly lost: (queue: number) => number;
}

/** The region is away for as long as any of its brokers is, and for that one's reason. */
function presence(queues: number, tellAway: (reason: string | undefined) => void): Presence {
  const away = new Map<number, string>(
    Array.from({ length: queues }, (_, queue) => [queue, "not connected to RabbitMQ yet"]),
  );
  const tell: Presence["tell"] = (queue, reason) => {
    if (reason === undefined) away.delete(queue);
    else away.set(queue, reason);
    tellAway([...away.values()][0]);
    return queues - away.size;
  };
  return { tell, lost: (queue) => tell(queue, away.get(queue) ?? "the connection to RabbitMQ was lost") };
}

const hearer = (
  settling: Settling,
  present: Attendance,
  { tell, lost, queue }: Presence & { readonly queue: number },
): Hearer => ({
  handle: (messages) => settle(messages, settling),
  connected(session) {
    settling.log.info("broker connected", { unbroken: session.unbroken });
    settling.metrics.connected.set(tell(queue), { region: settling.region });
    present.connected(session, queue);
  },
  disconnected() {
    settling.metrics.connected.set(lost(queue), { region: settling.region });
    present.disconnected(queue);
  },
  trouble(sentence) {
    settling.log.warn("broker lost", { reason: sentence });
    settling.metrics.troubles.add(1);
    tell(queue, sentence);
  },
});

async function every(ms: number, signal: AbortSignal, act: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await pause(ms, undefined, { signal });
    await act();
  }
}

/** What was given up because we were told to stop is still with RabbitMQ. */
const unlessStopped =
  (signal: AbortSignal) =>
  (error: unknown): void => {
    if (!signal.aborted) throw error;
  };
