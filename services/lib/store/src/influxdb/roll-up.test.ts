import { randomUUID } from "node:crypto";
import { at, EVERYTHING, HOUR_MS, instant, MINUTE_MS, type Sample } from "@raingauge/domain";
import { describeWith, type InfluxServer, influxServer } from "@raingauge/harness";
import { LARGE, reading } from "@raingauge/test/generators/reading.ts";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { expected } from "../conformance/terms.ts";
import { cutting } from "../fixtures/cutting.ts";
import type { Arrival } from "../store.ts";
import { type InfluxdbStoreOptions, influxdbStore } from "./influxdb.ts";

const HOUR_0 = instant("2026-01-10T00:00:00Z");
const hour = (count: number) => at(HOUR_0 + count * HOUR_MS);
const DAY = { start: HOUR_0, end: hour(24) };

await describeWith("influxdb", "A roll-up in InfluxDB", () => {
  let server: InfluxServer;
  let here: InfluxdbStoreOptions;

  beforeAll(async () => {
    server = await influxServer();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    const { url, organization, token } = server;
    here = { url, organization, token, bucket: randomUUID(), clock: () => hour(24) };
    await server.makeBucket(here.bucket);
  });

  const ask = async (influxql: string): Promise<string[]> => {
    const body = new URLSearchParams({ db: here.bucket, q: influxql });
    const headers = { accept: "application/csv", authorization: `Token ${here.token}` };
    const said = await (await fetch(`${here.url}/query`, { method: "POST", headers, body })).text();
    return said.trim().split("\n").slice(1);
  };

  it("answers from hours and from what decides the rest: the readings behind them are not asked for", async () => {
    await using store = influxdbStore(here);
    const told = [arrival(1, ...polled(0, 12), ...counted(0, 12))];
    await store.append(told);
    await store.rollUp();
    const later = arrival(2, ...polled(12, 20), ...counted(12, 20));
    await store.append([later]);
    const usages = expected([...told, later], { period: DAY }, EVERYTHING);
    expect(usages).toHaveLength(3);

    await ask(`delete from "reading" where time < ${hour(11)}000000`);

    expect(await store.measure({ period: DAY }, EVERYTHING)).toEqual(usages);
    expect(await store.totals({ period: DAY, by: ["project"], cuts: [hour(6)] }, EVERYTHING)).toHaveLength(6);
    const drawn = await store.points({ meter: "memory.usage", period: { start: hour(15), end: hour(16) } }, EVERYTHING);
    expect(drawn.map((each) => each.at.length)).toEqual([12]);
  });

  it("goes on from where the last one ended, and makes no hour twice", async () => {
    await using store = influxdbStore(here);
    await store.append([arrival(1, ...polled(0, 6))]);
    expect(await store.rollUp()).toEqual({ series: 2, hours: 2 * 4 });
    expect(await store.rollUp()).toEqual({ series: 0, hours: 0 });

    await store.append([arrival(2, ...polled(6, 8))]);

    expect(await store.rollUp()).toEqual({ series: 2, hours: 2 * 2 });
  });

  it("makes anew what a late reading reaches, and no other hour", async () => {
    await using store = influxdbStore(here);
    await store.append([arrival(1, ...polled(0, 12))]);
    await store.rollUp();
    const late = arrival(2, reading({ meter: "memory.usage", at: at(hour(3) + 2 * MINUTE_MS), value: 900n }));

    await store.append([late]);

    expect(await store.rollUp()).toEqual({ series: 1, hours: 1 });
    const told = [arrival(1, ...polled(0, 12)), late];
    expect(await store.measure({ period: DAY }, EVERYTHING)).toEqual(expected(told, { period: DAY }, EVERYTHING));
    expect(await ask(`select "stored" from "disturbed"`)).toEqual([]);
  });

  it("leaves every answer as it was wherever it is cut off, and is made whole by the next", async () => {
    await using first = influxdbStore(here);
    const told = [arrival(1, ...polled(0, 6), ...counted(0, 6))];
    await first.append(told);
    await first.rollUp();
    const more = [
      arrival(2, ...polled(6, 9), ...counted(6, 9)),
      arrival(3, reading({ at: at(hour(2) + MINUTE_MS), dimensions: LARGE })),
    ];
    await first.append(more);
    const usages = expected([...told, ...more], { period: DAY }, EVERYTHING);

    for (const writes of [0, 1, 2, 3, 4, 5]) {
      await using front = await cutting(here.url, { isWrite, writes, half: "request" });
      await using cut = influxdbStore({ ...here, url: front.url });
      await expect(cut.rollUp()).rejects.toThrow("InfluxDB cannot be reached now");

      expect(await first.measure({ period: DAY }, EVERYTHING)).toEqual(usages);
    }
    await using last = influxdbStore(here);
    expect(await last.rollUp()).toMatchObject({ series: 3 });
    expect(await last.rollUp()).toEqual({ series: 0, hours: 0 });
    expect(await last.measure({ period: DAY }, EVERYTHING)).toEqual(usages);
  });

  it("makes the hours of a long history a part at a time, and of the same usage", async () => {
    await using store = influxdbStore({ ...here, partReadings: 10, clock: () => hour(24 * 40) });
    const days = [0, 1, 2, 9, 10, 39];
    const told = [arrival(1, ...days.flatMap((day) => polled(24 * day, 24 * day + 1)))];
    await store.append(told);

    await store.rollUp();

    const books = await ask(`select count("stored") from "rolled" where "readings" >= 0`);
    expect(books).not.toEqual([]);
    const period = { start: HOUR_0, end: hour(24 * 40) };
    expect(await store.measure({ period }, EVERYTHING)).toEqual(expected(told, { period }, EVERYTHING));
    expect(await store.rollUp()).toEqual({ series: 0, hours: 0 });
  });

  it("measures a meter from its readings that the catalogue did not know when usage was rolled up, until it is again", async () => {
    await using store = influxdbStore(here);
    const told = [arrival(1, ...polled(0, 6))];
    await store.append(told);
    await store.rollUp();
    const usages = expected(told, { period: DAY }, EVERYTHING);
    await forget(server, here.bucket, ask);

    expect(await store.measure({ period: DAY }, EVERYTHING)).toEqual(usages);
    expect((await store.rollUp()).series).toBe(2);
    expect(await store.measure({ period: DAY }, EVERYTHING)).toEqual(usages);
  });
});

