import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Bus, BusUnavailable, type Message } from "@raingauge/bus";
import { jetStreamBus } from "@raingauge/bus/jetstream";
import { at, type Batch, EVERYTHING, METERS, type Sample } from "@raingauge/domain";
import { describeWith, natsServer, type Server } from "@raingauge/harness";
import type { Arrival, SampleStore } from "@raingauge/store";
import { duckdbStore } from "@raingauge/store/duckdb";
import { memoryStore } from "@raingauge/store/memory";
import { packets, sampleOf } from "@raingauge/wire";
import fc from "fast-check";
import { expect, it, onTestFinished } from "vitest";
import { type Chance, chance } from "../generators/chance.ts";
import { aSpan, DAYS, someTurns } from "../generators/history.ts";
import { seedOfRun } from "../generators/hunt.ts";
import { Collector } from "./collector-process.ts";

const KILLS = 8;
const LIVES = 40;
const SPANS = 12;
const GARBLED = 5;
const clock = () => at(Date.now());

await describeWith("nats-server", "a collector that is killed again and again, and its nats-server too", () => {
  it("stores every reading once, and bills what the readings say", async () => {
    const seed = seedOfRun();
    const lives = fc.sample(someTurns, { seed, numRuns: LIVES }).map(ofLife);
    const arrivals = lives.flat();
    const random = chance(seed);
    const folder = privateFolder();
    const { bus, server } = await privateBus();

    const delivered = random.shuffled([...arrivals.flatMap(messages).flatMap(repeated(random)), ...garbled()]);
    await using collector = new Collector({ url: server.url, storeUrl: `duckdb:${join(folder, "samples.duckdb")}` });
    const published = publishAll(bus, delivered);
    for (let kill = 0; kill < KILLS; kill += 1) {
      await collector.start();
      await pause(random(400));
      if (kill % 3 === 2) await server.restart();
      await collector.kill();
    }
    await published;
    await collector.start();
    await drained(bus);
    expect(await collector.stop()).toBe(0);

    await using store = await duckdbStore({ path: join(folder, "samples.duckdb"), clock });
    await using specification = memoryStore({ clock });
    await specification.append(arrivals);
    for (const period of [DAYS, ...fc.sample(aSpan, { seed, numRuns: SPANS })]) {
      expect(await store.measure({ period }, EVERYTHING), `seed ${seed}`).toEqual(
        await specification.measure({ period }, EVERYTHING),
      );
    }
    expect(await readings(store), `seed ${seed}`).toEqual(await readings(specification));
    expect(await store.append(arrivals.map(elsewhere)), `seed ${seed}`).toMatchObject({ stored: 0 });
    expect(await Array.fromAsync(bus.rejected())).toHaveLength(GARBLED);
  });
});

async function privateBus(): Promise<{ bus: Bus; server: Server }> {
  const server = await natsServer();
  onTestFinished(() => server.stop());
  const bus = await jetStreamBus({ url: server.url, limitBytes: 50_000_000, rejectedLimitBytes: 10_000_000 });
  onTestFinished(() => bus[Symbol.asyncDispose]());
  return { bus, server };
}

function privateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "raingauge-collector-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What one generated history tells, of resources and at positions that no other one has. */
function ofLife(turns: readonly Arrival[][], life: number): Arrival[] {
  const own = (sample: Sample): Sample => sampleOf({ ...sample, resource: `life-${life}/${sample.resource}` });
  return turns.flat().map(({ position, batch }) => ({
    position: { stream: `life-${life}`, sequence: position.sequence },
    batch: { ...batch, samples: batch.samples.map(own) },
  }));
}

const elsewhere = ({ position, batch }: Arrival): Arrival => ({
  position: { ...position, stream: `${position.stream} again` },
  batch,
});

const messages = ({ batch }: { readonly batch: Batch }): Message[] => packets(batch, "test");

/** Up to three times, under ids that the bus does not know to be the same. */
const repeated =
  (random: Chance) =>
  (message: Message): Message[] =>
    Array.from({ length: 1 + random(3) }, (_, copy) => ({ ...message, id: `${message.id} ${copy}` }));

const garbled = (): Message[] =>
  Array.from({ length: GARBLED }, (_, index) => ({
    id: `garbled ${index}`,
    kind: "samples",
    region: "RegionOne",
    service: "test",
    project: "acme",
    body: new TextEncoder().encode("{"),
  }));

/** Slowly enough that the collector is killed in the middle of it. */
async function publishAll(bus: Bus, all: readonly Message[]): Promise<void> {
  for (const [index, message] of all.entries()) {
    await publishedAtLast(bus, message);
    if (index % 50 === 49) await pause(20);
  }
}

/** As an agent does: the same message again until the bus takes it. */
async function publishedAtLast(bus: Bus, message: Message): Promise<void> {
  for (;;) {
    try {
      await bus.publish(message);
      return;
    } catch (error) {
      if (!(error instanceof BusUnavailable)) throw error;
      await pause(20);
    }
  }
}

/** Resolves once every message has met its fate. */
async function drained(bus: Bus): Promise<void> {
  while ((await bus.backlog()) > 0) await pause(50);
}

/** The readings of every meter, by identity. */
async function readings(store: SampleStore): Promise<string[]> {
  const read = await Promise.all(METERS.map(({ name }) => store.series({ meter: name, period: DAYS }, EVERYTHING)));
  return [...new Set(read.flat().map(({ id }) => id))].toSorted();
}
