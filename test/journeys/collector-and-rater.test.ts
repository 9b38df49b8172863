import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Bus } from "@raingauge/bus";
import { jetStreamBus } from "@raingauge/bus/jetstream";
import { at, HOUR_MS, instant, MINUTE_MS, type Sample } from "@raingauge/domain";
import { describeWith, influxServer, natsServer, postgresServer } from "@raingauge/harness";
import { postgresLedger } from "@raingauge/ledger/postgres";
import { packets } from "@raingauge/wire";
import { expect, it, onTestFinished } from "vitest";
import { Collector } from "../faults/collector-process.ts";
import { reading } from "../generators/reading.ts";
import { book, price } from "../generators/usage.ts";

const RATER = fileURLToPath(new URL("../../services/rater/src/main.ts", import.meta.url));
const BEGUN = instant("2026-01-15T12:00:00Z");
const clock = () => at(Date.now());
/** Only ends what hangs. */
const LONG = { timeout: 30_000, interval: 100 };

await describeWith(["influxdb", "nats-server", "postgresql"], "one InfluxDB", () => {
  it("serves a collector and a rater as processes of their own", async () => {
    const { natsUrl, ledgerUrl, storeUrl, storeToken, bus, token } = await servers();
    await using collector = new Collector({ url: natsUrl, storeUrl, storeToken });
    await collector.start();
    const ask = asking(await raterAt({ natsUrl, ledgerUrl, storeUrl, storeToken }), token);

    await publish(bus, lived("vm-1", 10));
    await expect.poll(() => hoursUsed(ask), LONG).toEqual({ "vm-1": 10 });
    await collector.kill();
    await publish(bus, [...lived("vm-1", 10), ...lived("vm-2", 5)]);
    await collector.start();
    await expect.poll(() => hoursUsed(ask), LONG).toEqual({ "vm-1": 10, "vm-2": 5 });
    await ask("/v1/closings", { period: "2026-01" });

    expect(await ask("/v1/invoices?period=2026-01")).toMatchObject({
      items: [{ account: { id: "acme" }, currency: "EUR", total: "0.30", lines: [{ quantity: "15", resources: 2 }] }],
    });
    expect(await collector.stop()).toBe(0);
  });
});

async function servers() {
  const influx = await influxServer();
  onTestFinished(() => influx.stop());
  const nats = await natsServer();
  onTestFinished(() => nats.stop());
  const postgres = await postgresServer();
  onTestFinished(() => postgres.stop());
  await influx.makeBucket("raingauge");
  const bus = await jetStreamBus({ url: nats.url, limitBytes: 50_000_000, rejectedLimitBytes: 10_000_000 });
  onTestFinished(() => bus[Symbol.asyncDispose]());
  return {
    natsUrl: nats.url,
    ledgerUrl: postgres.url,
    storeUrl: `influxdb+${influx.url}/raingauge?organization=${influx.organization}`,
    storeToken: influx.token,
    bus,
    token: await granted(postgres.url),
  };
}

/** Leaves a price of 0.02 for each machine's hour, and returns the token of somebody who may close months. */
async function granted(url: string): Promise<string> {
  await using ledger = await postgresLedger({ url, clock });
  await ledger.publish(book([price()]), at(0));
  return await ledger.grant({ name: "fiona", role: "finance", projects: [] });
}

interface Places {
  readonly natsUrl: string;
  readonly ledgerUrl: string;
  readonly storeUrl: string;
  readonly storeToken: string;
}

/** Starts a rater that leaves closing to others, and resolves to where it listens. */
async function raterAt({ natsUrl, ledgerUrl, storeUrl, storeToken }: Places): Promise<string> {
  const env = {
    RAINGAUGE_NATS_URL: natsUrl,
    RAINGAUGE_LEDGER_URL: ledgerUrl,
    RAINGAUGE_STORE_URL: storeUrl,
    RAINGAUGE_STORE_TOKEN: storeToken,
    RAINGAUGE_LISTEN_PORT: "0",
    RAINGAUGE_GRACE_HOURS: "720",
    RAINGAUGE_MONTHS_BACK: "1",
  };
  const rater = spawn(process.execPath, [RATER], { env, stdio: ["ignore", "ignore", "pipe"] });
  onTestFinished(() => ended(rater));
  const said: string[] = [];
  for await (const line of createInterface({ input: rater.stderr })) {
    said.push(line);
    const url = /"at":"([^"]+)".*"rater listening"/.exec(line)?.[1];
    if (url === undefined) continue;
    rater.stderr.resume();
    return url;
  }
  throw new Error(`the rater ended; it said:\n${said.join("\n")}`);
}

async function ended(life: ChildProcess): Promise<void> {
  if (life.exitCode !== null || life.signalCode !== null) return;
  const exit = once(life, "exit");
  life.kill("SIGKILL");
  await exit;
}

type Ask = (path: string, body?: object) => Promise<Record<string, unknown>>;

const asking =
  (url: string, token: string): Ask =>
  async (path, body) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const asked = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await fetch(`${url}${path}`, { headers, ...asked });
    const answer = await response.json();
    expect(response.status, JSON.stringify(answer)).toBe(200);
    return answer as Record<string, unknown>;
  };

/** A machine that is polled every five minutes, and deleted after so many hours. */
function lived(resource: string, hours: number): Sample[] {
  const end = at(BEGUN + hours * HOUR_MS);
  const polls = Array.from({ length: hours * 12 }, (_, poll) =>
    reading({ resource, at: at(BEGUN + poll * 5 * MINUTE_MS) }),
  );
  return [...polls, reading({ resource, at: end, origin: "notification", source: "nova", stance: "ends" })];
}

async function publish(bus: Bus, samples: readonly Sample[]): Promise<void> {
  for (const packet of packets({ samples, events: [], coverage: [] }, "test")) await bus.publish(packet);
}

async function hoursUsed(ask: Ask): Promise<Record<string, number>> {
  const { items } = await ask("/v1/usage?period=2026-01&meter=instance");
  const used = items as readonly { readonly resource: string; readonly quantity: string }[];
  return Object.fromEntries(used.map(({ resource, quantity }) => [resource, Number(quantity) / HOUR_MS]));
}