const isWrite = (path: string): boolean => path.startsWith("/api/v2/write");

/** As though the roll-up had been made by a version of ours that knew no meters. */
async function forget({ url, token }: InfluxServer, bucket: string, ask: (influxql: string) => Promise<string[]>) {
  const [row = ""] = await ask(`select "rolled" from "sources"`);
  const side = (await ask(`select "watch", "rolled" from "sources" where time = 1`)).length === 1 ? 1 : 0;
  await fetch(`${url}/api/v2/write?${new URLSearchParams({ org: "raingauge", bucket, precision: "ns" })}`, {
    method: "POST",
    headers: { authorization: `Token ${token}` },
    body: `sources meters="[]",rolled=${row.split(",").at(-1)}i ${side}`,
  });
}

const minutes = (from: number, to: number, step: number): number[] =>
  Array.from({ length: ((to - from) * 60) / step }, (_, index) => from * 60 + index * step);

/** A machine and its memory, polled every five minutes. */
const polled = (from: number, to: number): Sample[] =>
  minutes(from, to, 5).flatMap((minute) => [
    reading({ at: at(HOUR_0 + minute * MINUTE_MS), stance: minute === 0 ? "states" : "sights" }),
    reading({ meter: "memory.usage", at: at(HOUR_0 + minute * MINUTE_MS), value: BigInt(minute % 7) }),
  ]);

const counted = (from: number, to: number): Sample[] =>
  minutes(from, to, 5).map((minute) =>
    reading({
      meter: "cpu",
      at: at(HOUR_0 + minute * MINUTE_MS),
      value: BigInt(minute * 1_000),
      incarnation: { host: "compute-01", device: "", startedAt: at(HOUR_0 - MINUTE_MS), witnessed: true },
    }),
  );

const arrival = (sequence: number, ...samples: Sample[]): Arrival => ({
  position: { stream: "RAINGAUGE", sequence: BigInt(sequence) },
  batch: { samples, events: [], coverage: [] },
});
