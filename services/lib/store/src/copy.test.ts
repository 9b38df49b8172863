import { EVERYTHING, instant } from "@raingauge/domain";
import { someTurns } from "@raingauge/test/generators/history.ts";
import { runs } from "@raingauge/test/generators/hunt.ts";
import { reading } from "@raingauge/test/generators/reading.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { copyMonths } from "./copy.ts";
import { duckdbStore } from "./duckdb/duckdb.ts";
import { memoryStore } from "./memory/memory.ts";

const clock = () => instant("2026-03-01T00:00:00Z");
const months = { first: "2026-01", last: "2026-02" };

describe("copying a store into another", () => {
  it("ends with equal digests of every project in every month, and copies nothing twice", async () => {
    await fc.assert(
      fc.asyncProperty(someTurns, async (turns) => {
        await using from = memoryStore({ clock });
        await using to = await duckdbStore({ path: ":memory:", clock });
        await from.append(turns.flat());

        const copied = await Array.fromAsync(copyMonths({ from, to, ...months, name: "1" }));
        const again = await Array.fromAsync(copyMonths({ from, to, ...months, name: "2" }));

        expect(copied.map(({ month }) => month)).toEqual(["2026-01", "2026-02"]);
        for (const { projects } of [...copied, ...again]) {
          for (const { from: here, to: there } of projects) expect(there).toBe(here);
        }
        expect(again.map(({ stored }) => stored)).toEqual([0, 0]);
        const period = { start: instant("2026-01-01T00:00:00Z"), end: instant("2026-03-01T00:00:00Z") };
        expect(await to.measure({ period }, EVERYTHING)).toEqual(await from.measure({ period }, EVERYTHING));
        expect(await to.events({ period }, EVERYTHING)).toEqual(await from.events({ period }, EVERYTHING));
        expect(await to.coverage({ period })).toEqual(await from.coverage({ period }));
      }),
      { numRuns: runs(8) },
    );
  });

  it("takes along what was said long before the first month and holds into it", async () => {
    await using from = memoryStore({ clock });
    await using to = await duckdbStore({ path: ":memory:", clock });
    const volume = { meter: "volume.size", resource: "disk", value: 5n };
    const samples = [
      reading({ ...volume, at: instant("2024-05-05T00:00:00Z") }),
      reading({ ...volume, at: instant("2026-02-03T00:00:00Z"), stance: "ends" }),
    ];
    await from.append([{ position: { stream: "s", sequence: 1n }, batch: { samples, events: [], coverage: [] } }]);

    const copied = await Array.fromAsync(copyMonths({ from, to, ...months, name: "1" }));

    expect(copied.map(({ projects }) => projects.length)).toEqual([1, 1]);
    for (const { from: here, to: there } of copied.flatMap(({ projects }) => projects)) expect(there).toBe(here);
  });

  it("names a project whose usage differs", async () => {
    await using from = memoryStore({ clock });
    await using to = memoryStore({ clock });
    const told = (value: bigint) => [
      {
        position: { stream: "s", sequence: 1n },
        batch: {
          samples: [reading({ meter: "memory.usage", value, at: instant("2026-01-05T00:00:00Z") })],
          events: [],
          coverage: [],
        },
      },
    ];
    await from.append(told(1n));
    await to.append(told(2n));

    const [january] = await Array.fromAsync(copyMonths({ from, to, ...months, name: "1" }));

    expect(january?.projects.map(({ project, from: here, to: there }) => [project, here === there])).toEqual([
      ["acme", false],
    ]);
  });
});
