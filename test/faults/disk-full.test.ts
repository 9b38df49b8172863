import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bus, BusUnavailable, type Message } from "@raingauge/bus";
import { memoryBus } from "@raingauge/bus/memory";
import { spooled } from "@raingauge/bus/spool";
import { at, EVERYTHING, instant, type Sample } from "@raingauge/domain";
import { chdbFolder, clickhouseServer, influxExecutable, influxServer } from "@raingauge/harness";
import { LedgerUnavailable } from "@raingauge/ledger";
import { embeddedLedger } from "@raingauge/ledger/embedded";
import { type SampleStore, StoreUnavailable } from "@raingauge/store";
import { duckdbStore } from "@raingauge/store/duckdb";
import { influxdbStore } from "@raingauge/store/influxdb";
import { initialiseStore } from "@raingauge/store/initialise";
import { openStore } from "@raingauge/store/open";
import { sampleOf } from "@raingauge/wire";
import { describe, expect, it, onTestFinished } from "vitest";

const START = instant("2026-01-10T00:00:00Z");
const MINUTES_HELD = 24 * 60;
const NO_ROOM = /no space left on device|not enough space/i;

const refusal = refused();
const title = "a disk that is full";

describe.skipIf(refusal !== undefined)(
  refusal === undefined ? title : `${title} (skipped: nothing may be mounted here: ${refusal})`,
  () => {
    it("stops a DuckDB store, which says why, keeps what it acknowledged, and goes on when there is room", async () => {
      const disk = mounted("8m");
      const options = { path: join(disk.folder, "samples.duckdb"), clock: () => START };

      await filledAndGrown(disk, "64m", () => duckdbStore(options));
    });

    it.skipIf(influxExecutable() === undefined)(
      "stops an InfluxDB, whose store says why, keeps what it acknowledged, and goes on when there is room and it was restarted",
      { timeout: 120_000 },
      async () => {
        const disk = mounted("24m");
        const server = await influxServer({ within: disk.folder });
        onTestFinished(() => server.stop());
        await server.makeBucket("readings");
        const { url, organization, token } = server;
        const open = async () => influxdbStore({ url, organization, token, bucket: "readings", clock: () => START });

        await filledAndGrown(disk, "128m", open, async () => {
          await server.kill(); // InfluxDB 1 goes on refusing until it is.
          await server.restart();
        });
      },
    );

    it.skipIf(chdbFolder() === undefined)(
      "stops a ClickHouse, whose store says why, keeps what it acknowledged, and goes on when there is room",
      { timeout: 120_000 },
      async () => {
        const disk = mounted("64m");
        const server = await clickhouseServer(undefined, { disk: disk.folder });
        onTestFinished(() => server.stop());
        const url = new URL(`clickhouse+${server.url}/readings`);
        url.username = server.user;
        const token = server.password;
        await initialiseStore(url, token);

        await filledAndGrown(disk, "256m", () => openStore(url, { clock: () => START, token }));
      },
    );

    it("stops a spool, which says why, keeps what it acknowledged, and goes on when there is room", async () => {
      const disk = mounted("1m");
      await using bus = memoryBus();
      const line = { isCut: true };
      const options = { folder: join(disk.folder, "spool"), limitBytes: 64 * 1024 * 1024 };
      let accepted = 0;
      await using spool = await spooled(cut(bus, line), options);
      const failure = await untilRefused(async () => {
        await spool.publish(messageOf(accepted));
        accepted += 1;
      });
      expect(failure).toBeInstanceOf(BusUnavailable);
      expect(String(failure)).toMatch(NO_ROOM);
      expect(spool.held.messages).toBe(accepted);

      disk.grow("8m");
      await spool.publish(messageOf(accepted));
      accepted += 1;
      line.isCut = false;

      const got: string[] = [];
      const stop = new AbortController();
      await bus.consume(
        async (deliveries) => {
          got.push(...deliveries.map(({ message }) => message.id));
          if (got.length >= accepted) stop.abort();
          return deliveries.map(() => "done");
        },
        { consumer: "test", batchMessages: 100, signal: stop.signal },
      );
      expect(got).toEqual(Array.from({ length: accepted }, (_, number) => messageOf(number).id));
    });

    it("stops the embedded ledger, which says why, keeps what it acknowledged, and goes on when there is room", {
      timeout: 120_000,
    }, async () => {
      const disk = mounted("160m");
      await using ledger = await embeddedLedger({ folder: join(disk.folder, "ledger"), clock: () => at(Date.now()) });
      disk.fill();
      let written = 0;
      const write = async (): Promise<void> => {
        const path = `/${written}/${randomBytes(64 * 1024).toString("hex")}`;
        await ledger.audit({ request: String(written), method: "GET", path, status: 200, from: "127.0.0.1" });
        written += 1;
      };
      const failure = await untilRefused(write);
      expect(failure).toBeInstanceOf(LedgerUnavailable);
      expect(String(failure)).toMatch(NO_ROOM);

      disk.grow("512m");
      await write();

      const kept = await ledger.audited({ limit: 10_000 });
      expect(kept.map(({ request }) => Number(request)).toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: written }, (_, number) => number),
      );
    });
  },
);

