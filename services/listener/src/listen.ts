import { setTimeout as pause } from "node:timers/promises";
import type { Bus } from "@raingauge/bus";
import { type Instant, MINUTE_MS } from "@raingauge/domain";
import { type Hearer, type Hearing, hear } from "@raingauge/openstack";
import type { Log } from "@raingauge/runtime";
import { packets } from "@raingauge/wire";
import { type Attendance, attendance } from "./attendance.ts";
import type { ListenerMetrics } from "./metrics.ts";
import { newsOnly } from "./outcome.ts";
import { poster } from "./post.ts";
import type { SetAside } from "./set-aside.ts";
import { type Settling, settle } from "./settle.ts";

export interface Collaborators {
  readonly bus: Bus;
  readonly setAside: SetAside;
  readonly log: Log;
  readonly metrics: ListenerMetrics;
  readonly now: () => Instant;
}

export interface ListenOptions {
  readonly region: string;
  readonly hearing: Hearing;
  /** Remembers until when nothing was missed. */
  readonly attendanceFile: string;
  readonly confirmEveryMs?: number;
  /** Hears why nothing can come in, and `undefined` when something can again. */
  readonly tellAway?: (reason: string | undefined) => void;
}

/**
 * From RabbitMQ to the bus, until `signal` aborts. A message is acknowledged when what it comes to is on the bus or in its
 * spool, or the message itself is set aside; until then it stays with RabbitMQ, which is also where everything waits that
 * nothing takes. Each minute it is published how far nothing was missed.
 */
export async function listen(collaborators: Collaborators, options: ListenOptions, signal: AbortSignal): Promise<void> {
  const { bus, log, metrics, now } = collaborators;
  const { region, hearing, attendanceFile, confirmEveryMs = MINUTE_MS, tellAway = () => undefined } = options;
  const post = poster(bus, log, signal);
  const present = await attendance({
    region,
    agent: hearing.pool.queue,
    file: attendanceFile,
    now,
    publish: (coverage) => post(packets({ samples: [], events: [], coverage: [coverage] }, "listener")),
  });
  const settling: Settling = { ...collaborators, region, isNews: newsOnly(), post, signal };
  const confirm = async (): Promise<void> => {
    const coverage = await present.confirm();
    if (coverage !== undefined) metrics.confirmedUntil.set(coverage.period.end / 1_000);
  };
  const both = [hear(hearing, hearer(settling, present, tellAway), signal), every(confirmEveryMs, signal, confirm)];
  await Promise.all(both.map((each) => each.catch(unlessStopped(signal))));
}

const hearer = (settling: Settling, present: Attendance, tellAway: (reason: string | undefined) => void): Hearer => ({
  handle: (messages) => settle(messages, settling),
  connected(session) {
    settling.log.info("broker connected", { unbroken: session.unbroken });
    settling.metrics.connected.set(1);
    tellAway(undefined);
    present.connected(session);
  },
  disconnected() {
    settling.metrics.connected.set(0);
    present.disconnected();
  },
  trouble(sentence) {
    settling.log.warn("broker lost", { reason: sentence });
    settling.metrics.troubles.add(1);
    tellAway(sentence);
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
