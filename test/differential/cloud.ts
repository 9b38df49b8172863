import type { Batch, Coverage, Sample } from "@raingauge/domain";
import { type Packet, packets } from "@raingauge/wire";
import fc from "fast-check";
import type { Chance } from "../generators/chance.ts";
import { aLife, someCoverage } from "../generators/lifecycle.ts";

/** All that is read in a cloud of many regions, each of which has sources of its own that were watching or not. */
export interface Cloud {
  readonly regions: readonly Region[];
}

export interface Region {
  readonly samples: readonly Sample[];
  readonly coverage: readonly Coverage[];
}

const LIVES_PER_REGION = 25;
const REGIONS_PER_CUSTOMER = 10;

/** The same lives for the same seed. */
export function cloudOf(lives: number, seed: number): Cloud {
  const stories = fc.sample(aLife(), { seed, numRuns: lives });
  const regions = Array.from({ length: Math.ceil(lives / LIVES_PER_REGION) }, (_, number) => {
    const region = `region-${number}`;
    const customer = Math.floor(number / REGIONS_PER_CUSTOMER);
    const mine = stories.slice(number * LIVES_PER_REGION, (number + 1) * LIVES_PER_REGION);
    return {
      samples: mine.flatMap((life, index) =>
        life({
          region,
          resource: `resource-${index}`,
          project: `project-${customer}-${index % 2}`,
          heir: `project-${customer}-heir`,
        }),
      ),
      coverage: fc.sample(someCoverage(region), { seed: seed + number, numRuns: 1 }).flat(),
    };
  });
  return { regions };
}

const CHUNK_READINGS = 120;

/**
 * All of it once, in messages of random sizes. Most of it comes in the order in which it happened, as from agents that
 * poll and listen; some comes days late, as from a spool.
 */
export function deliveredOnce({ regions }: Cloud, random: Chance): Packet[] {
  const byRegion = regions.map(({ samples, coverage }) => {
    const lateMs = (): number => (random(10) === 0 ? random(5 * 24 * 3_600_000) : 0);
    const order = samples.map((sample) => ({ sample, arrives: sample.at + lateMs() }));
    const arriving = order.toSorted((a, b) => a.arrives - b.arrives).map(({ sample }) => sample);
    return mixed(chunks(arriving, random), coverage, random);
  });
  return riffled(byRegion, random).flatMap((batch) => packets(batch, "test"));
}

/**
 * All of it three times, in an order that has nothing to do with the one in which it happened: twice in messages of other
 * sizes, so that the same readings come in other bytes, and once more in the very bytes of the first time under other ids.
 */
export function deliveredThrice(cloud: Cloud, random: Chance): Packet[] {
  const anyhow = (): Packet[] =>
    cloud.regions.flatMap(({ samples, coverage }) =>
      mixed(chunks(random.shuffled(samples), random), coverage, random).flatMap((batch) => packets(batch, "test")),
    );
  const first = anyhow();
  const retold = first.map((packet) => ({ ...packet, id: `${packet.id} again` }));
  return random.shuffled([...first, ...anyhow(), ...retold]);
}

const batchOf = (told: Partial<Batch>): Batch => ({ samples: [], events: [], coverage: [], ...told });

function chunks(samples: readonly Sample[], random: Chance): Batch[] {
  const cut: Batch[] = [];
  for (let from = 0; from < samples.length; ) {
    const size = 1 + random(CHUNK_READINGS);
    cut.push(batchOf({ samples: samples.slice(from, from + size) }));
    from += size;
  }
  return cut;
}

/** Coverage comes somewhere between the readings. */
function mixed(batches: readonly Batch[], coverage: readonly Coverage[], random: Chance): Batch[] {
  const said = [...batches];
  for (const each of coverage) said.splice(random(said.length + 1), 0, batchOf({ coverage: [each] }));
  return said;
}

/** One list out of many; each keeps its own order. */
function riffled<T>(lists: readonly (readonly T[])[], random: Chance): T[] {
  const left = lists.map((list) => [...list]).filter((list) => list.length > 0);
  const result: T[] = [];
  while (left.length > 0) {
    const which = random(left.length);
    const [next] = left[which]?.splice(0, 1) ?? [];
    if (next !== undefined) result.push(next);
    if (left[which]?.length === 0) left.splice(which, 1);
  }
  return result;
}
