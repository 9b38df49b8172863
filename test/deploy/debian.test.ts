import { execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "./deployments.ts";

const lacks =
  !existsSync("/usr/bin/dpkg-deb") || !existsSync("/usr/bin/systemd-sysusers") || process.getuid?.() !== 0
    ? " (skipped: needs root, dpkg and systemd-sysusers)"
    : "";

describe.skipIf(lacks !== "")(`the agent's Debian package${lacks}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "raingauge-deb-"));
  const root = join(folder, "root");
  const [first, second] = ["0.1.0", "0.1.1"].map((version) => join(folder, `raingauge-agent_${version}_all.deb`));
  const inRoot = (path: string): string => join(root, path);
  beforeAll(() => {
    for (const version of ["0.1.0", "0.1.1"]) build(folder, version);
    for (const path of ["var/lib/dpkg/info", "var/lib/dpkg/updates", "etc"])
      mkdirSync(inRoot(path), { recursive: true });
    writeFileSync(inRoot("var/lib/dpkg/status"), "");
    dpkg(root, "--install", first ?? "");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("brings its user, its settings, and a place for what it must not show", () => {
    expect(readFileSync(inRoot("etc/passwd"), "utf8")).toMatch(/^raingauge:.*:\/var\/lib\/raingauge-poller:/m);
    expect(readFileSync(inRoot("etc/group"), "utf8")).toMatch(/^libvirt:.*raingauge/m);
    expect(statSync(inRoot("etc/raingauge/secrets")).mode & 0o777).toBe(0o700);
    expect(readFileSync(inRoot("etc/raingauge/poller.env"), "utf8")).toContain("RAINGAUGE_LIBVIRT_URI=qemu:///system");
  });

  it("has all that the agent imports: it takes its settings, and names the one that there is not", () => {
    const nats = join(folder, "nats-url");
    writeFileSync(nats, "nats://127.0.0.1:4222");
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [inRoot("usr/lib/raingauge/services/poller/src/main.ts")],
      {
        encoding: "utf8",
        env: {
          ...settings(inRoot("etc/raingauge/poller.env")),
          RAINGAUGE_NATS_URL_FILE: nats,
          RAINGAUGE_NONSENSE: "1",
        },
      },
    );

    expect(stdout + stderr).toContain("RAINGAUGE_NONSENSE is not a setting");
    expect(status).toBe(2);
  });

  it("has a unit that runs as that user, from where the package puts things", () => {
    const unit = readFileSync(inRoot("usr/lib/systemd/system/raingauge-poller.service"), "utf8");
    const [, program = "", main = ""] = /^ExecStart=(\S+) (\S+)$/m.exec(unit) ?? [];

    expect(unit).toMatch(/^User=raingauge$/m);
    expect(unit).not.toMatch(/DynamicUser|\/opt\//);
    for (const path of [program, main]) expect(existsSync(inRoot(path)), path).toBe(true);
    expect(statSync(inRoot(program)).mode & 0o111).toBe(0o111);
  });

  it("is upgraded and taken back with the operator's settings and what waits in its spool as they were", () => {
    appendFileSync(inRoot("etc/raingauge/poller.env"), "RAINGAUGE_POLLER_SCHEDULE=* * * * *\n");
    mkdirSync(inRoot("var/lib/raingauge-poller"), { recursive: true });
    writeFileSync(inRoot("var/lib/raingauge-poller/spooled"), "a reading");

    const versions = [second, first].map((file = "") => {
      dpkg(root, "--install", file);
      expect(readFileSync(inRoot("etc/raingauge/poller.env"), "utf8")).toContain("SCHEDULE=* * * * *\n");
      expect(existsSync(inRoot("var/lib/raingauge-poller/spooled"))).toBe(true);
      return /^Version: (.*)$/m.exec(readFileSync(inRoot("var/lib/dpkg/status"), "utf8"))?.[1];
    });

    expect(versions).toEqual(["0.1.1", "0.1.0"]);
  });

  it("leaves what waits when it is removed, and nothing when it is purged", () => {
    dpkg(root, "--remove", "raingauge-agent");
    expect(existsSync(inRoot("usr/lib/raingauge"))).toBe(false);
    expect(existsSync(inRoot("var/lib/raingauge-poller/spooled"))).toBe(true);

    dpkg(root, "--purge", "raingauge-agent");
    for (const path of ["var/lib/raingauge-poller", "etc/raingauge"])
      expect(existsSync(inRoot(path)), path).toBe(false);
  });
});

function build(folder: string, version: string): void {
  const env = { ...process.env, DEB_COMPRESSION: "none", NODE: "none" };
  execFileSync("sh", [join(ROOT, "deploy/debian/build.sh"), folder, version], { env, stdio: "pipe" });
}

/** Into a root of its own: its scripts are told where it is, and what it depends on is not there. */
function dpkg(root: string, ...args: readonly string[]): void {
  const options = [
    `--root=${root}`,
    "--force-depends",
    "--force-script-chrootless",
    "--force-confold",
    "--force-downgrade",
  ];
  execFileSync("dpkg", [...options, ...args], { stdio: "pipe" });
}

const settings = (file: string): Record<string, string> =>
  Object.fromEntries(
    readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => /^\w+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
