import { at, type Instant, instant } from "@raingauge/domain";
import { silentLog } from "@raingauge/runtime";
import { StoreUnavailable } from "@raingauge/store";
import { expect, it } from "vitest";
import { collectorMetrics } from "./metrics.ts";
import { retaining } from "./retention.ts";

const DAY_SECONDS = 86_400;

function desk(seconds: number | undefined) {
  const asked: Instant[] = [];
  let horizon: Instant | undefined;
  let now = instant("2026-05-10T13:20:00Z");
  let isAway = false;
  const store = {
    frozen: async () => (horizon === undefined ? undefined : { horizon, since: at(0) }),
    freeze: async (wanted: Instant) => {
      if (isAway) throw new StoreUnavailable("away");
      asked.push(wanted);
      horizon = wanted;
      return { horizon, removed: 7 };
    },
  };
  const counts = collectorMetrics();
  const work = retaining({ store, log: silentLog, counts, now: () => now }, seconds);
  return {
    asked,
    counts,
    at: async (moment: string, away = false): Promise<void> => {
      now = instant(moment);
      isAway = away;
      for (const piece of work) await piece();
    },
  };
}

it("moves the horizon once a day, by whole days, and counts what went", async () => {
  const { asked, counts, at: run } = desk(62 * DAY_SECONDS);

  await run("2026-05-10T13:20:00Z");
  await run("2026-05-10T23:59:00Z");
  await run("2026-05-11T00:00:00Z");

  expect(asked).toEqual([instant("2026-03-09T00:00:00Z"), instant("2026-03-10T00:00:00Z")]);
  expect(await counts.text()).toContain("collector_readings_removed_total 14");
});

it("tries again when the store was away", async () => {
  const { asked, at: run } = desk(62 * DAY_SECONDS);

  await run("2026-05-10T13:20:00Z", true);
  await run("2026-05-10T13:25:00Z");

  expect(asked).toHaveLength(1);
});

it("keeps everything where nothing was said", async () => {
  const { asked, at: run } = desk(undefined);

  await run("2026-05-10T13:20:00Z");

  expect(asked).toEqual([]);
});
