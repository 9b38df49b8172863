import { statSync } from "node:fs";
import { join } from "node:path";
import { at, EVERYTHING, measure, type Usage, watch } from "@raingauge/domain";
import type { Arrival, SampleStore } from "@raingauge/store";
import { duckdbStore } from "@raingauge/store/duckdb";
import { hoursAlone } from "./alone/duckdb.ts";
import { type Bench, type Benchmark, duration, type Figure, figure, held, rate } from "./benchmark.ts";
import { REGION } from "./cloud.ts";
import { coverageAt, HOURS, type HourlyCloud, nameOf, pollsOf, readingsOf } from "./hourly-cloud.ts";
import { inLots } from "./lots.ts";
import { METERS, MONTH } from "./month.ts";
import { secondsOf, timed, usualSecondsOf } from "./stopwatch.ts";

/** A month of a whole cloud in the store: what `measure` asks of ten machines that are held in memory, of a hundred and more. */
export const month: Benchmark = {
  name: "month",
  about: "a month of a whole cloud: stored, rolled up, asked for, and after one more hour",
  needs: [],
  run: measured,
};

const MACHINES = 100;
/** As many messages as a transaction of the collector takes. */
const LOT = 1_024;
/** Comes after everything else. */
const LATE_HOUR = 15 * 24 + 7;

async function measured({ scale, folder, say }: Bench): Promise<readonly Figure[]> {
  const cloud: HourlyCloud = { machines: Math.max(2, Math.ceil(MACHINES * scale)) };
  const path = join(folder, "month.duckdb");
  const open = (): Promise<SampleStore> => duckdbStore({ path, clock: () => at(Date.now()) });
  const series = cloud.machines * METERS.length;
  const filled = await fill(cloud, open, say);
  const fileBytes = statSync(path).size;
  say("asking");
  const asked = await ask(cloud, open);
  say("DuckDB alone");
  using days = await hoursAlone(join(folder, "alone.duckdb"), series, Math.ceil(HOURS / 24));
  const summed = duration("DuckDB sum of as many days alone", await usualSecondsOf(days.sum));
  return [
    rate("a month stored", "samples/s", series * (HOURS - 2), filled.stored),
    rate("rolled up at once", "readings/s", series * (HOURS - 2), filled.rolledUp),
    duration("rolled up after one more hour", filled.oneMore),
    held(duration("what each used, just opened", asked.cold), [summed]),
    held(duration("what each used, asked again", asked.warm), [summed]),
    duration("what each project used", asked.totals),
    duration("rolled up after an hour came late", asked.rolledUpLate),
    held(duration("what each used, after that", asked.afterLate), [summed]),
    summed,
    figure("a sample in the file, its hours and days included", "B/sample", fileBytes / (series * HOURS)),
    figure("memory of the process at most", "MB", process.resourceUsage().maxRSS / 1e3),
  ];
}

/** All hours but the late one, and of the last one apart what its roll-up takes. */
async function fill(cloud: HourlyCloud, open: () => Promise<SampleStore>, say: Bench["say"]) {
  await using store = await open();
  const all = Array.from({ length: HOURS - 1 }, (_, hour) => hour).filter((hour) => hour !== LATE_HOUR);
  let stored = 0;
  for (const days of inLots(all, DAYS_TOLD_OF * 24)) {
    say(`storing what ${cloud.machines} machines said from day ${1 + Math.floor((days[0] ?? 0) / 24)} on`);
    stored += await secondsOf(() => storeHours(store, cloud, days));
  }
  const readings = cloud.machines * METERS.length * all.length;
  say(`rolling up ${readings} readings, which were stored in ${stored.toFixed(1)} s`);
  const rolledUp = await secondsOf(() => store.rollUp());
  say(`rolling up one more hour; all the others took ${rolledUp.toFixed(1)} s`);
  await storeHours(store, cloud, [HOURS - 1]);
  const oneMore = await secondsOf(() => store.rollUp());
  await storeHours(store, cloud, [HOURS]);
  await store.rollUp();
  return { stored, rolledUp, oneMore };
}

/** Of a large cloud a week takes a while. */
const DAYS_TOLD_OF = 7;

async function storeHours(store: SampleStore, cloud: HourlyCloud, hours: readonly number[]): Promise<void> {
  let lot: Arrival[] = [];
  for (const hour of hours) {
    for (const arrival of pollsOf(cloud, hour)) {
      lot.push(arrival);
      if (lot.length < LOT) continue;
      await store.append(lot);
      lot = [];
    }
  }
  await store.append(lot);
}

async function ask(cloud: HourlyCloud, open: () => Promise<SampleStore>) {
  await using store = await open();
  const query = { meters: METERS.map(({ name }) => name), period: MONTH };
  const month = (): Promise<readonly Usage[]> => store.measure(query, EVERYTHING);
  const cold = await secondsOf(month);
  const warm = await usualSecondsOf(month);
  const totals = await usualSecondsOf(() => store.totals({ ...query, by: ["project"] }, EVERYTHING));
  await storeHours(store, cloud, [LATE_HOUR]);
  const rolledUpLate = await secondsOf(() => store.rollUp());
  const after = await timed(month);
  for (const machine of new Set([0, Math.floor(cloud.machines / 2), cloud.machines - 1])) agree(machine, after.result);
  return { cold, warm, totals, rolledUpLate, afterLate: after.seconds };
}

/** A fast answer that is wrong is no figure: of some machines it is held against the specification. */
function agree(machine: number, found: readonly Usage[]): void {
  const coverage = Array.from({ length: HOURS + 1 }, (_, hour) => coverageAt(hour));
  const watching = watch(coverage, REGION, "instance");
  const readings = Map.groupBy(readingsOf(machine), ({ meter }) => meter);
  const expected = METERS.flatMap((meter) => measure(meter, readings.get(meter.name) ?? [], MONTH, watching));
  const mine = found.filter(({ resource }) => resource === nameOf(machine));
  const told = (usages: readonly Usage[]): string =>
    JSON.stringify(
      usages.map(({ meter, quantity, evidence }) => [meter, String(quantity), Object.entries(evidence)]).toSorted(),
    );
  if (told(mine) !== told(expected)) throw new Error(`of ${nameOf(machine)}: ${told(mine)}, and not ${told(expected)}`);
}
