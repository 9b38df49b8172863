import type { Instant } from "@raingauge/domain";
import { readings, type StoredSample } from "../readings.ts";
import type { Condition } from "../schema.ts";
import type { Seen } from "../seen.ts";
import { type SeriesKey, seriesKey } from "./series.ts";

/** Named in one question; past so many it would be slow to understand. */
const NAMES = 100;

/** Past so many series all of the meter are read at once. */
const SERIES_MAX = 2_000;

/** Everything that is known of some series of a meter. */
export async function wholeSeries(
  seen: Seen,
  meter: string,
  keys: readonly SeriesKey[],
  { to, asOf }: { readonly to?: Condition["to"]; readonly asOf?: Instant | undefined } = {},
): Promise<Map<SeriesKey, StoredSample[]>> {
  const wanted = new Set(keys);
  const names = [...new Set(keys.map(resourceIn))];
  const found: StoredSample[][] = [];
  for (const resources of keys.length > SERIES_MAX ? [undefined] : parts(names))
    found.push(await readings(seen, { meters: [meter], resources, asOf }, { to }));
  return Map.groupBy(
    found.flat().filter((sample) => wanted.has(seriesKey(sample))),
    seriesKey,
  );
}

export const resourceIn = (key: SeriesKey): string => key.split("\n")[2] ?? "";

function parts(names: readonly string[]): string[][] {
  const result: string[][] = [];
  for (let start = 0; start < names.length; start += NAMES) result.push(names.slice(start, start + NAMES));
  return result;
}

/** The same of series of many meters, as of a watermark. */
export async function wholeOf(
  seen: Seen,
  keys: ReadonlySet<SeriesKey>,
  asOf: Instant | undefined,
): Promise<Map<SeriesKey, StoredSample[]>> {
  const found = new Map<SeriesKey, StoredSample[]>();
  for (const [meter, mine] of Map.groupBy(keys, meterIn))
    for (const [key, samples] of await wholeSeries(seen, meter, mine, { asOf })) found.set(key, samples);
  return found;
}

const meterIn = (key: SeriesKey): string => key.split("\n")[0] ?? "";
