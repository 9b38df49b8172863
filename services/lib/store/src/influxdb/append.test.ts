import { randomUUID } from "node:crypto";
import { at, EVERYTHING, HOUR_MS, instant, type Sample } from "@raingauge/domain";
import { describeWith, type InfluxServer, influxServer } from "@raingauge/harness";
import { reading } from "@raingauge/test/generators/reading.ts";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { cutting } from "../fixtures/cutting.ts";
import type { Arrival } from "../store.ts";
import { type InfluxdbStoreOptions, influxdbStore } from "./influxdb.ts";
import { slotOf } from "./slots.ts";
import { thisProcess } from "./writer.ts";

const HOUR_0 = instant("2026-01-10T00:00:00Z");
const DAY = { start: HOUR_0, end: at(HOUR_0 + 24 * HOUR_MS) };
const ASKED = { meter: "instance", period: DAY };

await describeWith("influxdb", "An append to InfluxDB", () => {
  let server: InfluxServer;
  let here: InfluxdbStoreOptions;

  beforeAll(async () => {
    server = await influxServer();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    const { url, organization, token } = server;
    here = { url, organization, token, bucket: randomUUID(), clock: () => HOUR_0 };
    await server.makeBucket(here.bucket);
  });

  it("is seen whole or not at all wherever it is cut off, and counts once when it comes again", async () => {
    const before = arrival(1, reading({ at: HOUR_0 }));
    const [event, coverage] = [anEvent("m-1"), listening];
    const cut: Arrival = arrival(2, reading({ at: at(HOUR_0 + 1) }), reading({ at: HOUR_0, value: 2n }));
    const whole: Arrival = { ...cut, batch: { ...cut.batch, events: [event], coverage: [coverage] } };
    await append(here, before);

    for (const [writes, half] of CUTS) {
      await using front = await cutting(here.url, { isWrite, writes, half });
      await expect(append({ ...here, url: front.url }, whole)).rejects.toThrow("InfluxDB cannot be reached now");

      await using store = influxdbStore(here);
      expect(await store.series(ASKED, EVERYTHING)).toEqual(before.batch.samples);
      expect(await store.events({ period: DAY }, EVERYTHING)).toEqual([]);
      expect(await store.coverage({ period: DAY })).toEqual([]);
      await append(here, before);
    }

    expect(await append(here, whole)).toEqual({ stored: 3, duplicates: 0 });
    expect(await append(here, whole)).toEqual({ stored: 0, duplicates: 3 });
    await using store = influxdbStore(here);
    expect(await store.series(ASKED, EVERYTHING)).toHaveLength(3);
    expect(await store.events({ period: DAY }, EVERYTHING)).toEqual([event]);
    expect(await store.coverage({ period: DAY })).toEqual([coverage]);
  });

  it("is stored once though its last word was heard and the answer was not", async () => {
    await using front = await cutting(here.url, { isWrite, writes: 2, half: "answer" });
    const told = arrival(1, reading({ at: HOUR_0 }));
    await expect(append({ ...here, url: front.url }, told)).rejects.toThrow("InfluxDB cannot be reached now");

    expect(await append(here, told)).toEqual({ stored: 0, duplicates: 1 });
  });

  it("keeps apart readings of one resource and millisecond, those too that meet in one nanosecond", async () => {
    const crowd = Array.from({ length: 3_000 }, (_, value) => reading({ at: HOUR_0, value: BigInt(value) }));
    const met = crowd.filter(({ id }, index) => crowd.findIndex((each) => slotOf(each.id) === slotOf(id)) < index);
    expect(met.length).toBeGreaterThan(0);

    expect(await append(here, arrival(1, ...crowd.slice(0, 1_500)))).toEqual({ stored: 1_500, duplicates: 0 });
    expect(await append(here, arrival(2, ...crowd))).toEqual({ stored: 1_500, duplicates: 1_500 });

    await using store = influxdbStore(here);
    const kept = await store.series(ASKED, EVERYTHING);
    expect(new Set(kept.map(({ id }) => id))).toEqual(new Set(crowd.map(({ id }) => id)));
  });

  it("says so when the server cannot be reached, and throws nothing away", async () => {
    await server.kill();
    await expect(append(here, arrival(1, reading({ at: HOUR_0 })))).rejects.toMatchObject({ name: "StoreUnavailable" });
    await server.restart();

    expect(await append(here, arrival(1, reading({ at: HOUR_0 })))).toEqual({ stored: 1, duplicates: 0 });
    await server.kill();
    await server.restart();
    await using store = influxdbStore(here);
    expect(await store.series(ASKED, EVERYTHING)).toHaveLength(1);
  });

  it("lets one process append at a time, and the next a minute after the last word of one that cannot be seen", async () => {
    const elsewhere = { host: "another-host", pid: 7, began: 1 };
    let now = HOUR_0;
    await using mine = influxdbStore({ ...here, clock: () => now });
    await using theirs = influxdbStore({ ...here, writer: elsewhere, clock: () => now });
    await theirs.append([arrival(1, reading({ at: HOUR_0 }))]);

    await expect(mine.append([arrival(2, reading({ at: at(HOUR_0 + 1) }))])).rejects.toThrow(
      "The bucket is written to by process 7 on another-host",
    );
    now = at(HOUR_0 + 60_000);
    expect(await mine.append([arrival(2, reading({ at: at(HOUR_0 + 1) }))])).toEqual({ stored: 1, duplicates: 0 });

    await expect(theirs.append([arrival(3, reading({ at: at(HOUR_0 + 2) }))])).rejects.toMatchObject({
      name: "BucketTaken",
    });
    expect(await mine.series(ASKED, EVERYTHING)).toHaveLength(2);
  });

  it("takes over at once from a process of this machine that is not there any more", async () => {
    const dead = { ...thisProcess(), pid: process.pid, began: 1 };
    await using before = influxdbStore({ ...here, writer: dead });
    await before.append([arrival(1, reading({ at: HOUR_0 }))]);

    expect(await append(here, arrival(2, reading({ at: at(HOUR_0 + 1) })))).toEqual({ stored: 1, duplicates: 0 });
  });

  it("loses what it began to whoever signed the books meanwhile, and then nothing of it is seen", async () => {
    const elsewhere = { host: "another-host", pid: 7, began: 1 };
    await using other = influxdbStore({ ...here, writer: elsewhere, clock: () => at(HOUR_0 + 120_000) });
    const told = arrival(1, reading({ at: HOUR_0 }));
    await using front = await cutting(here.url, {
      isWrite,
      writes: 1,
      half: "request",
      meanwhile: () => other.append([arrival(2, reading({ at: at(HOUR_0 + 1) }))]),
    });

    await expect(append({ ...here, url: front.url }, told)).rejects.toMatchObject({ name: "BucketTaken" });

    await using store = influxdbStore(here);
    expect((await store.series(ASKED, EVERYTHING)).map((each) => each.at)).toEqual([HOUR_0 + 1]);
  });

  it("makes one series of a resource's meter, whatever happens to the resource", async () => {
    const lives = ["m1.small", "m1.large"].flatMap((flavor, life) =>
      ["active", "stopped"].map((state, part) =>
        reading({
          at: at(HOUR_0 + life * 10_000 + part * 1_000),
          dimensions: { flavor, state },
          project: `owner-${life}`,
          source: state === "active" ? "nova" : "libvirt",
          message: `message-${life}-${part}`,
        }),
      ),
    );
    const counters = ["compute-01", "compute-02"].map((host, index) =>
      reading({
        meter: "cpu",
        at: at(HOUR_0 + index),
        incarnation: { host, device: "", startedAt: HOUR_0, witnessed: true },
      }),
    );
    await append(here, arrival(1, ...lives, ...counters));

    const body = new URLSearchParams({ db: here.bucket, q: 'show series from "reading"' });
    const headers = { accept: "application/csv", authorization: `Token ${here.token}` };
    const said = await (await fetch(`${here.url}/query`, { method: "POST", headers, body })).text();

    expect(said.trim().split("\n").slice(1)).toHaveLength(2);
  });

  it("deletes from the server what retention removed, and what an earlier freezing had kept", async () => {
    const month = 30 * 24 * HOUR_MS;
    let now = HOUR_0;
    await using store = influxdbStore({ ...here, clock: () => now });
    await store.append([
      arrival(1, ...[0, 1, 2, 30, 60].map((day) => reading({ at: at(HOUR_0 + day * 24 * HOUR_MS) }))),
    ]);
    now = at(HOUR_0 + 3 * month);
    const counted = async (measurement: string): Promise<number> => {
      const body = new URLSearchParams({ db: here.bucket, q: `select "id" from "${measurement}"` });
      const headers = { accept: "application/csv", authorization: `Token ${here.token}` };
      const said = await (await fetch(`${here.url}/query`, { method: "POST", headers, body })).text();
      return said.trim().split("\n").slice(1).length;
    };

    await store.freeze(at(HOUR_0 + month));
    expect([await counted("reading"), await counted("kept")]).toEqual([2, 2]);
    await store.freeze(at(HOUR_0 + 2 * month));

    expect([await counted("reading"), await counted("kept")]).toEqual([1, 2]);
    expect(await store.series({ meter: "instance", period: { start: HOUR_0, end: now } }, EVERYTHING)).toHaveLength(3);
  });

  it("fails for good where there is no such bucket", async () => {
    const told = arrival(1, reading({ at: HOUR_0 }));

    await expect(append({ ...here, bucket: "nowhere" }, told)).rejects.toMatchObject({ name: "Refused" });
  });
});

const isWrite = (path: string): boolean => path.startsWith("/api/v2/write");

/** An append writes three times: that it begins, what it brings, that it is done. */
const CUTS = [0, 1, 2].flatMap((writes) =>
  (["request", "answer"] as const)
    .filter((half) => writes < 2 || half === "request")
    .map((half) => [writes, half] as const),
);

async function append(options: InfluxdbStoreOptions, told: Arrival) {
  await using store = influxdbStore(options);
  return await store.append([told]);
}

const arrival = (sequence: number, ...samples: Sample[]): Arrival => ({
  position: { stream: "RAINGAUGE", sequence: BigInt(sequence) },
  batch: { samples, events: [], coverage: [] },
});

const anEvent = (id: string) => ({ id, type: "t", region: "RegionOne", source: "nova", at: HOUR_0, attributes: {} });

const listening = { region: "RegionOne", source: "listener", agent: "queue", period: DAY };
