import { silentLog } from "@raingauge/runtime";
import { StoreUnavailable } from "@raingauge/store";
import { expect, it } from "vitest";
import { collectorMetrics } from "./metrics.ts";
import { rollUp, rollUps } from "./roll-up.ts";

const SCHEDULE = { expression: "* * * * * *", log: silentLog };

it("rolls up on schedule, goes on when the store was away, and ends when it is told to", async () => {
  const stop = new AbortController();
  const counts = collectorMetrics();
  let calls = 0;
  const store = {
    rollUp: async () => {
      calls += 1;
      if (calls === 1) throw new StoreUnavailable("away");
      stop.abort();
      return { series: 2, hours: 3 };
    },
  };

  await rollUps([() => rollUp({ store, log: silentLog, counts })], SCHEDULE, stop.signal);

  const text = await counts.text();
  expect(text).toContain("collector_roll_ups_failed_total 1");
  expect(text).toContain("collector_roll_ups_finished_total 1");
  expect(text).toContain("collector_hours_recomputed_total 3");
});

it("ends on a bug", async () => {
  const store = { rollUp: () => Promise.reject(new TypeError("a bug")) };
  const parts = { store, log: silentLog, counts: collectorMetrics() };

  await expect(rollUps([() => rollUp(parts)], SCHEDULE, new AbortController().signal)).rejects.toThrow("a bug");
});

it("ends at once when it was told to before it began", async () => {
  await rollUps([() => Promise.reject(new Error("nobody asked"))], SCHEDULE, AbortSignal.abort());
});
