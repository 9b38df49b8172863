import { at, EVERYTHING, instant } from "@raingauge/domain";
import { sampleOf } from "@raingauge/wire";
import { expect, it } from "vitest";
import type { Arrival } from "../store.ts";
import { duckdbStore } from "./duckdb.ts";

const START = instant("2026-01-10T00:00:00Z");

const arrival = (sequence: number): Arrival => ({
  position: { stream: "a stream/whose name is long", sequence: BigInt(sequence) },
  batch: {
    samples: [
      sampleOf({
        region: "RegionOne",
        project: "acme",
        meter: "memory.usage",
        resource: "box",
        at: at(START + sequence * 1_000),
        value: 1n,
        origin: "poll",
        source: "libvirt",
        stance: "states",
        dimensions: {},
        sequence: 0,
        message: `message ${sequence}`,
      }),
    ],
    events: [],
    coverage: [],
  },
});

it("knows every position again, whether they came in one run, with gaps, or out of order, and no other", async () => {
  await using store = await duckdbStore({ path: ":memory:", clock: () => START });
  const numbers = Array.from({ length: 100 }, (_, number) => number).filter(
    (number) => ![3, 40, 41, 97].includes(number),
  );
  const arrivals = numbers.map(arrival).toReversed();

  expect(await store.append(arrivals)).toEqual({ stored: 96, duplicates: 0 });
  expect(await store.append(arrivals.toReversed())).toEqual({ stored: 0, duplicates: 96 });
  expect(await store.append([3, 40, 41, 97].map(arrival))).toEqual({ stored: 4, duplicates: 0 });

  const period = { start: START, end: at(START + 100_000) };
  expect(await store.series({ meter: "memory.usage", period }, EVERYTHING)).toHaveLength(100);
});
