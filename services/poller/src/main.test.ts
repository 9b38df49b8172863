import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Bus } from "@raingauge/bus";
import { jetStreamBus } from "@raingauge/bus/jetstream";
import { at, measure, meterNamed, type Sample } from "@raingauge/domain";
import { describeWith, natsServer, privatePort } from "@raingauge/harness";
import { decodeBatch } from "@raingauge/wire";
import { expect, it, onTestFinished } from "vitest";
import { GUESTS, recorded, xmlOf } from "./captured.ts";

const SERIES = recorded("libvirt/domstats-raw-series.txt");
const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const host = (natsUrl: string, healthPort: number) => {
  const folder = mkdtempSync(join(tmpdir(), "raingauge-poller-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const { uuid, name } of GUESTS) writeFileSync(join(folder, `${uuid}.xml`), xmlOf(name));
  const env = {
    PATH: process.env["PATH"],
    RAINGAUGE_NATS_URL: natsUrl,
    RAINGAUGE_POLLER_HOST: "compute-01",
    RAINGAUGE_POLLER_SCHEDULE: "* * * * * *",
    RAINGAUGE_POLLER_FOLDER: join(folder, "state"),
    RAINGAUGE_POLLER_HEALTH_PORT: String(healthPort),
    RAINGAUGE_VIRSH: path("fixtures/virsh"),
    RAINGAUGE_LIBVIRT_URI: `playing:${folder}`,
  };
  return {
    play: (index: number) => writeFileSync(join(folder, "report.txt"), SERIES[index]?.report ?? expect.fail()),
    start: (): ChildProcess => spawn(process.execPath, [path("main.ts")], { env, stdio: "ignore" }),
  };
};

/** Reads the bus until `isEnough`. */
const samplesUntil = async (bus: Bus, known: Sample[], isEnough: () => boolean): Promise<void> => {
  const stop = new AbortController();
  await bus.consume(
    async (deliveries) => {
      known.push(...deliveries.flatMap(({ message }) => decodeBatch(message.body).samples));
      if (isEnough()) stop.abort();
      return deliveries.map(() => "done");
    },
    { consumer: "test", batchMessages: 10, signal: stop.signal },
  );
};

await describeWith("nats-server", "the poller as a process", () => {
  it("is killed, starts again, and has billed all that was used; told to stop, it stops in order", async () => {
    await using server = await natsServer();
    await using bus = await jetStreamBus({ url: server.url });
    const port = await privatePort();
    const compute = host(server.url, port);
    const samples: Sample[] = [];
    const cpu = () => samples.filter(({ meter, resource }) => meter === "cpu" && resource === GUESTS[0].uuid);
    const has = (value: bigint) => () => cpu().some((sample) => sample.value === value);

    compute.play(0);
    const first = compute.start();
    await samplesUntil(bus, samples, has(8_180_000_000n));
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
    const shown = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const killed = once(first, "exit");
    first.kill("SIGKILL");
    await killed;

    compute.play(9);
    const second = compute.start();
    const later = BigInt(cpuIn(SERIES[9]?.report ?? ""));
    await samplesUntil(bus, samples, has(later));
    const ended = once(second, "exit");
    second.kill("SIGTERM");

    expect((await ended)[0]).toBe(0);
    expect(ready.status).toBe(200);
    expect(shown).toContain("poller_polls_finished_total");
    const [usage] = measure(meterNamed("cpu") ?? expect.fail(), cpu(), { start: at(0), end: at(Date.now() + 60_000) });
    expect(usage?.quantity).toBe(later - 8_180_000_000n);
  });
});

/** The first guest's two virtual CPUs, straight from the recorded text. */
const cpuIn = (report: string): number =>
  [...report.slice(0, report.indexOf("instance-00000003'")).matchAll(/vcpu\.\d\.time=(\d+)/g)].reduce(
    (sum, [, time]) => sum + Number(time),
    0,
  );
