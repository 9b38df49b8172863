import { LARGE, minute, reading } from "@raingauge/test/generators/reading.ts";
import { describe, expect, it } from "vitest";
import type { Period } from "./instant.ts";
import type { Meter } from "./meter.ts";
import { meterNamed } from "./meters.ts";
import type { Sample } from "./sample.ts";
import { slice } from "./slice.ts";

const instance = meterNamed("instance") as Meter;
const traffic = meterNamed("network.outgoing.bytes") as Meter;
const hour: Period = { start: minute(0), end: minute(60) };

type Telling = readonly [minute: number, stance?: Sample["stance"]];

describe("a slice of one hour keeps", () => {
  const cases: readonly { name: string; told: readonly Telling[]; kept: readonly number[] }[] = [
    {
      name: "what is inside, the last reading before and the first one after",
      told: [[-20], [-10], [0], [30], [60], [70]],
      kept: [-10, 0, 30, 60],
    },
    {
      name: "inferred ends only as far as a certain reading before and after them",
      told: [[-20], [-10, "vanishes"], [65, "vanishes"], [70], [80]],
      kept: [-20, -10, 65, 70],
    },
    {
      name: "the statement in force, however long ago",
      told: [[-500], [-400], [-20, "sights"], [-10, "sights"], [70, "sights"]],
      kept: [-400, -10, 70],
    },
    {
      name: "the first statement of all, where none came before",
      told: [[-10, "sights"], [70, "sights"], [500], [600]],
      kept: [-10, 70, 500],
    },
    {
      name: "the final end that came before, and what was in force then",
      told: [[-30], [-20, "ends"], [-10], [30, "sights"], [70]],
      kept: [-30, -20, 30],
    },
    {
      name: "the final end that comes later: no statement after it counts",
      told: [[-10, "sights"], [70, "sights"], [80, "ends"], [90]],
      kept: [-10, 70, 80],
    },
  ];
  it.each(cases)("$name", ({ told, kept }) => {
    const samples = told.map(([moment, stance = "states"]) => reading({ at: minute(moment), stance }));

    expect(
      slice(instance, samples, hour)
        .map(({ at }) => at)
        .sort((a, b) => a - b),
    ).toEqual(kept.map(minute));
  });

  it("each transition once, at its earlier telling", () => {
    const stop = (ms: number): Sample =>
      reading({ at: minute(10 + ms / 60_000), transition: "stop/req-1", dimensions: LARGE });

    expect(slice(instance, [stop(1_000), stop(0)], hour)).toEqual([stop(0)]);
  });

  it("of each of a counter's incarnations its own readings before and after", () => {
    const count = (moment: number, host: string): Sample =>
      reading({
        at: minute(moment),
        meter: traffic.name,
        stance: "sights",
        incarnation: { host, device: "tap1", startedAt: minute(-100), witnessed: false },
      });
    const told = [count(-30, "a"), count(-20, "a"), count(-50, "b"), count(70, "a"), count(90, "b"), count(99, "b")];

    const kept = slice(traffic, told, hour).map(({ at, incarnation }) => [incarnation?.host, at]);

    expect(kept).toEqual([
      ["a", minute(-20)],
      ["a", minute(70)],
      ["b", minute(-50)],
      ["b", minute(90)],
    ]);
  });
});
