import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { jetStreamBus } from "@raingauge/bus/jetstream";
import { type SpooledBus, spooled } from "@raingauge/bus/spool";
import { at, HOUR_MS, instant, MINUTE_MS, type Sample } from "@raingauge/domain";
import { describeWith, influxServer, natsServer, postgresServer, type Server } from "@raingauge/harness";
import { packets } from "@raingauge/wire";
import { expect, it, onTestFinished } from "vitest";
import { reading } from "../generators/reading.ts";
import { Installed } from "./command.ts";

const BEGUN = instant("2026-01-15T12:00:00Z");
const HOURS = 10;
const MACHINES = 40;
/** Only ends what hangs. */
const LONG = { timeout: 60_000, interval: 100 };

await describeWith(["influxdb", "nats-server", "postgresql"], "one night in which every server dies", () => {
  it("says which one is away, is ready again when it is back, and bills every minute", async () => {
    const [influx, nats, postgres] = await Promise.all([influxServer(), natsServer(), postgresServer()]);
    for (const server of [influx, nats, postgres]) onTestFinished(() => server.stop());
    await influx.makeBucket("raingauge");
    await using home = new Installed({
      RAINGAUGE_NATS_URL: nats.url,
      RAINGAUGE_LEDGER_URL: postgres.url,
      RAINGAUGE_STORE_URL: `influxdb+${influx.url}/raingauge?organization=${influx.organization}`,
      RAINGAUGE_STORE_TOKEN: influx.token,
    });
    await home.up();
    const bus = await agent(nats.url);
    const asleep = new AbortController();
    const told = publishAll(bus, asleep.signal);

    for (const [part, server] of [
      ["bus", nats],
      ["store", influx],
      ["ledger", postgres],
    ] as const) {
      await telling(bus);
      expect(await away(home, server)).toMatchObject({
        ready: false,
        missing: { [part]: expect.stringMatching(/\S/) },
      });
      await server.restart();
      await expect.poll(async () => (await home.get("/readyz")).status, LONG).toBe(200);
    }
    asleep.abort();
    await told;
    await expect.poll(() => bus.held.messages, LONG).toBe(0);
    while ((await bus.backlog()) > 0) await pause(50);

    const usage = await home.ask<Used[]>("usage", "--period", "2026-01", "--meter", "instance", "--group", "resource");
    expect(usage).toHaveLength(MACHINES);
    expect(usage.filter(({ quantity }) => Number(quantity) !== HOURS * HOUR_MS)).toEqual([]);
    expect(await home.counted("collector_messages_rejected_total")).toBe(0);
  });
});

interface Used {
  readonly quantity: string;
}

/** Kills it, and waits until that is said. */
async function away(home: Installed, server: Server): Promise<unknown> {
  await server.kill();
  await expect.poll(async () => (await home.get("/readyz")).status, LONG).toBe(503);
  return await (await home.get("/readyz")).json();
}

/** An agent's way onto the bus: what the bus does not take rests on its own disk. */
async function agent(url: string): Promise<SpooledBus> {
  const folder = mkdtempSync(join(tmpdir(), "raingauge-night-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const jetStream = await jetStreamBus({ url, limitBytes: 50_000_000, timeoutMs: 2_000 });
  const bus = await spooled(jetStream, { folder, limitBytes: 50_000_000 });
  onTestFinished(() => bus[Symbol.asyncDispose]());
  return bus;
}

/** Resolves once what was told a moment ago has left this agent. */
const telling = async (bus: SpooledBus): Promise<void> => {
  while (bus.held.messages > 0) await pause(20);
};

/** Each machine minute by minute, slowly for as long as the night lasts, and all the rest at its end. */
async function publishAll(bus: SpooledBus, over: AbortSignal): Promise<void> {
  for (let minute = 0; minute <= HOURS * 60; minute += 1) {
    const samples = Array.from({ length: MACHINES }, (_, machine) => told(`vm-${machine}`, minute));
    for (const packet of packets({ samples, events: [], coverage: [] }, "test")) await bus.publish(packet);
    if (!over.aborted) await pause(20);
  }
}

function told(resource: string, minute: number): Sample {
  const moment = at(BEGUN + minute * MINUTE_MS);
  if (minute < HOURS * 60) return reading({ resource, at: moment });
  return reading({ resource, at: moment, origin: "notification", source: "nova", stance: "ends" });
}
