import { at, dimensionsKey, EVERYTHING, permits, type Sample, type Scope } from "@raingauge/domain";
import { samplesOf, someHistories, someSpans } from "@raingauge/test/generators/history.ts";
import { LARGE, reading } from "@raingauge/test/generators/reading.ts";
import fc from "fast-check";
import { expect, it } from "vitest";
import { pointsOf, subjectsOf } from "../points.ts";
import type { Points, Subject } from "../store.ts";
import { type Exemptions, histories, type Open } from "./place.ts";
import { arrival, aScope, DAY, hour, hours, PROPERTY_MS } from "./terms.ts";

/** Promise 8: lines to be looked at. */
export function looking(open: Open, exempt: Exemptions): void {
  it(
    "draws the points that the specification draws, and names their subjects",
    async () => {
      const plot = fc.record({ turns: someHistories, rollAfter: fc.nat({ max: 9 }), spans: someSpans });
      const query = fc.record(
        { region: fc.constant("RegionOne"), resource: fc.constant("thing-1") },
        { requiredKeys: [] },
      );
      await fc.assert(
        fc.asyncProperty(plot, aScope, query, async ({ turns, rollAfter, spans }, scope, narrow) => {
          await using opened = await open();
          const { store } = opened;
          for (const [turn, arrivals] of turns.entries()) {
            await store.append(arrivals);
            if (turn === rollAfter) await store.rollUp();
          }
          const told = Map.groupBy(samplesOf(turns.flat()), (sample) => sample.meter);

          for (const period of spans) {
            for (const [meter, samples] of told) {
              const mine = samples.filter(
                (sample) =>
                  (narrow.region ?? sample.region) === sample.region &&
                  (narrow.resource ?? sample.resource) === sample.resource,
              );
              const drawn = pointsOf(mine, period, scope);
              const named = await store.subjects({ period, meter }, scope);

              expect(inSubjectOrder(await store.points({ ...narrow, meter, period }, scope))).toEqual(
                inSubjectOrder(drawn),
              );
              expect(subjectsOf(drawn).filter((subject) => !isAmong(subject, named))).toEqual([]);
              expect(named.filter(({ project }) => !permits(scope, project))).toEqual([]);
              expect(new Set(named.map(subjectKey)).size).toBe(named.length);
            }
          }
        }),
        histories(25, exempt),
      );
    },
    PROPERTY_MS,
  );

  it("ends a line where the resource became another thing, and where it ended", async () => {
    await using opened = await open();
    const { store } = opened;
    await store.append([
      arrival(
        1,
        reading({ at: hour(1) }),
        reading({ at: hour(2), dimensions: LARGE }),
        reading({ at: hour(3), stance: "ends" }),
      ),
    ]);

    const drawn = await store.points({ meter: "instance", period: DAY }, EVERYTHING);

    expect(
      drawn.map(({ dimensions, at: moments, values }) => [dimensions["flavor"], [...moments], [...values]]),
    ).toEqual([
      ["m1.small", [hour(1), hour(2)], [1, Number.NaN]],
      ["m1.large", [hour(2), hour(3)], [1, Number.NaN]],
    ]);
  });

  it("goes on with what was stated before a counter began anew, and ends with its resource, whose ever that was", async () => {
    await using opened = await open();
    const { store } = opened;
    const life = (startedAt: number): Partial<Sample> => ({
      meter: "cpu",
      incarnation: { host: "compute-01", device: "", startedAt: hour(startedAt), witnessed: false },
    });
    const told = [
      reading({ ...life(0), at: hour(1), project: "globex", dimensions: LARGE }),
      reading({ ...life(2), at: hour(3), project: "acme", stance: "sights" }),
      reading({ meter: "cpu", at: hour(5), project: "acme", stance: "ends" }),
    ];
    await store.append([arrival(1, ...told)]);

    const scope: Scope = { kind: "projects", projects: new Set(["globex"]) };
    for (const period of [DAY, hours(2, 4), hours(2, 24)]) {
      const drawn = pointsOf(told, period, scope);
      expect(drawn).toHaveLength(1);
      expect(await store.points({ meter: "cpu", period }, scope)).toEqual(drawn);
      expect(await store.subjects({ meter: "cpu", period }, scope)).toEqual(subjectsOf(drawn));
    }
  });

  it("names what told a transition first, where the last statement before the period only tells it again", async () => {
    await using opened = await open();
    const { store } = opened;
    const stop = { origin: "notification", source: "nova", transition: "power_off/req-1" } as const;
    const told = [
      reading({ ...stop, at: hour(1), dimensions: LARGE }),
      reading({ ...stop, at: at(hour(1) + 1_000), message: "versioned" }),
      reading({ at: hour(3), stance: "sights" }),
    ];
    await store.append([arrival(1, ...told)]);

    const period = hours(2, 4);
    const drawn = pointsOf(told, period, EVERYTHING);
    expect(drawn.map(({ dimensions }) => dimensions)).toEqual([LARGE]);
    expect(await store.points({ meter: "instance", period }, EVERYTHING)).toEqual(drawn);
    expect(await store.subjects({ meter: "instance", period }, EVERYTHING)).toContainEqual(subjectsOf(drawn)[0]);
  });
}

const inSubjectOrder = (drawn: readonly Points[]): Points[] =>
  drawn.toSorted((a, b) => (subjectKey(a) < subjectKey(b) ? -1 : 1));

const subjectKey = ({ meter, region, project, resource, dimensions, host, device }: Subject): string =>
  JSON.stringify([meter, region, project, resource, dimensionsKey(dimensions), host, device]);

const isAmong = (subject: Subject, subjects: readonly Subject[]): boolean =>
  subjects.some((each) => subjectKey(each) === subjectKey(subject));
