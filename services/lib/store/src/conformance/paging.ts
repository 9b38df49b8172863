import { at, type Event, HOUR_MS, type Resource, type Sample } from "@raingauge/domain";
import { aSpan, DAYS, someHistories } from "@raingauge/test/generators/history.ts";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { ResourceKey } from "../store.ts";
import { type TotalTerm, totalsOf } from "../totals.ts";
import { type Exemptions, histories, named, type Open } from "./place.ts";
import { aScope, expected, PROPERTY_MS } from "./terms.ts";

/** Promises 11 and 12: what is added up, and what is shown page by page. */
export function paging(open: Open, exempt: Exemptions): void {
  const { freezesNothing } = exempt;
  const terms = fc.subarray<TotalTerm>([
    "project",
    "resource",
    "region",
    "dimensions",
    "dimension.flavor",
    "dimension.state",
  ]);
  /** Half hours, hours and days of the three days in which everything happens. */
  const cuts = fc.tuple(
    fc.array(fc.integer({ min: 0, max: 72 * 2 }), { maxLength: 6 }),
    fc.constantFrom(HOUR_MS / 2, HOUR_MS, 24 * HOUR_MS),
  );
  const narrowing = fc.record(
    {
      meters: fc.subarray(["instance", "cpu", "memory.usage", "network.outgoing.bytes"], { minLength: 1 }),
      region: fc.constantFrom("RegionOne", "RegionTwo"),
      resource: fc.constantFrom("thing-1", "thing-2"),
    },
    { requiredKeys: [] },
  );

  it(
    "adds up what it measures, part by part, whatever was rolled up",
    async () => {
      const plot = fc.record({
        turns: someHistories,
        span: aSpan,
        narrowing: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: narrowing }),
        rollsAfter: fc.uniqueArray(fc.nat({ max: 8 }), { maxLength: 3 }),
      });
      await fc.assert(
        fc.asyncProperty(
          plot,
          terms,
          cuts,
          aScope,
          fc.constantFrom({}, { only: "quantity" as const }),
          async ({ turns, span, narrowing: narrow, rollsAfter }, by, [halves, grid], scope, only) => {
            await using opened = await open();
            const { store } = opened;
            for (const [turn, arrivals] of turns.entries()) {
              await store.append(arrivals);
              if (rollsAfter.includes(turn)) await store.rollUp();
            }
            const edges = halves.map((half) => {
              const edge = DAYS.start + (half * HOUR_MS) / 2;
              return at(edge - (edge % grid));
            });
            const inside = [...new Set(edges)]
              .filter((edge) => edge > span.start && edge < span.end)
              .toSorted((a, b) => a - b);
            const query = { ...narrow, ...only, period: span, by, cuts: inside };

            expect(await store.totals(query, scope)).toEqual(
              await totalsOf(async (part, who) => expected(turns.flat(), part, who), query, scope),
            );
          },
        ),
        histories(12, exempt),
      );
    },
    PROPERTY_MS,
  );

  it.skipIf(freezesNothing !== undefined)(
    named("adds up what was frozen, too", freezesNothing),
    async () => {
      await fc.assert(
        fc.asyncProperty(someHistories, aSpan, terms, aScope, async (turns, period, by, scope) => {
          await using opened = await open();
          const { store } = opened;
          for (const arrivals of turns) await store.append(arrivals);
          await store.rollUp();
          await store.freeze(period.end);

          expect(await store.totals({ period, by }, scope)).toEqual(
            await totalsOf((part, who) => store.measure(part, who), { period, by }, scope),
          );
        }),
        histories(5, exempt),
      );
    },
    PROPERTY_MS,
  );

  it(
    "answers page by page what it answers at once",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          someHistories,
          aSpan,
          aScope,
          fc.integer({ min: 1, max: 4 }),
          async (turns, period, scope, limit) => {
            await using opened = await open();
            const { store } = opened;
            for (const arrivals of turns) await store.append(arrivals);
            const keyOf = ({ region, id }: Resource): ResourceKey => ({ region, resource: id });

            expect(
              await pages<Event, Event>(
                (after) => store.events({ period, limit, ...after }, scope),
                limit,
                (last) => last,
              ),
            ).toEqual(await store.events({ period }, scope));
            expect(
              await pages<Resource, ResourceKey>(
                (after) => store.resources({ period, limit, ...after }, scope),
                limit,
                keyOf,
              ),
            ).toEqual(await store.resources({ period }, scope));
            for (const meter of ["instance", "cpu"]) {
              const all = await store.series({ meter, period }, scope);
              const from = all[Math.floor(all.length / 2)];
              const page = await store.series({ meter, period, limit, ...(from === undefined ? {} : { from }) }, scope);

              expect(page).toEqual(wholeResources(all, from, limit));
            }
          },
        ),
        histories(6, exempt),
      );
    },
    PROPERTY_MS,
  );
}

async function pages<T, Key>(
  ask: (page: { readonly after?: Key }) => Promise<readonly T[]>,
  limit: number,
  keyOf: (item: T) => Key,
): Promise<T[]> {
  const all: T[] = [];
  for (let page = await ask({}); ; page = await ask({ after: keyOf(page.at(-1) as T) })) {
    expect(page.length).toBeLessThanOrEqual(limit);
    all.push(...page);
    if (page.length < limit) return all;
  }
}

function wholeResources(all: readonly Sample[], from: Sample | undefined, limit: number): Sample[] {
  const key = ({ region, resource }: Sample): string => `${region}\n${resource}`;
  const rest = from === undefined ? all : all.filter((sample) => key(sample) >= key(from));
  const last = rest[limit - 1];
  return rest.filter((sample) => last === undefined || key(sample) <= key(last));
}
