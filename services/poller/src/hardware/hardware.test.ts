import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Message } from "@raingauge/bus";
import { type Instant, instant, measure, meterNamed, type Sample } from "@raingauge/domain";
import { silentLog } from "@raingauge/runtime";
import { decodeBatch } from "@raingauge/wire";
import { describe, expect, it, onTestFinished } from "vitest";
import { pollerMetrics } from "../metrics.ts";
import { bootFile } from "./boot-file.ts";
import { hardwareOf } from "./hardware.ts";
import { type HostFiles, hostFiles } from "./host-files.ts";
import { hostWatch } from "./watch-host.ts";

const NOW = instant("2026-11-28T12:00:00Z");
const MINUTE = 60_000;

/** The files of a recorded host; where its file systems are cannot be recorded, so that their room is told here. */
const recorded = (kernel: "linux-5.15" | "linux-6.18", changed: Readonly<Record<string, string | undefined>> = {}) => {
  const files = hostFiles(fileURLToPath(new URL(`fixtures/${kernel}`, import.meta.url)));
  return {
    ...files,
    text: async (path) => (path in changed ? changed[path] : files.text(path)),
    room: async (path) => ROOMS[path],
  } satisfies HostFiles;
};

const room = (device: string, totalBytes: bigint, freeBytes: bigint) => ({ device, totalBytes, freeBytes });
const ROOMS: Readonly<Record<string, ReturnType<typeof room>>> = {
  "/": room("253:0", 1_000n, 400n),
  "/var/lib/nova": room("259:1", 9_000n, 1_000n),
  // Something else is mounted there where we look.
  "/boot/with blank": room("0:77", 5n, 5n),
};

