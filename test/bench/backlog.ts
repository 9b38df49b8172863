import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Bus } from "@raingauge/bus";
import { jetStreamBus } from "@raingauge/bus/jetstream";
import { collect } from "@raingauge/collector";
import { at, type Batch } from "@raingauge/domain";
import { silentLog } from "@raingauge/runtime";
import { duckdbStore } from "@raingauge/store/duckdb";
import { packets } from "@raingauge/wire";
import { type Bench, type Benchmark, type Figure, figure, held, rate } from "./benchmark.ts";
import { type Cloud, INSTANCE_METERS, polls } from "./cloud.ts";

/** Two hours for which nobody collected, and how they drain while agents go on. */
export const backlog: Benchmark = {
  name: "backlog",
  about: "two hours of backlog drained beside live traffic, and the memory that it takes",
  needs: ["nats-server"],
  run: measured,
};

const HOSTS = 50;
const POLL_MINUTES = 5;
const BACKLOG_TICKS = (2 * 60) / POLL_MINUTES;
/** Live traffic comes so much faster than it would, so that a short run has some. */
const HASTE = 10;
const BATCH_MESSAGES = 1_024;

async function measured(bench: Bench): Promise<readonly Figure[]> {
  const alone = await drained(bench, { name: "alone", first: 0, isLive: false });
  const beside = await drained(bench, { name: "beside", first: 10_000, isLive: true });
  const quiet = rate("backlog drained with no live traffic", "samples/s", alone.samples, alone.seconds);
  return [
    held(rate("backlog and live traffic drained", "samples/s", beside.samples, beside.seconds), [quiet]),
    quiet,
    figure("until the backlog was gone", "ms", beside.seconds * 1_000),
    figure("memory of the process at most", "MB", beside.mostBytes / 1e6),
  ];
}

interface Draining {
  readonly name: string;
  /** The bus knows what it was told before: each run tells of another time. */
  readonly first: number;
  readonly isLive: boolean;
}

interface Drained {
  readonly samples: number;
  readonly seconds: number;
  readonly mostBytes: number;
}

async function drained(bench: Bench, { name, first, isLive }: Draining): Promise<Drained> {
  await using bus = await jetStreamBus({ url: bench.url("nats-server"), limitBytes: 20 * 1024 ** 3 });
  const cloud: Cloud = {
    ...{ hosts: Math.ceil(HOSTS * bench.scale), machinesPerHost: 40, projectsPerHost: 8 },
    ...{ meters: INSTANCE_METERS.slice(0, 8), pollMinutes: POLL_MINUTES },
  };
  const ticks = polls(cloud, BACKLOG_TICKS + 1_000, first);
  bench.say(`publishing two hours of ${cloud.hosts * cloud.machinesPerHost} machines (${name})`);
  const perTick = cloud.hosts;
  for (let tick = 0; tick < BACKLOG_TICKS; tick += 1) await publish(bus, taken(ticks, perTick));
  const stop = new AbortController();
  const live = isLive ? living(bus, ticks, perTick, stop.signal) : Promise.resolve();
  bench.say("draining");
  const collected = await collecting(bus, join(bench.folder, `backlog-${name}.duckdb`), stop);
  await live;
  return collected;
}

/** The collector as its process runs it, until the bus is empty for the first time. */
async function collecting(bus: Bus, path: string, stop: AbortController): Promise<Drained> {
  await using store = await duckdbStore({ path, clock: () => at(Date.now()) });
  const began = performance.now();
  let samples = 0;
  let mostBytes = 0;
  const append: typeof store.append = async (arrivals) => {
    const result = await store.append(arrivals);
    samples += result.stored;
    mostBytes = Math.max(mostBytes, process.memoryUsage().rss);
    return result;
  };
  const watching = (async () => {
    while ((await bus.backlog()) > 0) await pause(50);
    stop.abort();
  })();
  await collect(
    { bus, store: { append }, log: silentLog },
    { consumer: "collector", batchMessages: BATCH_MESSAGES, signal: stop.signal },
  );
  await watching;
  return { samples, seconds: (performance.now() - began) / 1_000, mostBytes };
}

/** A poll's messages, evenly over the time between two polls. */
async function living(bus: Bus, ticks: Iterator<Batch>, perTick: number, signal: AbortSignal): Promise<void> {
  const everyMs = (POLL_MINUTES * 60_000) / HASTE / perTick;
  while (!signal.aborted) {
    await publish(bus, taken(ticks, 1));
    await pause(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

function taken(ticks: Iterator<Batch>, count: number): Batch[] {
  return Array.from({ length: count }, () => ticks.next()).flatMap(({ value, done }) => (done === true ? [] : [value]));
}

const PUBLISHED_AT_ONCE = 200;

async function publish(bus: Bus, batches: readonly Batch[]): Promise<void> {
  for (let start = 0; start < batches.length; start += PUBLISHED_AT_ONCE) {
    const some = batches.slice(start, start + PUBLISHED_AT_ONCE).flatMap((batch) => packets(batch, "libvirt"));
    await Promise.all(some.map((packet) => bus.publish(packet)));
  }
}
