import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describeWith, inPages, recordedCloud, recording } from "@raingauge/harness";
import { expect, it, onTestFinished } from "vitest";

const MAIN = fileURLToPath(new URL("../../services/raingauge/src/main.ts", import.meta.url));
/** Only ends what hangs. */
const LONG = { timeout: 60_000, interval: 200 };

await describeWith("nats-server", "raingauge up", () => {
  it("sweeps the cloud of the OS_* variables into its store", { timeout: 90_000 }, async () => {
    await using cloud = await recordedCloud({
      "GET /9696/v2.0/floatingips": inPages(recording("neutron.floatingips"), "floatingips"),
    });
    const folder = mkdtempSync(join(tmpdir(), "raingauge-up-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const { up, ask } = started(folder, cloud.authUrl);

    await expect
      .poll(
        () =>
          ask("/readyz").then(
            ({ status }) => status,
            () => 0,
          ),
        LONG,
      )
      .toBe(200);
    const addresses = async () => {
      const answer = await ask(
        "/v1/samples?meter=ip.floating&period=2026-11&resource=2954ff7d-71d7-4823-be86-2f09822e9f9e",
      );
      return JSON.stringify(await answer.json());
    };
    await expect.poll(addresses, LONG).toContain('"origin":"api"');
    const ended = once(up, "exit");
    up.kill("SIGTERM");

    expect((await ended)[0]).toBe(0);
  });
});

function started(folder: string, authUrl: string) {
  const env = {
    ...{ PATH: process.env["PATH"], HOME: folder, RAINGAUGE_DATA: folder, RAINGAUGE_LISTEN_PORT: "0" },
    ...{ OS_AUTH_URL: authUrl, OS_USERNAME: "admin", OS_PASSWORD: "hunter2", OS_PROJECT_NAME: "admin" },
    RAINGAUGE_SWEEP_SOURCES: "neutron.floatingips.sweep",
  };
  const up: ChildProcess = spawn(process.execPath, [MAIN, "up"], { env, stdio: "ignore" });
  onTestFinished(() => void up.kill("SIGKILL"));
  const ask = async (path: string): Promise<Response> => {
    const { url } = JSON.parse(readFileSync(join(folder, "door.json"), "utf8"));
    const token = readFileSync(join(folder, "admin.token"), "utf8").trim();
    return fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  };
  return { up, ask };
}