interface Disk {
  readonly folder: string;
  grow(size: string): void;
  /** Leaves no room. */
  fill(): void;
}

function mounted(size: string): Disk {
  const folder = mkdtempSync(join(tmpdir(), "raingauge-disk-"));
  mount(folder, size);
  onTestFinished(() => {
    execFileSync("umount", ["--lazy", folder]);
    rmdirSync(folder);
  });
  return {
    folder,
    grow: (to) => {
      execFileSync("mount", ["-o", `remount,size=${to}`, folder]);
    },
    fill: () => {
      const chunk = Buffer.alloc(64 * 1024);
      for (let flag = "w"; ; flag = "a") {
        try {
          writeFileSync(join(folder, "filler"), chunk, { flag });
        } catch {
          return;
        }
      }
    },
  };
}

function mount(folder: string, size: string): void {
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size},mode=755`, "tmpfs", folder], { stdio: "pipe" });
}

/** Why nothing can be mounted here. */
function refused(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "raingauge-disk-"));
  try {
    mount(folder, "1m");
    execFileSync("umount", [folder]);
    return undefined;
  } catch (error) {
    if (error instanceof Error && "status" in error) return error.message.split("\n").at(1) ?? "mount failed";
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What was thrown when nothing more was taken. */
async function untilRefused(work: () => Promise<void>): Promise<unknown> {
  for (let turn = 0; turn < 100_000; turn += 1) {
    try {
      await work();
    } catch (error) {
      return error;
    }
  }
  throw new Error("the disk never became full");
}

/** Appends until the disk is full, again when it has grown, and looks with a store opened anew whether all is there. */
async function filledAndGrown(
  disk: Disk,
  grown: string,
  open: () => Promise<SampleStore>,
  revive: () => Promise<void> = async () => undefined,
): Promise<void> {
  let stored = 0;
  {
    await using store = await open();
    const append = async (): Promise<void> => {
      await store.append([arrivalOf(stored)]);
      stored += 1;
    };
    await append();
    disk.fill();
    const failure = await untilRefused(append);
    expect(failure).toBeInstanceOf(StoreUnavailable);
    expect(String(failure)).toMatch(NO_ROOM);
    disk.grow(grown);
    await revive();
    await append();
  }

  await using after = await open();
  expect(await memoryOf(after)).toEqual(idsUpTo(stored));
  expect(await after.append([arrivalOf(0)])).toEqual({ stored: 0, duplicates: MACHINES });
}

/** The readings that a store has, by their ids. */
async function memoryOf(store: Pick<SampleStore, "series">): Promise<string[]> {
  const period = { start: START, end: at(START + MINUTES_HELD * 60_000) };
  return (await store.series({ meter: "memory.usage", period }, EVERYTHING)).map(({ id }) => id).toSorted();
}

const idsUpTo = (stored: number): string[] =>
  Array.from({ length: stored }, (_, number) => samplesOf(number).map(({ id }) => id))
    .flat()
    .toSorted();

const MACHINES = 100;

const arrivalOf = (number: number) => ({
  position: { stream: "RAINGAUGE", sequence: BigInt(number + 1) },
  batch: { samples: samplesOf(number), events: [], coverage: [] },
});

const samplesOf = (number: number): Sample[] =>
  Array.from({ length: MACHINES }, (_, machine) =>
    sampleOf({
      region: "RegionOne",
      project: "acme",
      meter: "memory.usage",
      resource: `box-${machine}`,
      at: at(START + number * 1_000),
      value: BigInt(number * 1_000_003 + machine * 7_919),
      origin: "poll",
      source: "libvirt",
      stance: "states",
      dimensions: {},
      sequence: number,
      message: `poll ${number}`,
    }),
  );

const messageOf = (number: number): Message => ({
  id: `message-${number}`,
  kind: "samples",
  region: "RegionOne",
  service: "libvirt",
  project: "acme",
  body: Buffer.alloc(32 * 1024, number),
});

/** The same bus behind a line that can be cut. */
const cut = (bus: Bus, line: { readonly isCut: boolean }): Bus => ({
  publish: async (message) => {
    if (line.isCut) throw new BusUnavailable("the line is cut");
    return bus.publish(message);
  },
  consume: (handle, options) => bus.consume(handle, options),
  backlog: () => bus.backlog(),
  rejected: (after) => bus.rejected(after),
  replay: (sequence) => bus.replay(sequence),
  [Symbol.asyncDispose]: async () => undefined,
});
