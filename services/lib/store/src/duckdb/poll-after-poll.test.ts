import { at, type Batch, EVERYTHING, HOUR_MS, type Sample } from "@raingauge/domain";
import { runs } from "@raingauge/test/generators/hunt.ts";
import { minute, reading } from "@raingauge/test/generators/reading.ts";
import { columnsDecoder, decodeInColumns, encodeBatch } from "@raingauge/wire";
import fc from "fast-check";
import { expect, it } from "vitest";
import { duckdbStore } from "./duckdb.ts";

/** Of few machines and instants: many are alike but for when they were read, some were read before, some name a machine twice. */
const aMessage = fc.record({
  minutesLater: fc.constantFrom(1, 1, 1, 0, -1),
  machines: fc.constantFrom(["vm-1", "vm-2"], ["vm-2"], ["vm-1", "vm-1"], ["vm-1", "vm-1"]),
  project: fc.constantFrom("acme", "acme", "acme", "globex"),
  values: fc.constantFrom([1n, 1n], [1n, 2n]),
});
const appends = fc.array(fc.array(aMessage, { minLength: 2, maxLength: 6 }), { minLength: 2, maxLength: 3 });

it("stores messages that are alike, whole columns at a time, as it stores each by itself", async () => {
  await using alike = await opened();
  await using single = await opened();
  const decode = columnsDecoder();
  let [last, run] = [0n, 0];
  const next = () => {
    last += 1n;
    return { stream: "RAINGAUGE", sequence: last };
  };
  await fc.assert(
    fc.asyncProperty(appends, async (told) => {
      run += 1;
      const region = `Region ${run}`;
      let polled = 0;
      const messages = told.map((some) =>
        some.map(({ minutesLater, machines, project, values }) => {
          polled += minutesLater;
          const moment = minute(polled);
          return machines.map((resource, index) =>
            reading({ at: moment, region, resource, project, value: values[index] ?? 1n }),
          );
        }),
      );

      for (const some of messages) {
        const bodies = some.map((samples) => ({ position: next(), body: bodyOf(samples) }));
        const arrivals = (decoded: (body: Uint8Array) => Batch) =>
          bodies.map(({ position, body }) => ({ position, batch: decoded(body) }));
        expect(await alike.append(arrivals(decode))).toEqual(await single.append(arrivals(decodeInColumns)));
      }

      const asked = { meter: "instance", period: { start: minute(-30), end: at(minute(0) + HOUR_MS) }, region };
      expect(await alike.series(asked, EVERYTHING)).toEqual(await single.series(asked, EVERYTHING));
    }),
    { numRuns: runs(8) },
  );
});

const opened = () => duckdbStore({ path: ":memory:", clock: () => minute(0) });

const bodyOf = (samples: readonly Sample[]): Uint8Array => encodeBatch({ samples, events: [], coverage: [] });
