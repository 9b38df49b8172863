import { allMeters, type Instant, type Meter, type Sample } from "@raingauge/domain";
import { whole } from "./csv.ts";
import { untagged } from "./line.ts";
import { seriesOf } from "./novelty.ts";
import { TAGS } from "./schema.ts";
import type { InfluxdbServer } from "./server.ts";
import { momentOf } from "./slots.ts";

/**
 * The latest instant of every series of readings. What comes later than that meets nothing and is told for the first time;
 * only the rest must be looked up, which costs the server a look into every series.
 */
export type Newest = Map<string, Instant>;

export async function readNewest(server: InfluxdbServer): Promise<Newest> {
  const tags = TAGS.reading.map((tag) => `"${tag}"`).join(", ");
  const rows = await server.ask(
    `select last("stored") as "stored", ${tags} from "reading" where time < ${FAR} group by ${tags}`,
  );
  const kept = await server.ask(
    `select last("stored") as "stored", ${tags} from "kept" where time < ${FAR} group by ${tags}`,
  );
  const newest: Newest = new Map();
  for (const row of [...rows, ...kept]) note(newest, seriesOf("reading", row), { at: momentOf(whole(row, "time")) });
  return newest;
}

/** Some versions end a question at the present unless told otherwise, and clocks differ. */
const FAR = 9_000_000_000_000_000_000n;

export const isLater = (newest: Newest, series: string, { at }: Pick<Sample, "at">): boolean => {
  const last = newest.get(series);
  return last === undefined || at > last;
};

export function note(newest: Newest, series: string, { at }: Pick<Sample, "at">): void {
  if (isLater(newest, series, { at })) newest.set(series, at);
}

/** The meters of all series that the catalogue knows. */
export function metersOf(newest: Newest): Meter[] {
  const tagged = taggedIn(newest, "meter");
  return allMeters().filter(({ name }) => tagged.has(name));
}

export const regionsOf = (newest: Newest): ReadonlySet<string> => taggedIn(newest, "region");

function taggedIn(newest: Newest, tag: string): ReadonlySet<string> {
  const pattern = new RegExp(`,${tag}=([^,]*)`);
  return new Set([...newest.keys()].flatMap((series) => untagged(pattern.exec(series)?.[1] ?? "")));
}
