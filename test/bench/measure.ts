import { join } from "node:path";
import { at, EVERYTHING, hourly, type Sample, type Usage, measure as usagesOf, watch } from "@raingauge/domain";
import type { Arrival, SampleStore } from "@raingauge/store";
import { duckdbStore } from "@raingauge/store/duckdb";
import { hoursAlone } from "./alone/duckdb.ts";
import { type Bench, type Benchmark, duration, type Figure, held, rate } from "./benchmark.ts";
import { REGION } from "./cloud.ts";
import { inLots } from "./lots.ts";
import { METERS, MONTH, type Month, monthOf } from "./month.ts";
import { secondsOf, timed, usualSecondsOf } from "./stopwatch.ts";

/** A month of machines, and how long the question what they used takes in memory and in the store. */
export const measure: Benchmark = {
  name: "measure",
  about: "what machines used in a month, in memory and from the store",
  needs: [],
  run: measured,
};

const MACHINES = 10;

async function measured(bench: Bench): Promise<readonly Figure[]> {
  const machines = Math.ceil(MACHINES * bench.scale);
  bench.say(`making up the month of ${machines} machines`);
  const month = monthOf(machines);
  const memory = await inMemory(month, bench);
  const path = join(bench.folder, "month.duckdb");
  const store = await inStore(month, bench, () => duckdbStore({ path, clock: () => at(Date.now()) }));
  bench.say("DuckDB alone");
  using hours = await hoursAlone(join(bench.folder, "alone.duckdb"), memory.series, HOURS);
  const summed = duration("DuckDB sum of as many hours alone", await usualSecondsOf(hours.sum));
  agree(memory.usages, store.usages);

  const measuring = rate("the domain's measure alone", "readings/s", memory.readings, memory.measured);
  const rolling = rate("the domain's measure alone, hour by hour", "readings/s", memory.readings, memory.hourly);
  const asked = duration("the domain's measure of the month", memory.measured);
  return [
    held(rate("rolled up", "readings/s", memory.readings - store.lateReadings, store.rolledUp), [rolling]),
    held(duration("a month from the store, just opened", store.cold), [summed]),
    held(duration("a month from the store, asked again", store.warm), [summed]),
    held(duration("a month from the store, an hour come late", store.late), [asked]),
    duration("rolled up after an hour came late", store.rolledUpLate),
    measuring,
    asked,
    rolling,
    summed,
  ];
}

const HOURS = (MONTH.end - MONTH.start) / 3_600_000;

async function inMemory({ batches }: Month, { say }: Bench) {
  const samples = batches.flatMap((batch) => batch.samples);
  const watching = watch(
    batches.flatMap(({ coverage }) => coverage),
    REGION,
    "instance",
  );
  const ofMeter = Map.groupBy(samples, ({ meter }) => meter);
  const each = <T>(use: (meter: (typeof METERS)[number], readings: readonly Sample[]) => readonly T[]): T[] =>
    METERS.flatMap((meter) => use(meter, ofMeter.get(meter.name) ?? []));
  say(`measuring ${samples.length} readings in memory`);
  const measured = await timed(() => each((meter, readings) => usagesOf(meter, readings, MONTH, watching)));
  say("measuring them hour by hour");
  const series = each((meter, readings) =>
    [...Map.groupBy(readings, ({ resource }) => resource).values()].map((mine) => ({ meter, mine })),
  );
  const hours = await secondsOf(() => series.map(({ meter, mine }) => hourly(meter, mine, MONTH, watching)));
  return {
    readings: samples.length,
    series: series.length,
    usages: measured.result,
    measured: measured.seconds,
    hourly: hours,
  };
}

/** Rolled up and opened anew, asked again and again; then an hour that was missing arrives, and it is asked again. */
export async function inStore({ inTime, late }: Month, { say }: Bench, open: () => Promise<SampleStore>) {
  const first = await open();
  say("storing the month");
  for (const lot of inLots(inTime, LOT)) await first.append(lot);
  say("rolling it up");
  const rolledUp = await secondsOf(() => first.rollUp());
  await first[Symbol.asyncDispose]();

  say("asking the store");
  await using store = await open();
  const month = (): Promise<readonly Usage[]> =>
    store.measure({ meters: METERS.map(({ name }) => name), period: MONTH }, EVERYTHING);
  const cold = await secondsOf(month);
  const warm = await usualSecondsOf(month);
  await store.append(late);
  const afterLate = await timed(month);
  const rolledUpLate = await secondsOf(() => store.rollUp());
  return {
    rolledUp,
    cold,
    warm,
    late: afterLate.seconds,
    rolledUpLate,
    usages: await month(),
    lateReadings: readingsOf(late),
  };
}

/** As many as make a transaction that is neither slow to commit nor large in memory. */
const LOT = 100;

const readingsOf = (arrivals: readonly Arrival[]): number =>
  arrivals.reduce((sum, { batch }) => sum + batch.samples.length, 0);

/** A fast answer that is wrong is no figure. */
function agree(expected: readonly Usage[], found: readonly Usage[]): void {
  const total = (usages: readonly Usage[]): bigint => usages.reduce((sum, { quantity }) => sum + quantity, 0n);
  if (expected.length !== found.length || total(expected) !== total(found))
    throw new Error(
      `the store's ${found.length} usages of ${total(found)} are not the ${expected.length} of ${total(expected)}`,
    );
}
