import { at, EVERYTHING, NO_EVIDENCE, type Period, type Sample, type Usage } from "@raingauge/domain";
import { NOON, reading } from "@raingauge/test/generators/reading.ts";
import { expect, it } from "vitest";
import { arrivalOf, clock } from "./conformance/terms.ts";
import { duckdbStore } from "./duckdb/duckdb.ts";
import { wholeSeries } from "./influxdb/rolled-up/whole.ts";
import type { Seen } from "./influxdb/seen.ts";
import { lateOf } from "./late.ts";
import { totalsOf } from "./totals.ts";

/** More than can be the arguments of one call. */
const MANY = 130_000;

const period: Period = { start: NOON, end: at(NOON + MANY) };

it("totals are told of however many usages", async () => {
  const used: Usage = {
    ...{ region: "RegionOne", project: "acme", meter: "instance", resource: "vm-1", dimensions: {} },
    ...{ period, quantity: 1n, evidence: NO_EVIDENCE },
  };
  const usages = Array.from({ length: MANY }, (_, index) => ({ ...used, resource: `vm-${index}` }));

  expect(await totalsOf(async () => usages, { period, by: ["resource"] }, EVERYTHING)).toHaveLength(MANY);
});

it("a series is read whole however many readings it has", async () => {
  const one = reading({ at: NOON });
  const seen = { server: { read: async () => new Array<Sample>(MANY).fill(one) }, commits: {} } as unknown as Seen;

  const found = await wholeSeries(seen, "instance", ["instance\nRegionOne\nvm-1"]);

  expect(found.values().next().value).toHaveLength(MANY);
});

it("however many readings of a series came late, they are counted", () => {
  const late = Array.from({ length: MANY }, (_, index) => ({ ...reading({ at: NOON }), at: at(NOON + index) }));

  expect(lateOf(late)).toMatchObject([{ readings: MANY, first: NOON, last: NOON + MANY - 1 }]);
});

it("a page of samples holds its one resource, however many readings that has", async () => {
  await using store = await duckdbStore({ path: ":memory:", clock });
  const samples = Array.from({ length: MANY }, (_, index) => reading({ at: at(NOON + index) }));
  await store.append([arrivalOf(1, { samples })]);

  expect(await store.series({ meter: "instance", period, limit: 2 }, EVERYTHING)).toHaveLength(MANY);
});
