import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { jetStreamBus } from "@raingauge/bus/jetstream";
import type { Coverage } from "@raingauge/domain";
import { describeWith, inPages, natsServer, privatePort, recordedCloud, recording } from "@raingauge/harness";
import { decodeBatch } from "@raingauge/wire";
import { expect, it, onTestFinished } from "vitest";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

const start = (env: Readonly<Record<string, string>>): ChildProcess =>
  spawn(process.execPath, [MAIN], {
    env: { PATH: process.env["PATH"], RAINGAUGE_POLLER_ROLE: "central", ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });

it("the poller in its central role does not start without a cloud, and says so", async () => {
  const child = start({});
  const [said, [code]] = await Promise.all([Array.fromAsync(child.stderr ?? []), once(child, "exit")]);

  expect(code).toBe(2);
  expect(said.join("")).toContain("OS_AUTH_URL");
});

await describeWith("nats-server", "the poller in its central role, as a process", () => {
  it("sweeps the cloud of its OS_* variables, shows no secret, and stops in order", async () => {
    await using server = await natsServer();
    await using bus = await jetStreamBus({ url: server.url });
    await using cloud = await recordedCloud({
      "GET /9696/v2.0/floatingips": inPages(recording("neutron.floatingips"), "floatingips"),
    });
    const port = await privatePort();
    const folder = mkdtempSync(join(tmpdir(), "raingauge-central-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));

    const child = start({
      ...{
        RAINGAUGE_NATS_URL: server.url,
        RAINGAUGE_POLLER_FOLDER: folder,
        RAINGAUGE_POLLER_HEALTH_PORT: String(port),
      },
      ...{ RAINGAUGE_SWEEP_SOURCES: "neutron.floatingips.sweep", RAINGAUGE_LOG_LEVEL: "debug" },
      ...{ OS_AUTH_URL: cloud.authUrl, OS_USERNAME: "admin", OS_PASSWORD: "hunter2", OS_PROJECT_NAME: "admin" },
    });
    const said = Array.fromAsync(child.stderr ?? []);
    const coverage = await firstCoverage(bus);
    await expect.poll(() => fetch(`http://127.0.0.1:${port}/readyz`).then(({ status }) => status), LONG).toBe(200);
    const ended = once(child, "exit");
    child.kill("SIGTERM");

    expect((await ended)[0]).toBe(0);
    expect(coverage).toMatchObject({
      source: "neutron.floatingips.sweep",
      confirms: { resourceTypes: ["floatingip"] },
    });
    const token = String(cloud.asked.at(-1)?.headers["x-auth-token"]);
    const shown = (await said).join("");
    expect(shown).not.toContain("hunter2");
    expect(shown).not.toContain(token);
  });
});

/** Only ends what hangs. */
const LONG = { timeout: 20_000 };

async function firstCoverage(bus: Awaited<ReturnType<typeof jetStreamBus>>): Promise<Coverage | undefined> {
  const stop = new AbortController();
  const found: Coverage[] = [];
  await bus.consume(
    async (deliveries) => {
      found.push(...deliveries.flatMap(({ message }) => decodeBatch(message.body).coverage));
      if (found.length > 0) stop.abort();
      return deliveries.map(() => "done");
    },
    { consumer: "test", batchMessages: 10, signal: stop.signal },
  );
  return found[0];
}
