import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWith } from "@raingauge/harness";
import { expect, it, onTestFinished } from "vitest";
import { answered } from "./answer.ts";
import { startNats } from "./nats.ts";

await describeWith("nats-server", "a nats-server of our own", () => {
  it("is started again in its place when it ends by itself, and ends with us", async () => {
    const folder = mkdtempSync(join(tmpdir(), "raingauge-nats-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const server = await startNats(folder);
    const greeting = { port: Number(new URL(server.url).port), hello: Buffer.alloc(0), welcome: "INFO {" };

    const [first] = natsServers();
    process.kill(Number(first), "SIGKILL");
    await expect.poll(natsServers, { timeout: 20_000 }).not.toContain(first);
    await answered(greeting, () => undefined);
    expect(natsServers()).toHaveLength(1);

    await server[Symbol.asyncDispose]();
    expect(natsServers()).toEqual([]);
  });
});

/** The process ids of those that we are the parent of. */
function natsServers(): string[] {
  const lines = execFileSync("ps", ["-A", "-o", "ppid=,pid=,comm="], { encoding: "utf8" }).split("\n");
  const children = lines.map((line) => line.trim().split(/\s+/)).filter(([parent]) => Number(parent) === process.pid);
  return children.filter(([, , name]) => name === "nats-server").map(([, pid = ""]) => pid);
}
