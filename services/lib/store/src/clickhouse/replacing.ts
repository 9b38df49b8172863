import { at, type Dimensions, dimensionsKey, HOUR_MS, type Instant, type Period, type Usage } from "@raingauge/domain";
import { once } from "../once.ts";
import type { Recomputed } from "../recompute.ts";
import type { Noted } from "../sources.ts";
import type { Series } from "./catalogue.ts";
import { type Key, keyOf } from "./key.ts";
import type { Lot } from "./lot.ts";
import { arrays, keys, numbers, texts, unsigned, wholes, wide } from "./native.ts";
import type { Lasts } from "./seen.ts";
import type { ClickhouseServer } from "./server.ts";

export interface Replacing {
  readonly server: ClickhouseServer;
  /** The number of the roll-up. */
  readonly generation: Lot;
}

export type Extent = Period;

type Hours = Pick<Recomputed<Series>, "series" | "spans" | "usages">;

/** All the usage of a series in an hour. */
interface HourRow {
  readonly series: Key;
  readonly hour: Instant;
  readonly usages: readonly Usage[];
}

/** Writes the hours of some series anew; an hour that had something and has nothing any more is written as an empty one. */
export async function putUsages(
  { server, generation }: Replacing,
  recomputed: readonly Hours[],
  extents: ReadonlyMap<Key, Extent>,
): Promise<void> {
  const rows = recomputed.flatMap((each) => hourRows(each, extents.get(each.series.key)));
  const all = rows.flatMap(({ usages }) => usages);
  const lengths = rows.map(({ usages }) => usages.length);
  const holders = holderKeys();
  const token = `${generation} ${Buffer.from(rows[0]?.series ?? "", "latin1").toString("hex")}`;
  const holder = all.map((usage) => holders.keyOf(usage));
  const evidence = all.map((usage) => usage.evidence);
  const entered = [...holders.entered];
  await server.put(
    "holder",
    entered.length,
    [
      keys(
        "holder",
        entered.map(([key]) => key),
      ),
      texts(
        "project",
        entered.map(([, { project }]) => project),
      ),
      texts(
        "dimensions",
        entered.map(([, { dimensions }]) => JSON.stringify(dimensions)),
      ),
    ],
    token,
  );
  const lists = [
    keys("holder", holder),
    wide(
      "quantity",
      all.map(({ quantity }) => quantity),
    ),
    numbers(
      "readings",
      Uint32Array.from(evidence, ({ readings }) => readings),
    ),
    wholes(
      "observed_ms",
      evidence.map(({ observedMs }) => observedMs),
    ),
    wholes(
      "inferred_ms",
      evidence.map(({ inferredMs }) => inferredMs),
    ),
    numbers(
      "after_end",
      Uint32Array.from(evidence, ({ afterEnd }) => afterEnd),
    ),
    numbers(
      "counter_dropped",
      Uint32Array.from(evidence, ({ counterDropped }) => counterDropped),
    ),
    wholes(
      "end_at",
      evidence.map(({ end }) => end?.at ?? -1),
    ),
    numbers(
      "end_final",
      Uint8Array.from(evidence, ({ end }) => Number(end?.kind === "final")),
    ),
  ];
  await server.put(
    "usage_hour",
    rows.length,
    [
      keys(
        "series",
        rows.map(({ series }) => series),
      ),
      wholes(
        "hour",
        rows.map(({ hour }) => hour),
      ),
      unsigned(
        "generation",
        rows.map(() => generation),
      ),
      ...lists.map((list) => arrays(list, lengths)),
    ],
    token,
  );
}

function hourRows({ series, spans, usages }: Hours, extent: Extent | undefined): HourRow[] {
  const byHour = Map.groupBy(usages, ({ period }) => period.start);
  const hours = new Set<Instant>(byHour.keys());
  if (extent !== undefined) for (const hour of spans.flatMap((span) => hoursOf(common(span, extent)))) hours.add(hour);
  return [...hours].map((hour) => ({ series: series.key, hour, usages: byHour.get(hour) ?? [] }));
}

const common = (a: Period, b: Period): Period => ({
  start: at(Math.max(a.start, b.start)),
  end: at(Math.min(a.end, b.end)),
});

const hoursOf = ({ start, end }: Period): Instant[] =>
  Array.from({ length: Math.max(0, Math.ceil((end - start) / HOUR_MS)) }, (_, index) => at(start + index * HOUR_MS));

interface Holders {
  readonly entered: ReadonlyMap<Key, Usage>;
  keyOf(usage: Usage): Key;
}

/** Readings share their dimensions, and so a holder's key is made once. */
function holderKeys(): Holders {
  const dimensionsText = once((dimensions: Dimensions) => dimensionsKey(dimensions));
  const known = new Map<string, Key>();
  const entered = new Map<Key, Usage>();
  return {
    entered,
    keyOf(usage) {
      const name = `${usage.project}\0${dimensionsText(usage.dimensions)}`;
      const before = known.get(name);
      if (before !== undefined) return before;
      const key = keyOf(usage.project, dimensionsText(usage.dimensions));
      known.set(name, key);
      entered.set(key, usage);
      return key;
    },
  };
}

export async function putStates(
  { server, generation }: Replacing,
  recomputed: readonly Recomputed<Series>[],
): Promise<void> {
  const states = recomputed.map(({ state }) => state);
  await server.put(
    "rolled_series",
    recomputed.length,
    [
      keys(
        "series",
        recomputed.map(({ series }) => series.key),
      ),
      unsigned(
        "generation",
        recomputed.map(() => generation),
      ),
      wholes(
        "since",
        states.map(({ since }) => since),
      ),
      wholes(
        "until",
        states.map(({ until }) => until),
      ),
      wholes(
        "last_at",
        states.map(({ lastAt }) => lastAt),
      ),
      wholes(
        "firm_at",
        states.map(({ firmAt = -1 }) => firmAt),
      ),
      numbers(
        "stated",
        Uint8Array.from(states, ({ stated }) => Number(stated)),
      ),
      numbers(
        "open",
        Uint8Array.from(states, ({ open }) => Number(open)),
      ),
    ],
    String(generation),
  );
}

export const finishRollUp = ({ server, generation }: Replacing, lasts: Lasts, watch: readonly Noted[]): Promise<void> =>
  server.put(
    "rolled",
    1,
    [
      unsigned("generation", [generation]),
      arrays(numbers("writers", Uint32Array.from(lasts.keys())), [lasts.size]),
      arrays(unsigned("lots", [...lasts.values()]), [lasts.size]),
      texts("watch", [JSON.stringify(watch)]),
    ],
    String(generation),
  );
