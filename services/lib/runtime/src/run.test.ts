import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";

const PROGRAM = `
  import { readConfig, run, text } from ${JSON.stringify(new URL("./index.ts", import.meta.url).href)};
  const config = (env) => readConfig(env, { behaviour: text("BEHAVIOUR"), other: text("OTHER", { fallback: "" }) });
  await run("probe", config, async ({ behaviour }, { log, signal }) => {
    if (behaviour === "fail") throw new Error("the disk is gone");
    if (behaviour === "return") return;
    const open = setInterval(() => {}, 1000);
    log.info("probe started");
    await new Promise((resolve) => signal.addEventListener("abort", behaviour === "drain" ? resolve : () => log.info("draining")));
    clearInterval(open);
    log.info("work drained");
  });
`;

const probe = (
  env: Record<string, string>,
): { child: ChildProcess; said: (text: string) => Promise<void>; ended: Promise<unknown[]>; text: () => string } => {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", PROGRAM], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(child, "exit");
  let text = "";
  child.stderr.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  const said = async (wanted: string): Promise<void> => {
    while (!text.includes(wanted)) await once(child.stderr, "data");
  };
  return { child, said, ended, text: () => text };
};

describe("run", () => {
  it("ends with 0 when the work is done", async () => {
    expect((await probe({ RAINGAUGE_BEHAVIOUR: "return" }).ended)[0]).toBe(0);
  });

  it("ends with 2 and the whole list when the configuration is wrong", async () => {
    const wrong = probe({ RAINGAUGE_OTHR: "x" });

    expect((await wrong.ended)[0]).toBe(2);
    expect(wrong.text()).toContain("RAINGAUGE_BEHAVIOUR must be set");
    expect(wrong.text()).toContain("did you mean RAINGAUGE_OTHER?");
  });

  it("ends with 1 and the reason when the work fails", async () => {
    const failing = probe({ RAINGAUGE_BEHAVIOUR: "fail" });

    expect((await failing.ended)[0]).toBe(1);
    expect(failing.text()).toContain("the disk is gone");
  });

  it.each(["SIGINT", "SIGTERM"] as const)("drains on %s and ends with 0", async (signal) => {
    const running = probe({ RAINGAUGE_BEHAVIOUR: "drain" });
    await running.said("probe started");

    running.child.kill(signal);

    expect((await running.ended)[0]).toBe(0);
    expect(running.text()).toContain("work drained");
  });

  it("has written down what Node compiled, where it is to, before it is killed outright", async () => {
    const folder = mkdtempSync(join(tmpdir(), "raingauge-compiled-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const running = probe({ RAINGAUGE_BEHAVIOUR: "drain", NODE_COMPILE_CACHE: folder });
    await running.said("probe started");

    running.child.kill("SIGKILL");
    await running.ended;

    const compiled = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    expect(compiled.length).toBeGreaterThan(10);
  });

  it("is killed by a second signal", async () => {
    const stuck = probe({ RAINGAUGE_BEHAVIOUR: "hang" });
    await stuck.said("probe started");

    stuck.child.kill("SIGTERM");
    await stuck.said("draining");
    stuck.child.kill("SIGTERM");

    expect((await stuck.ended)[1]).toBe("SIGTERM");
  });
});
