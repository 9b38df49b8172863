import { at, EVERYTHING, HOUR_MS, instant, type Sample } from "@raingauge/domain";
import { type ClickhouseServer, clickhouseServer, describeWith } from "@raingauge/harness";
import { reading } from "@raingauge/test/generators/reading.ts";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { cutting } from "../fixtures/cutting.ts";
import type { Arrival, SampleStore } from "../store.ts";
import { clickhouseStore } from "./clickhouse.ts";
import { newDatabase, say } from "./fixtures/database.ts";
import type { ClickhouseAddress } from "./server.ts";

const HOUR_0 = instant("2026-01-10T00:00:00Z");
const DAY = { start: HOUR_0, end: at(HOUR_0 + 24 * HOUR_MS) };
const ASKED = { meter: "instance", period: DAY };

await describeWith("chdb", "An append to ClickHouse", () => {
  let server: ClickhouseServer;
  let here: ClickhouseAddress;
  const open = (address: ClickhouseAddress): SampleStore => clickhouseStore({ ...address, clock: () => HOUR_0 });
  const append = async (address: ClickhouseAddress, told: Arrival) => {
    await using store = open(address);
    return await store.append([told]);
  };

  beforeAll(async () => {
    server = await clickhouseServer();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    here = await newDatabase(server);
  });

  it("is seen whole or not at all wherever it is cut off, and counts once when it comes again", async () => {
    const before = arrival(1, reading({ at: HOUR_0 }));
    await append(here, before);
    const [event, coverage] = [anEvent("m-1"), listening];
    const later = arrival(2, reading({ at: at(HOUR_0 + 1) }), reading({ at: HOUR_0, value: 2n }));
    const cut: Arrival = { ...later, batch: { ...later.batch, events: [event], coverage: [coverage] } };

    for (const [writes, half] of CUTS) {
      await using front = await cutting(here.url, { isWrite, writes, half });
      await expect(append({ ...here, url: front.url }, cut)).rejects.toThrow("ClickHouse cannot be reached now");

      await using store = open(here);
      expect(await store.series(ASKED, EVERYTHING)).toEqual(before.batch.samples);
      expect(await store.events({ period: DAY }, EVERYTHING)).toEqual([]);
      expect(await store.coverage({ period: DAY })).toEqual([]);
    }

    expect(await append(here, cut)).toEqual({ stored: 3, duplicates: 0 });
    expect(await append(here, cut)).toEqual({ stored: 0, duplicates: 3 });
    await using store = open(here);
    expect(await store.series(ASKED, EVERYTHING)).toHaveLength(3);
    expect(await store.events({ period: DAY }, EVERYTHING)).toEqual([event]);
    expect(await store.coverage({ period: DAY })).toEqual([coverage]);
  });

  it("is stored once though its last word was heard and the answer was not", async () => {
    await using front = await cutting(here.url, { isWrite, writes: WRITES - 3, half: "answer" });
    const told = arrival(1, reading({ at: HOUR_0 }));
    await expect(append({ ...here, url: front.url }, told)).rejects.toThrow("ClickHouse cannot be reached now");

    expect(await append(here, told)).toEqual({ stored: 0, duplicates: 1 });
  });

  it("goes on, with the same store, after one that failed", async () => {
    await using front = await cutting(here.url, { isWrite, writes: 3, half: "request" });
    await using store = open({ ...here, url: front.url });
    const told = arrival(1, reading({ at: HOUR_0 }));
    await expect(store.append([told])).rejects.toMatchObject({ name: "StoreUnavailable" });
    front.mend();

    expect(await store.append([told])).toEqual({ stored: 1, duplicates: 0 });
    expect(await store.append([told, arrival(2, reading({ at: at(HOUR_0 + 1) }))])).toEqual({
      stored: 1,
      duplicates: 1,
    });
    expect(await store.series(ASKED, EVERYTHING)).toHaveLength(2);
  });

  it("says so when the server cannot be reached, and throws nothing away", async () => {
    const told = arrival(1, reading({ at: HOUR_0 }));
    await using store = open(here);
    await server.kill();
    await expect(store.append([told])).rejects.toMatchObject({ name: "StoreUnavailable" });
    await expect(store.measure({ period: DAY }, EVERYTHING)).rejects.toMatchObject({ name: "StoreUnavailable" });
    await server.restart();

    expect(await store.append([told])).toEqual({ stored: 1, duplicates: 0 });
    await server.kill();
    await server.restart();
    expect(await store.append([told])).toEqual({ stored: 0, duplicates: 1 });
    expect(await store.series(ASKED, EVERYTHING)).toHaveLength(1);
  });

  it("fails for good where the tables were never made, and says what makes them", async () => {
    const told = arrival(1, reading({ at: HOUR_0 }));

    await expect(append({ ...here, database: "nowhere" }, told)).rejects.toThrow(/raingauge store init/);
  });

  it("is added up in 128 bits, where ClickHouse's own sums of 64 wrap without a word", async () => {
    const most = 2n ** 63n - 1n;
    expect(await say(server, `select sum(toInt64(${most})) from numbers(2)`)).toBe("-2");
    const readings = [0, 1, 2, 3].map((hour) =>
      reading({ at: at(HOUR_0 + hour * HOUR_MS), meter: "volume.size", resource: "disk-1", value: most }),
    );
    await using store = open(here);
    await store.append([arrival(1, ...readings)]);
    await store.rollUp();

    const [usage] = await store.measure({ meters: ["volume.size"], period: DAY }, EVERYTHING);

    expect(usage?.quantity).toBe(most * BigInt(3 * HOUR_MS));
  });
});

/** Eight tables beside each other, before them the writer's number and after them the word that it is done. */
const WRITES = 10;

/** One after the other of them never arrives, or is done and nobody hears of it; of the last one the latter is a success. */
const CUTS = Array.from({ length: WRITES }, (_, writes) => [writes, writes % 2 === 1 ? "request" : "answer"] as const);

const isWrite = (path: string): boolean =>
  new URLSearchParams(path.slice(2)).get("query")?.startsWith("insert") === true;

const arrival = (sequence: number, ...samples: Sample[]): Arrival => ({
  position: { stream: "RAINGAUGE", sequence: BigInt(sequence) },
  batch: { samples, events: [], coverage: [] },
});

const anEvent = (id: string) => ({ id, type: "t", region: "RegionOne", source: "nova", at: HOUR_0, attributes: {} });

const listening = { region: "RegionOne", source: "listener", agent: "queue", period: DAY };
