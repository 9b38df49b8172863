import { randomUUID } from "node:crypto";
import { EVERYTHING, instant } from "@raingauge/domain";
import { describeWith, type InfluxServer, influxServer } from "@raingauge/harness";
import { someTurns } from "@raingauge/test/generators/history.ts";
import { runs } from "@raingauge/test/generators/hunt.ts";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PROPERTY_MS } from "../conformance/terms.ts";
import { copyMonths } from "../copy.ts";
import { memoryStore } from "../memory/memory.ts";
import type { SampleStore } from "../store.ts";
import { influxdbStore } from "./influxdb.ts";

const clock = () => instant("2026-03-01T00:00:00Z");
const months = { first: "2026-01", last: "2026-02" };
const period = { start: instant("2026-01-01T00:00:00Z"), end: instant("2026-03-01T00:00:00Z") };

await describeWith("influxdb", "A store that is copied into an InfluxDB", () => {
  let server: InfluxServer;
  beforeAll(async () => {
    server = await influxServer();
  });
  afterAll(() => server.stop());

  it(
    "has equal digests of every project and month there, and again in the store that is copied back from it",
    async () => {
      await fc.assert(
        fc.asyncProperty(someTurns, async (turns) => {
          const { url, organization, token } = server;
          const bucket = randomUUID();
          await server.makeBucket(bucket);
          await using from = memoryStore({ clock });
          await using there = influxdbStore({ url, organization, token, bucket, clock });
          await using back = memoryStore({ clock });
          await from.append(turns.flat());

          const copied = [
            ...(await Array.fromAsync(copyMonths({ from, to: there, ...months, name: "there" }))),
            ...(await Array.fromAsync(copyMonths({ from: there, to: back, ...months, name: "back" }))),
          ];

          expect(copied.map(({ month }) => month)).toEqual(["2026-01", "2026-02", "2026-01", "2026-02"]);
          for (const { projects } of copied) {
            for (const { from: here, to } of projects) expect(to).toBe(here);
          }
          expect(await told(back)).toEqual(await told(from));
        }),
        { numRuns: runs(1), endOnFailure: true },
      );
    },
    PROPERTY_MS,
  );
});

const told = (store: SampleStore) =>
  Promise.all([
    store.measure({ period }, EVERYTHING),
    store.events({ period }, EVERYTHING),
    store.coverage({ period }),
  ]);
