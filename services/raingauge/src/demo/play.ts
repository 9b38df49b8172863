import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { at, type Instant, iso, MINUTE_MS, type Period } from "@raingauge/domain";
import { listen, listenerMetrics, setAsideIn } from "@raingauge/listener";
import { type Broker, parseBroker, speak } from "@raingauge/openstack";
import { pollerMetrics, polling, strangerTo } from "@raingauge/poller";
import type { Log } from "@raingauge/runtime";
import { rabbitExecutable, startRabbit } from "@raingauge/servers";
import type { Installation } from "../installation.ts";
import { played, publishListening } from "../replay.ts";
import { counted, until } from "./drained.ts";
import { recordedGuests, recordedSeries, recordedVirsh } from "./guests.ts";
import type { Progress } from "./progress.ts";
import type { Recorded } from "./recording.ts";

export interface Stage {
  readonly installation: Installation;
  readonly region: string;
  readonly say: Progress;
  readonly log: Log;
}

/**
 * Plays notifications through a real RabbitMQ and the real listener where the machine has one, else through the same
 * translation without it, and says which.
 */
export async function playNotifications(stage: Stage, messages: readonly Recorded[]): Promise<void> {
  const { installation, region, say, log } = stage;
  if (rabbitExecutable() === undefined) {
    say.step(
      `no rabbitmq-server here: ${messages.length} notifications go through the listener's translation, without a broker`,
    );
    await played(messages, region, async (packet) => void (await installation.bus.publish(packet)), log);
    return;
  }
  say.step(`starting a RabbitMQ for ${messages.length} notifications`);
  await throughRabbit(stage, messages);
  await publishListening(region, spanOf(messages), async (packet) => void (await installation.bus.publish(packet)));
}

const spanOf = (messages: readonly Recorded[]): { first: string; last: string } => ({
  first: messages[0]?.captured_at ?? "",
  last: messages.at(-1)?.captured_at ?? "",
});

async function throughRabbit({ installation, region, say, log }: Stage, messages: readonly Recorded[]): Promise<void> {
  await using rabbit = await startRabbit();
  const broker = parseBroker(rabbit.url);
  const folder = join(installation.folder, "listener");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const metrics = listenerMetrics();
  const stop = new AbortController();
  const connected = Promise.withResolvers<void>();
  const listening = listen(
    {
      bus: installation.bus,
      setAside: await setAsideIn(join(folder, "set-aside"), 64 * MEBIBYTE),
      log,
      metrics,
      now: () => at(Date.now()),
    },
    {
      region,
      hearings: [{ broker, pool: POOL, prefetch: 500 }],
      attendanceFile: join(folder, "attendance.json"),
      tellAway: (reason) => void (reason === undefined && connected.resolve()),
    },
    stop.signal,
  );
  await Promise.race([connected.promise, listening]);
  say.step("listening on RabbitMQ; the services begin to speak");
  const said = await tell(broker, messages);
  let heard = 0;
  await until(
    async () => {
      heard = await counted(metrics, "listener_notifications_received_total");
      return heard >= said;
    },
    () => say.now(`heard ${heard} of ${said} notifications`),
  );
  say.step(`heard ${heard} notifications`);
  stop.abort();
  await listening;
}

/** Says everything in its order, with so many messages unconfirmed at once that the broker is kept busy. Resolves to their number. */
async function tell(broker: Broker, messages: readonly Recorded[]): Promise<number> {
  await using cloud = speak(broker, POOL);
  for (let from = 0; from < messages.length; from += UNCONFIRMED_MAX) {
    const some = messages.slice(from, from + UNCONFIRMED_MAX);
    await Promise.all(some.map(({ exchange, routing_key: key, body }) => cloud.say(exchange, key, body)));
  }
  return messages.length;
}

const UNCONFIRMED_MAX = 500;
const MEBIBYTE = 1024 ** 2;

/** As the listener is configured when nobody says otherwise. */
const POOL = {
  queue: "raingauge.notifications",
  queueType: "classic",
  exchanges: ["nova", "cinder", "glance", "neutron", "openstack", "keystone", "heat", "swift"],
  exchangesDurable: false,
  routingKeys: ["notifications.*", "versioned_notifications.*"],
} as const;

const POLL_MS = 15 * MINUTE_MS;

/** Polls the recorded hypervisor through the real poller, every quarter of an hour of the period. */
export async function playPolls(
  { installation, region, say, log }: Stage,
  recordings: string,
  launched: ReadonlyMap<string, Instant>,
  { start, end }: Period,
): Promise<void> {
  let now = start;
  const guests = recordedGuests(join(recordings, "libvirt"), launched);
  const virsh = recordedVirsh(recordedSeries(join(recordings, "libvirt/domstats-raw-series.txt")), guests, () => now);
  const historyFile = { load: async () => strangerTo("compute-01"), save: async () => undefined };
  const poll = await polling(
    { virsh, bus: installation.bus, historyFile, log, metrics: pollerMetrics(), now: () => now },
    { region, host: "compute-01" },
  );
  const polls = Math.floor((end - start) / POLL_MS);
  say.step(`polling libvirt ${polls} times for ${guests.length} of the machines`);
  for (let done = 0; done < polls; done += 1, now = at(now + POLL_MS)) {
    const failure = await poll();
    if (failure !== undefined) throw new Error(`the recorded hypervisor could not be polled: ${failure}`);
    if (done % 100 === 0) say.now(`polled ${done} of ${polls}, ${iso(now).slice(0, 10)}`);
  }
}