/** An agent that looks at a host, and what it told. */
const watching = () => {
  const folder = mkdtempSync(join(tmpdir(), "raingauge-host-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const sent: Message[] = [];
  const metrics = pollerMetrics();
  const bus = {
    publish: async (message: Message) => {
      sent.push(message);
      return "stored" as const;
    },
  };
  const agent = (files: HostFiles, clock: () => Instant) =>
    hostWatch({
      ...{ files, bus, metrics, log: silentLog, now: clock, region: "one", host: "compute-1" },
      bootFile: bootFile(join(folder, "boot.json")),
    });
  const samples = (): Sample[] => sent.flatMap(({ body }) => decodeBatch(body).samples);
  return { agent, samples, metrics };
};

const shown = (samples: readonly Sample[]): Record<string, bigint> =>
  Object.fromEntries(samples.map(({ meter, resource, value }) => [`${meter} ${resource}`, value]));

describe("a host's own processors, memory, disks and network", () => {
  it("are what its kernel says, of what is really its own and no more", async () => {
    const { agent, samples } = watching();

    await agent(recorded("linux-5.15"), () => NOW)();

    expect(shown(samples())).toEqual({
      "hardware.cpu.count compute-1": 4n,
      "hardware.cpu.load.1min compute-1": 1_070n,
      "hardware.cpu.load.5min compute-1": 930n,
      "hardware.cpu.load.15min compute-1": 12_500n,
      "hardware.cpu.user compute-1": 47_058_390_000_000n,
      "hardware.cpu.nice compute-1": 12_030_000_000n,
      "hardware.cpu.system compute-1": 11_823_040_000_000n,
      "hardware.cpu.idle compute-1": 960_100_220_000_000n,
      "hardware.cpu.wait compute-1": 304_570_000_000n,
      "hardware.cpu.interrupt compute-1": 218_800_000_000n,
      "hardware.cpu.steal compute-1": 0n,
      "hardware.cpu.guest compute-1": 34_011_220_000_000n,
      "hardware.memory.total compute-1": 67_350_609_920n,
      "hardware.memory.used compute-1": 25_825_378_304n,
      "hardware.memory.buffer compute-1": 934_232_064n,
      "hardware.memory.cached compute-1": 36_987_674_624n,
      "hardware.memory.swap.total compute-1": 8_589_930_496n,
      "hardware.memory.swap.avail compute-1": 8_581_541_888n,
      "hardware.disk.size.total compute-1/": 1_000n,
      "hardware.disk.size.used compute-1/": 600n,
      "hardware.disk.size.total compute-1/var/lib/nova": 9_000n,
      "hardware.disk.size.used compute-1/var/lib/nova": 8_000n,
      "hardware.disk.read.requests compute-1/sda": 412_203n,
      "hardware.disk.write.requests compute-1/sda": 2_091_104n,
      "hardware.disk.read.bytes compute-1/sda": 33_120_394n * 512n,
      "hardware.disk.write.bytes compute-1/sda": 88_223_104n * 512n,
      "hardware.disk.read.requests compute-1/nvme0n1": 99_120n,
      "hardware.disk.write.requests compute-1/nvme0n1": 812_334n,
      "hardware.disk.read.bytes compute-1/nvme0n1": 8_123_112n * 512n,
      "hardware.disk.write.bytes compute-1/nvme0n1": 40_112_336n * 512n,
      ...interfaceOf("eno1", [81_200_341_233n, 90_122_334n, 3n, 17n, 41_233_009_122n, 60_112_233n, 1n, 2n]),
      ...interfaceOf("eno2", [0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n]),
      "hardware.network.ip.incoming.datagrams compute-1": 90_211_344n,
      "hardware.network.ip.outgoing.datagrams compute-1": 60_212_455n,
    });
  });

  it("are told by a newer kernel too, each under a meter that the catalogue has from here", async () => {
    const { agent, samples } = watching();

    await agent(recorded("linux-6.18"), () => NOW)();

    const said = shown(samples());
    expect(said["hardware.memory.total compute-1"]).toBe(24_684_084n * 1_024n);
    expect(said["hardware.cpu.count compute-1"]).toBe(2n);
    expect(said["hardware.disk.read.bytes compute-1/vda"]).toBeGreaterThan(0n);
    expect(said["hardware.network.incoming.bytes compute-1/eth0"]).toBeGreaterThan(0n);
    for (const { meter, incarnation } of samples()) {
      expect(
        meterNamed(meter)?.sources.map(({ by }) => by),
        meter,
      ).toEqual(["host"]);
      expect(meterNamed(meter)?.kind === "cumulative", meter).toBe(incarnation !== undefined);
    }
  });

  it("are read of the machine on which this runs", async () => {
    const { agent, samples } = watching();

    await agent(hostFiles("/"), () => NOW)();

    const said = shown(samples());
    expect(said["hardware.memory.total compute-1"]).toBeGreaterThan(said["hardware.memory.used compute-1"] ?? 0n);
    expect(said["hardware.cpu.user compute-1"]).toBeGreaterThan(0n);
  });

  it("are busy for the share of time between two looks that was not idle", async () => {
    const { agent, samples } = watching();
    const stat = (user: number, idle: number) =>
      `cpu  ${user} 0 0 ${idle} 0 0 0 0 0 0\ncpu0 0 0 0 0\nbtime 1795600000\n`;
    let now = NOW;
    let said = stat(1_000, 9_000);
    const files = {
      ...recorded("linux-5.15"),
      text: (path: string) => recorded("linux-5.15", { "proc/stat": said }).text(path),
    };
    const look = agent(files, () => now);

    await look();
    expect(shown(samples())["hardware.cpu.util compute-1"]).toBeUndefined();
    said = stat(1_300, 9_100);
    now = (now + MINUTE) as Instant;
    await look();

    expect(shown(samples())["hardware.cpu.util compute-1"]).toBe(750_000n);
    expect(shown(samples())["hardware.system_stats.cpu.idle compute-1"]).toBe(250_000n);
  });
});

describe("a host that starts again", () => {
  const disk = (written: number) => `8 0 sda 1 0 1 1 1 0 ${written} 1 0 1 1 0 0 0 0 0 0\n`;
  const booted = (boot: string, seconds: number, written: number) =>
    recorded("linux-5.15", {
      "proc/sys/kernel/random/boot_id": `${boot}\n`,
      "proc/stat": `cpu  1 0 0 1 0 0 0 0 0 0\ncpu0 1\nbtime ${seconds}\n`,
      "proc/diskstats": disk(written),
    });
  const used = (samples: readonly Sample[]): bigint | undefined =>
    measure(
      meterNamed("hardware.disk.write.bytes") ?? expect.fail(),
      samples.filter(({ meter }) => meter === "hardware.disk.write.bytes"),
      { start: instant("2026-11-01T00:00:00Z"), end: instant("2026-12-01T00:00:00Z") },
    )[0]?.quantity;

  it("has its counters counted from zero, if it was watched before, and whichever agent looks", async () => {
    const { agent, samples } = watching();
    const first = NOW / 1_000 - 600;
    const second = NOW / 1_000 + 90;

    await agent(booted("a", first, 1_000), () => NOW)();
    await agent(booted("a", first + 1, 1_500), () => (NOW + MINUTE) as Instant)();
    await agent(booted("b", second, 40), () => (NOW + 2 * MINUTE) as Instant)();
    await agent(booted("b", second - 1, 70), () => (NOW + 3 * MINUTE) as Instant)();

    // Before the first look: not seen, not counted. Then 500 sectors, and 70 since the host came up again.
    expect(used(samples())).toBe(570n * 512n);
  });

  it("tells no counter where the kernel does not tell which start it was", async () => {
    const { agent, samples } = watching();

    await agent(recorded("linux-5.15", { "proc/sys/kernel/random/boot_id": undefined }), () => NOW)();

    expect(samples().filter(({ incarnation }) => incarnation !== undefined)).toEqual([]);
    expect(samples().length).toBeGreaterThan(5);
  });
});

describe("in a container", () => {
  const inside = (files: HostFiles, mounts = ""): HostFiles => ({
    ...files,
    isApart: false,
    link: async () => "pid:[4026532201]",
    text: async (path) => (path === "proc/self/mountinfo" ? mounts : files.text(path)),
  });

  it("the network and the mounts are not taken for the host's, and what is told is the host's", async () => {
    const { left, interfaces, fileSystems, datagrams, memory, disks } = await hardwareOf(
      inside(recorded("linux-5.15")),
    );

    expect(left).toEqual(["interfaces", "fileSystems"]);
    expect([interfaces, fileSystems, datagrams]).toEqual([[], [], undefined]);
    expect(memory?.total).toBe(67_350_609_920n);
    expect(disks).toHaveLength(2);
  });

  it("nor is what was laid over the kernel's own files", async () => {
    const lxcfs =
      "90 80 0:50 /proc/meminfo /proc/meminfo rw,relatime - fuse.lxcfs lxcfs rw\n91 80 0:50 / /proc/stat rw - fuse.lxcfs lxcfs rw\n";

    const { left, memory, processors } = await hardwareOf(inside(recorded("linux-5.15"), lxcfs));

    expect(left).toEqual(["processors", "memory", "interfaces", "fileSystems"]);
    expect([memory, processors]).toEqual([undefined, undefined]);
  });

  it("all of it is told again where the host's files are put into it", async () => {
    const { left } = await hardwareOf({ ...inside(recorded("linux-5.15")), isApart: true });

    expect(left).toEqual([]);
  });
});

it("what makes no sense is left out, and the rest goes on", async () => {
  const { agent, samples } = watching();
  const files = recorded("linux-5.15", {
    "proc/stat": "cpu  one two three four\n",
    "proc/meminfo": "",
    "proc/loadavg": "high",
    "proc/diskstats": "8 0 sda x\n\n   8 0\n",
    "proc/1/net/snmp": "Ip: InReceives\n",
  });

  await agent(files, () => NOW)();

  const meters = new Set(samples().map(({ meter }) => meter));
  expect([...meters]).toEqual(["hardware.disk.size.total", "hardware.disk.size.used"]);
});

const interfaceOf = (name: string, values: readonly bigint[]): Record<string, bigint> =>
  Object.fromEntries(
    [
      "hardware.network.incoming.bytes",
      "hardware.network.incoming.packets",
      "hardware.network.incoming.errors",
      "hardware.network.incoming.drops",
      "hardware.network.outgoing.bytes",
      "hardware.network.outgoing.packets",
      "hardware.network.outgoing.errors",
      "hardware.network.outgoing.drops",
    ].map((meter, index) => [`${meter} compute-1/${name}`, values[index] ?? 0n]),
  );
