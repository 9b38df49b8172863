import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const BOOTSTRAP = new URL("../../services/raingauge/bootstrap.mjs", import.meta.url).href;
const PACKAGES = new URL("../../services/raingauge/bootstrap/packages.mjs", import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), "raingauge-bootstrap-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("carrying on under another Node", () => {
  it("passes the exit code on", async () => {
    const process = carriedOn("process.exitCode = 7");

    expect(await once(process, "exit")).toEqual([7, null]);
  });

  it("passes a signal on, and lets the program end in its own way", async () => {
    const process = carriedOn(`
      process.on("SIGTERM", () => process.exit(3));
      setInterval(() => {}, 1000);
      console.log("ready");
    `);
    await once(process.stdout ?? process, "data");

    process.kill("SIGTERM");

    expect(await once(process, "exit")).toEqual([3, null]);
  });

  it("dies of the signal that the program died of", async () => {
    const process = carriedOn(`process.kill(process.pid, "SIGKILL")`);

    expect(await once(process, "exit")).toEqual([null, "SIGKILL"]);
  });
});

describe("bringing the packages", () => {
  it("asks npm for nothing where node_modules is as the lockfile says", async () => {
    const root = project({ "node_modules/left": { version: "1.0.0" } }, { "node_modules/left": { version: "1.0.0" } });

    expect(await said(root)).toBe("");
  });

  it("does not miss what was locked for another platform", async () => {
    const root = project({ "node_modules/left": { version: "1.0.0", optional: true } }, {});

    expect(await said(root)).toBe("");
  });

  it.each([
    ["was never installed", undefined],
    ["has another version", { "node_modules/left": { version: "0.9.0" } }],
  ])("asks npm where a package %s", async (_, installed) => {
    const root = project({ "node_modules/left": { version: "1.0.0" } }, installed);

    expect(await said(root)).toContain("installing the packages of package-lock.json");
  });
});

const carriedOn = (program: string): ChildProcess =>
  run(`
    import { carryOn } from ${JSON.stringify(BOOTSTRAP)};
    process.exitCode = await carryOn(process.execPath, ["-e", ${JSON.stringify(program)}]);
  `);

const run = (script: string, env: NodeJS.ProcessEnv = {}): ChildProcess =>
  spawn(process.execPath, ["--input-type=module", "-e", script], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });

const project = (locked: object, installed: object | undefined): string => {
  const root = mkdtempSync(join(folder, "project-"));
  mkdirSync(join(root, "node_modules"));
  writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages: locked }));
  if (installed !== undefined) {
    writeFileSync(join(root, "node_modules/.package-lock.json"), JSON.stringify({ packages: installed }));
  }
  return root;
};

/** With a script that does nothing in npm's place: whether it is called is what matters. */
const said = async (root: string): Promise<string> => {
  const npm = join(folder, "npm-cli.js");
  writeFileSync(npm, "");
  const script = `
    import { ensurePackages } from ${JSON.stringify(PACKAGES)};
    ensurePackages(${JSON.stringify(root)}, process.execPath);
  `;
  const child = run(script, { npm_execpath: npm });
  let heard = "";
  child.stderr?.on("data", (bytes) => {
    heard += String(bytes);
  });
  await once(child, "close");
  return heard;
};
