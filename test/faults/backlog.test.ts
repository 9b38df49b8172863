import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Bus, Delivery, Fate, Message } from "@raingauge/bus";
import { jetStreamBus } from "@raingauge/bus/jetstream";
import { type SpooledBus, spooled } from "@raingauge/bus/spool";
import { collect } from "@raingauge/collector";
import { at, EVERYTHING, instant, MINUTE_MS, type Sample } from "@raingauge/domain";
import { describeWith, natsServer, type Server } from "@raingauge/harness";
import { silentLog } from "@raingauge/runtime";
import { type SampleStore, StoreUnavailable } from "@raingauge/store";
import { duckdbStore } from "@raingauge/store/duckdb";
import { packets, sampleOf } from "@raingauge/wire";
import { expect, it, onTestFinished } from "vitest";

const START = instant("2026-01-10T00:00:00Z");
const BUS_BYTES = 256 * 1024;
const BATCH_MESSAGES = 16;
const AGENTS = 2;
const MACHINES = 150;

await describeWith("nats-server", "a store that is away, and then slow", () => {
  it("fills the bus, then the agents' spools, and when it is back everything drains while more comes", async () => {
    const folder = privateFolder();
    const { bus, server } = await privateBus();
    const agents = await Promise.all(Array.from({ length: AGENTS }, (_, agent) => agentOf(server, folder, agent)));
    await using store = await duckdbStore({ path: join(folder, "samples.duckdb"), clock: () => at(Date.now()) });
    const door = doorBefore(store);
    const stop = new AbortController();
    const watched = watching(bus);
    const collecting = collect(
      { bus: watched.bus, store: door, log: silentLog, arrived: () => undefined },
      { consumer: "collector", batchMessages: BATCH_MESSAGES, signal: stop.signal },
    );

    let tick = 0;
    const poll = async (): Promise<void> => {
      await Promise.all(agents.map((agent, index) => agent.publish(said(tick, index))));
      tick += 1;
    };
    while (agents.some(({ held }) => held.messages < 8)) await poll();
    const spooledMessages = agents.reduce((sum, { held }) => sum + held.messages, 0);
    expect(await bus.backlog()).toBeGreaterThan(0);
    door.open();
    for (let live = 0; live < 20; live += 1) await poll();
    await drained(bus, agents);
    stop.abort();
    await collecting;

    expect(spooledMessages).toBeGreaterThanOrEqual(AGENTS * 8);
    expect(watched.mostInHand()).toBeLessThanOrEqual(2 * BATCH_MESSAGES);
    const period = { start: START, end: at(START + (tick + 1) * MINUTE_MS) };
    const stored = await store.series({ meter: "memory.usage", period }, EVERYTHING);
    expect(stored).toHaveLength(tick * AGENTS * MACHINES);
    expect(new Set(stored.map(({ id }) => id)).size).toBe(stored.length);
  });
});

/** A store that is away until it is opened, and takes its time from then on. */
function doorBefore(store: SampleStore): Pick<SampleStore, "append"> & { open(): void } {
  let isOpen = false;
  return {
    open: () => {
      isOpen = true;
    },
    append: async (arrivals) => {
      if (!isOpen) throw new StoreUnavailable("the store is away");
      await pause(10);
      return store.append(arrivals);
    },
  };
}

/** Back-pressure is that nobody holds more than two batches, one that is committed and one that is read: the rest waits where it is safe. */
function watching(bus: Bus): { readonly bus: Pick<Bus, "consume">; mostInHand(): number } {
  let most = 0;
  let inHand = 0;
  return {
    mostInHand: () => most,
    bus: {
      consume: (handle, options) =>
        bus.consume(async (deliveries: readonly Delivery[]): Promise<readonly Fate[]> => {
          inHand += deliveries.length;
          most = Math.max(most, inHand);
          try {
            return await handle(deliveries);
          } finally {
            inHand -= deliveries.length;
          }
        }, options),
    },
  };
}

async function privateBus(): Promise<{ bus: Bus; server: Server }> {
  const server = await natsServer();
  onTestFinished(() => server.stop());
  const bus = await jetStreamBus({ url: server.url, limitBytes: BUS_BYTES, ackWaitMs: 2_000 });
  onTestFinished(() => bus[Symbol.asyncDispose]());
  return { bus, server };
}

async function agentOf({ url }: Server, folder: string, agent: number): Promise<SpooledBus> {
  const bus = await jetStreamBus({ url, limitBytes: BUS_BYTES });
  const spool = await spooled(bus, { folder: join(folder, `spool-${agent}`), limitBytes: 50 * 1024 ** 2 });
  onTestFinished(() => spool[Symbol.asyncDispose]());
  return spool;
}

function privateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "raingauge-backlog-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** One agent's poll of its machines. */
function said(tick: number, agent: number): Message {
  const samples = Array.from(
    { length: MACHINES },
    (_, machine): Sample =>
      sampleOf({
        region: "RegionOne",
        project: "acme",
        meter: "memory.usage",
        resource: `vm-${agent}-${machine}`,
        at: at(START + tick * MINUTE_MS + agent),
        value: BigInt(tick * 7919 + machine),
        origin: "poll",
        source: "libvirt",
        stance: "sights",
        dimensions: {},
        sequence: tick,
        message: `poll-${agent}-${tick}`,
      }),
  );
  const [packet] = packets({ samples, events: [], coverage: [] }, "libvirt");
  if (packet === undefined) throw new RangeError("a poll of nothing");
  return packet;
}

/** Resolves once neither the bus nor a spool holds anything. */
async function drained(bus: Bus, agents: readonly SpooledBus[]): Promise<void> {
  while (agents.some(({ held }) => held.messages > 0) || (await bus.backlog()) > 0) await pause(50);
}
