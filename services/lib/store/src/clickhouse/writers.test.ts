import { EVERYTHING, instant } from "@raingauge/domain";
import { type ClickhouseServer, clickhouseServer, describeWith } from "@raingauge/harness";
import { aSpan, someTurns } from "@raingauge/test/generators/history.ts";
import { runs } from "@raingauge/test/generators/hunt.ts";
import { reading } from "@raingauge/test/generators/reading.ts";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { arrival, arrivalOf, DAY, expected, hour, hours, PROPERTY_MS, polling } from "../conformance/terms.ts";
import { cutting } from "../fixtures/cutting.ts";
import type { Arrival, SampleStore } from "../store.ts";
import { clickhouseStore } from "./clickhouse.ts";
import { newDatabase, say } from "./fixtures/database.ts";
import type { ClickhouseAddress } from "./server.ts";

/** Their clocks differ by more than anything here takes. */
const CLOCKS = [instant("2026-03-01T00:00:00Z"), instant("2026-02-28T23:59:00Z")] as const;

await describeWith("chdb", "Several writers of one ClickHouse", () => {
  let server: ClickhouseServer;
  beforeAll(async () => {
    server = await clickhouseServer();
  });
  afterAll(() => server.stop());

  const openTwo = async () => {
    const address = await newDatabase(server);
    const [one, other] = CLOCKS.map((now) => clickhouseStore({ ...address, clock: () => now })) as [
      SampleStore,
      SampleStore,
    ];
    return {
      address,
      one,
      other,
      [Symbol.asyncDispose]: async () => {
        await one[Symbol.asyncDispose]();
        await other[Symbol.asyncDispose]();
      },
    };
  };

  it(
    "are measured as one, whoever stored what, at once or one after the other, and whoever rolled up between",
    async () => {
      const plot = fc.record({
        turns: someTurns,
        who: fc.array(fc.constantFrom("one", "other", "both at once", "both in turn"), { minLength: 8, maxLength: 8 }),
        rolls: fc.array(fc.constantFrom("one", "other", "both at once", "nobody"), { minLength: 8, maxLength: 8 }),
        span: aSpan,
      });
      await fc.assert(
        fc.asyncProperty(plot, async ({ turns, who, rolls, span }) => {
          await using two = await openTwo();
          const told: Arrival[] = [];
          const pinned = [];
          for (const [turn, arrivals] of turns.entries()) {
            told.push(...arrivals);
            await by(two, who[turn], (store) => store.append(arrivals));
            await by(two, rolls[turn], (store) => store.rollUp());
            const usage = expected(told, { period: span }, EVERYTHING);
            expect(await two.other.measure({ period: span }, EVERYTHING)).toEqual(usage);
            if (turn % 3 === 1) pinned.push({ asOf: await two.one.watermark(), usage });
          }
          for (const { asOf, usage } of pinned)
            expect(await two.other.measure({ period: span, asOf }, EVERYTHING)).toEqual(usage);
        }),
        { numRuns: runs(2) },
      );
    },
    PROPERTY_MS,
  );

  it("know what the other stored: a redelivery to the other counts as a duplicate", async () => {
    await using two = await openTwo();
    const [told, next] = [arrival(1, reading({ at: hour(1) })), arrival(2, reading({ at: hour(2) }))];
    expect(await two.one.append([told])).toEqual({ stored: 1, duplicates: 0 });
    expect(await two.other.append([told, next])).toEqual({ stored: 1, duplicates: 1 });

    expect(await two.one.append([next])).toEqual({ stored: 0, duplicates: 1 });
    const again = { ...next, position: { stream: "RAINGAUGE", sequence: 3n } };
    expect(await two.one.append([again])).toEqual({ stored: 0, duplicates: 1 });
  });

  it("answer alike before merges and after", async () => {
    await using two = await openTwo();
    const event = { id: "m-1", type: "t", region: "RegionOne", source: "nova", at: hour(1), attributes: {} };
    const told = arrivalOf(1, {
      samples: [1, 2, 5].map((each) => reading({ at: hour(each) })),
      events: [event],
      coverage: [polling(hours(0, 24))],
    });
    await Promise.all([two.one.append([told]), two.other.append([told])]);
    await Promise.all([two.one.rollUp(), two.other.rollUp()]);
    await two.one.append([arrival(2, reading({ at: hour(3), stance: "sights" }))]);
    await two.one.rollUp();
    const answers = () =>
      Promise.all([
        two.one.measure({ period: DAY }, EVERYTHING),
        two.one.series({ meter: "instance", period: DAY }, EVERYTHING),
        two.one.events({ period: DAY }, EVERYTHING),
        two.one.coverage({ period: DAY }),
        two.one.points({ meter: "instance", period: DAY }, EVERYTHING),
      ]);
    const before = await answers();
    expect(before.map((answer) => answer.length)).toEqual([1, 4, 1, 1, 1]);

    for (const table of [
      "commit",
      "series",
      "series_project",
      "claim",
      "reading",
      "usage_hour",
      "rolled_series",
      "rolled",
    ])
      await say(server, `optimize table \`${two.address.database}\`.\`${table}\` final`);

    expect(await answers()).toEqual(before);
  });

  it("see no half of a roll-up that was cut off, and the next one mends it", async () => {
    const told = [
      arrivalOf(1, { samples: [0, 1, 2, 3].map((each) => cpu(each)), coverage: [polling(hours(0, 24))] }),
      arrival(2, cpu(1.5), reading({ at: hour(1) }), reading({ at: hour(9), stance: "sights" })),
    ] as const;
    const usage = expected(told, { period: DAY }, EVERYTHING);

    for (let writes = 0; writes < ROLL_UP_WRITES; writes += 1) {
      await using two = await openTwo();
      await two.one.append([told[0]]);
      await two.one.rollUp();
      await two.one.append([told[1]]);
      await rollUpCut(two.address, writes);

      expect(await two.other.measure({ period: DAY }, EVERYTHING)).toEqual(usage);
      await say(server, `optimize table \`${two.address.database}\`.usage_hour final`);
      expect(await two.other.measure({ period: DAY }, EVERYTHING)).toEqual(usage);
      await two.other.rollUp();
      expect(await two.other.measure({ period: DAY }, EVERYTHING)).toEqual(usage);
      expect(await two.one.rollUp()).toEqual({ series: 0, hours: 0 });
    }
  });
});

const cpu = (count: number) => reading({ meter: "cpu", at: hour(count + 0.5), value: BigInt(Math.round(count * 2)) });

/** The writer's number, holders, hours, states, and that it is finished. */
const ROLL_UP_WRITES = 5;

async function rollUpCut(address: ClickhouseAddress, writes: number): Promise<void> {
  const isWrite = (path: string): boolean =>
    new URLSearchParams(path.slice(2)).get("query")?.startsWith("insert") === true;
  await using front = await cutting(address.url, { isWrite, writes, half: "request" });
  await using store = clickhouseStore({ ...address, url: front.url, clock: () => CLOCKS[0] });
  await expect(store.rollUp()).rejects.toMatchObject({ name: "StoreUnavailable" });
}

async function by(
  { one, other }: { readonly one: SampleStore; readonly other: SampleStore },
  who: "one" | "other" | "both at once" | "both in turn" | "nobody" | undefined,
  work: (store: SampleStore) => Promise<unknown>,
): Promise<void> {
  if (who === "one" || who === "both in turn") await work(one);
  if (who === "other" || who === "both in turn") await work(other);
  if (who === "both at once") await Promise.all([work(one), work(other)]);
}
