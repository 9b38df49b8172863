import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { domainOf } from "./domain.ts";
import { parseHost } from "./domstats.ts";
import { machineOf } from "./machine.ts";
import { type VirshOptions, virsh } from "./virsh.ts";

const FAKE = fileURLToPath(new URL("../fixtures/virsh", import.meta.url));

const playing = (files: Readonly<Record<string, string>>, options: Partial<VirshOptions> = {}) => {
  const folder = mkdtempSync(join(tmpdir(), "raingauge-virsh-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return { folder, virsh: virsh({ command: FAKE, uri: `playing:${folder}`, timeoutSeconds: 20, ...options }) };
};

describe("virsh", () => {
  it("asks for all domains and all their statistics in one call", async () => {
    const { folder, virsh } = playing({ "report.txt": "all of it" });

    expect(await virsh.report()).toBe("all of it");
    expect(readFileSync(join(folder, "calls"), "utf8")).toBe(
      "list --all --uuid --id --name; domstats --raw --nowait \n",
    );
  });

  it("fails with the reason that libvirt gives", async () => {
    const { virsh } = playing({ refuse: "error: failed to connect to the hypervisor\n" });

    await expect(virsh.report()).rejects.toMatchObject({
      reason: "failed",
      message: "error: failed to connect to the hypervisor",
    });
    await expect(virsh.describe("x")).rejects.toMatchObject({ reason: "failed" });
  });

  it("kills a libvirt that hangs", async () => {
    const { virsh } = playing({ hang: "" }, { timeoutSeconds: 0.2 });

    await expect(virsh.report()).rejects.toMatchObject({ reason: "timeout" });
  });

  it("says that there is no such program", async () => {
    const { virsh } = playing({}, { command: "/nowhere/virsh" });

    await expect(virsh.report()).rejects.toMatchObject({ reason: "missing" });
  });
});

const REAL = "virsh";

const hasVirsh = (): boolean => {
  try {
    execFileSync(REAL, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

describe.skipIf(!hasVirsh())(
  "the real virsh, on libvirt's own test driver (skipped where libvirt-clients is not installed)",
  () => {
    const real = virsh({ command: REAL, uri: "test:///default", timeoutSeconds: 20 });

    it("answers the bulk call in the form that is read here", async () => {
      const { domains, malformedLines } = parseHost(await real.report());

      expect(malformedLines).toBe(0);
      expect(domains.map(({ uuid, name, process }) => ({ uuid, name, process }))).toEqual([
        { uuid: "6695eb01-f6a4-8304-79aa-97f2502e193f", name: "test", process: 1 },
      ]);
      expect(domains.map(({ fields }) => domainOf(fields))).toMatchObject([
        { state: "active", disks: [], isComplete: false },
      ]);
    });

    it("describes a domain that is not Nova's, and says so of one that is not there", async () => {
      expect(machineOf(await real.describe("6695eb01-f6a4-8304-79aa-97f2502e193f"))).toBe("not_nova");
      await expect(real.describe("00000000-0000-0000-0000-000000000000")).rejects.toMatchObject({ reason: "failed" });
    });
  },
);
