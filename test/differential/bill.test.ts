import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Bus } from "@raingauge/bus";
import { jetStreamBus } from "@raingauge/bus/jetstream";
import { at, EVERYTHING, instant, type Period, projects } from "@raingauge/domain";
import { describeWith, natsServer, type Server } from "@raingauge/harness";
import type { SampleStore } from "@raingauge/store";
import { duckdbStore } from "@raingauge/store/duckdb";
import type { Packet } from "@raingauge/wire";
import { afterAll, beforeAll, it, onTestFinished } from "vitest";
import { Collector } from "../faults/collector-process.ts";
import { type Chance, chance } from "../generators/chance.ts";
import { runs, seedOfRun } from "../generators/hunt.ts";
import { bill, expectSame, specified } from "./bill.ts";
import { type Cloud, cloudOf, deliveredOnce, deliveredThrice } from "./cloud.ts";

/** Of each way of delivery; `LIVES=20000 KILLS=50` for a long night. */
const LIVES = Number(process.env["LIVES"] ?? runs(500));
const KILLS = Number(process.env["KILLS"] ?? 3);

/** The months that the lives lie in, and what is no month at all. */
const PERIODS: readonly Period[] = [
  { start: instant("2026-01-01T00:00:00Z"), end: instant("2026-02-01T00:00:00Z") },
  { start: instant("2026-02-01T00:00:00Z"), end: instant("2026-03-01T00:00:00Z") },
  { start: instant("2026-01-29T17:23:45Z"), end: instant("2026-02-03T00:30:00Z") },
];

await describeWith("nats-server", "the bill after bus, collector, store and roll-ups", () => {
  let server: Server;
  beforeAll(async () => {
    server = await natsServer();
  });
  afterAll(() => server.stop());

  it.each([
    { delivered: "once, some of it late", deliver: deliveredOnce },
    { delivered: "three times, in any order and in other bytes", deliver: deliveredThrice },
  ])("is what the readings say, delivered $delivered", { timeout: 60_000 + LIVES * 100 }, async ({ deliver }) => {
    const seed = seedOfRun();
    const random = chance(seed);
    const cloud = cloudOf(LIVES, seed);
    const path = join(privateFolder(), "samples.duckdb");
    await using bus = await jetStreamBus({ url: server.url, limitBytes: 500_000_000 });

    await collected({ bus, url: server.url, storeUrl: `duckdb:${path}` }, deliver(cloud, random), random);

    await using store = await duckdbStore({ path, clock: () => at(Date.now()) });
    for (const period of PERIODS) await expectSameBills(store, cloud, period, `SEED=${seed}, from ${period.start}`);
    await store.rollUp();
    for (const period of PERIODS) await expectSameBills(store, cloud, period, `SEED=${seed}, rolled up`);
  });
});

interface Road {
  readonly bus: Bus;
  readonly url: string;
  readonly storeUrl: string;
}

const DIES_AFTER_COMMIT = fileURLToPath(new URL("dies-after-commit.ts", import.meta.url));
const DEATHS_AFTER_COMMIT = 2;

/** Publishes all of it, while collectors are killed and started again, until nothing is left on the bus. */
async function collected({ bus, ...places }: Road, packets: readonly Packet[], random: Chance): Promise<void> {
  const published = publishAll(bus, packets);
  for (let death = 0; death < DEATHS_AFTER_COMMIT; death += 1) {
    await using doomed = new Collector({ ...places, main: DIES_AFTER_COMMIT });
    await doomed.start();
    await Promise.race([doomed.ended(), published.then(() => drained(bus))]);
  }
  for (let kill = 0; kill < KILLS; kill += 1) {
    await using collector = new Collector(places);
    await collector.start();
    await pause(random(500));
    await collector.kill();
  }
  await published;
  await using collector = new Collector(places);
  await collector.start();
  await drained(bus);
  await collector.stop();
}

async function drained(bus: Bus): Promise<void> {
  while ((await bus.backlog()) > 0) await pause(50);
}

const WINDOW = 32;

async function publishAll(bus: Bus, packets: readonly Packet[]): Promise<void> {
  for (let from = 0; from < packets.length; from += WINDOW)
    await Promise.all(packets.slice(from, from + WINDOW).map((packet) => bus.publish(packet)));
}

/** Every project's bill, to the last unit: usages with their evidence, charges with their tiers, and the invoice. */
async function expectSameBills(store: SampleStore, cloud: Cloud, period: Period, of: string): Promise<void> {
  const expected = specified(cloud, period);
  const actual = await store.measure({ period }, EVERYTHING);
  expectSame(actual, expected, of);
  for (const project of new Set(expected.map((usage) => usage.project))) {
    const own = await store.measure({ period }, projects(project));
    expectSame([bill(own, project, period)], [bill(expected, project, period)], `${of}, ${project}`);
  }
}

function privateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "raingauge-differential-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
