import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import {
  EVERYTHING,
  type Instant,
  inIdentityOrder,
  instant,
  measure,
  meterNamed,
  type Period,
} from "@raingauge/domain";
import { chance } from "@raingauge/test/generators/chance.ts";
import { runs, seedOfRun } from "@raingauge/test/generators/hunt.ts";
import { describe, expect, it } from "vitest";
import { DELIVERY_SAMPLES, deliveryOf } from "../fixtures/delivery.ts";
import { duckdbUrl } from "../open.ts";
import { openToRead } from "../reading.ts";
import { type SampleStore, StoreUnavailable } from "../store.ts";
import { duckdbStore, StoreInUse } from "./duckdb.ts";

const clock = (): Instant => instant("2026-03-01T00:00:00Z");
const PERIOD: Period = { start: instant("2025-12-31T00:00:00Z"), end: instant("2026-03-01T00:00:00Z") };
const PROGRAM = fileURLToPath(import.meta.resolve("../fixtures/append-for-ever.ts"));

describe("a DuckDB store whose process dies", () => {
  it("has every row that it said was stored, each once, after SIGKILL at random points", async () => {
    await using place = await folder();
    const seed = seedOfRun();
    const below = chance(seed);
    let acknowledged = 0;

    for (let round = 0; round < runs(5); round += 1) {
      const child = appending(place.path, Math.max(1, acknowledged - 2));
      acknowledged = Math.max(acknowledged, await heard(child, 1 + below(12)));
      child.kill("SIGKILL");
      await done(child);
    }

    await using store = await duckdbStore({ path: place.path, clock });
    expect(await readingsIn(store), `seed ${seed}`).toBeGreaterThanOrEqual(acknowledged * DELIVERY_SAMPLES);
    await expectWhole(store, acknowledged + 20, `seed ${seed}`);
  });

  it("throws StoreUnavailable while the disk takes no more, and goes on when it does", async () => {
    await using place = await folder();
    const limited = spawn("bash", ["-c", `ulimit -S -f 1000; exec "${process.execPath}" "${PROGRAM}" "${place.path}"`]);
    const said = lines(limited);
    let acknowledged = 0;
    for await (const line of said) {
      if (/^StoreUnavailable: The store .* cannot be used now/.test(line)) break;
      acknowledged = Number(line);
    }

    await done(spawn("prlimit", ["--pid", String(limited.pid), "--fsize=unlimited"]));
    limited.stdin.write("there is room again\n");
    for await (const line of said) {
      expect(Number(line)).toBe(acknowledged + 1);
      acknowledged += 1;
      if (acknowledged % 10 === 0) break;
    }

    limited.kill("SIGKILL");
    await done(limited);
    await using store = await duckdbStore({ path: place.path, clock });
    expect(await readingsIn(store)).toBeGreaterThanOrEqual(acknowledged * DELIVERY_SAMPLES);
    await expectWhole(store, acknowledged + 1, "after a full disk");
  });
});

describe("a DuckDB store that somebody else holds", () => {
  it("says in one sentence which process does, and what to do", async () => {
    await using place = await folder();
    const child = appending(place.path, 1);
    await heard(child, 1);

    await expect(duckdbStore({ path: place.path, clock })).rejects.toThrow(
      `The store file ${place.path} is held by process ${child.pid}. DuckDB lets in one process: stop that one, or ask it through its API.`,
    );

    child.kill("SIGKILL");
    await done(child);
  });

  it("is read from a copy meanwhile, which has every row that was stored before, each once", async () => {
    await using place = await folder();
    const child = appending(place.path, 1);
    const said = lines(child);
    let acknowledged = 0;

    for (let round = 0; round < runs(3); round += 1) {
      for await (const line of said) {
        acknowledged = Number(line);
        if (acknowledged % 5 === 0) break;
      }
      const reasons: string[] = [];
      await using copy = await openToRead(duckdbUrl(place.path), { clock, onCopy: (reason) => reasons.push(reason) });

      expect(reasons).toEqual([expect.stringContaining(`held by process ${child.pid}`)]);
      const deliveries = (await readingsIn(copy)) / DELIVERY_SAMPLES;
      expect(deliveries).toBeGreaterThanOrEqual(acknowledged);
      await expectWhole(copy, Math.ceil(deliveries) + 1, `copied after ${acknowledged}`);
    }

    child.kill("SIGKILL");
    await done(child);
    await using store = await duckdbStore({ path: place.path, clock });
    await expectWhole(store, Math.ceil((await readingsIn(store)) / DELIVERY_SAMPLES) + 1, "after its copies");
  });

  it("is refused to a second opener in the same process, and free again afterwards", async () => {
    await using place = await folder();
    const first = await duckdbStore({ path: place.path, clock });

    await expect(duckdbStore({ path: place.path, clock })).rejects.toThrow(StoreInUse);
    await first[Symbol.asyncDispose]();

    await using second = await duckdbStore({ path: place.path, clock });
    expect(await second.append([deliveryOf(1)])).toMatchObject({ stored: DELIVERY_SAMPLES });
  });

  it("cannot be opened in a folder that is not there, which is for now", async () => {
    await expect(duckdbStore({ path: "/nowhere/at/all/samples.duckdb", clock })).rejects.toThrow(StoreUnavailable);
  });
});

/** Redelivers everything: then every reading is there once, and measures as the domain says. */
async function expectWhole(store: SampleStore, deliveries: number, hint: string): Promise<void> {
  const all = Array.from({ length: deliveries }, (_, index) => deliveryOf(index + 1));
  const { stored, duplicates } = await store.append(all);
  await store.rollUp();

  expect(stored + duplicates, hint).toBe(deliveries * DELIVERY_SAMPLES);
  expect(await readingsIn(store), hint).toBe(deliveries * DELIVERY_SAMPLES);
  const meter = meterNamed("instance") ?? expect.fail("no meter instance");
  const samples = all.flatMap(({ batch }) => batch.samples);
  expect(await store.measure({ period: PERIOD }, EVERYTHING), hint).toEqual(
    inIdentityOrder(measure(meter, samples, PERIOD)),
  );
}

const readingsIn = async (store: SampleStore): Promise<number> =>
  (await store.series({ meter: "instance", period: PERIOD }, EVERYTHING)).length;

const appending = (path: string, first: number): ChildProcess =>
  spawn(process.execPath, [PROGRAM, path, String(first)]);

/** Waits until a program has said so many numbers, and returns the last. */
async function heard(child: ChildProcess, count: number): Promise<number> {
  let said = 0;
  for await (const line of lines(child)) {
    said += 1;
    if (said === count) return Number(line);
  }
  return expect.fail("the program ended before it was killed");
}

/** What a program says, line by line; leaving off and coming back loses nothing. */
function lines(child: ChildProcess): AsyncIterable<string> {
  const read = createInterface({ input: child.stdout ?? expect.fail("no output") })[Symbol.asyncIterator]();
  return { [Symbol.asyncIterator]: () => ({ next: () => read.next() }) };
}

const done = async (child: ChildProcess): Promise<unknown> => child.exitCode ?? once(child, "exit");

async function folder(): Promise<AsyncDisposable & { readonly path: string }> {
  const here = await mkdtemp(join(tmpdir(), "raingauge-store-"));
  return { path: join(here, "samples.duckdb"), [Symbol.asyncDispose]: () => rm(here, { recursive: true }) };
}
