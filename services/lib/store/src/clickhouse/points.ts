import { meterNamed, type Period, permits, type Scope } from "@raingauge/domain";
import { subjectClaimed } from "../incarnation.ts";
import { type Points, pointsOf } from "../points.ts";
import { ENDS, STATES } from "../stance.ts";
import type { PointQuery } from "../store.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Key } from "./key.ts";
import { counted, type Seen } from "./seen.ts";
import { type Selection, selected, seriesSelected } from "./selection.ts";
import { every, within } from "./sql.ts";
import { readStretches } from "./stretches.ts";

/**
 * The points of a meter. Nearly every series says one thing and comes as two columns, which are copied as they are; the few in
 * which something happened (an end, a resize, a sighting, two tellings) go by the specification.
 */
export async function points(
  seen: Seen,
  catalogue: Catalogue,
  { meter, period, region, resource }: PointQuery,
  scope: Scope,
): Promise<Points[]> {
  const selection = { meters: [meter], region, resource, scope, wholeResources: true };
  const [gathered, ended] = await Promise.all([gather(seen, selection, period), endedBefore(seen, selection, period)]);
  const seriesOf = await catalogue.seriesOf([...gathered.map(({ series }) => series), ...ended]);
  const claimOf = await catalogue.claimsOf(new Set(gathered.map(({ claim }) => claim)));
  const summed = meterNamed(meter)?.kind === "delta";
  const resourceOf = (series: Key): string => JSON.stringify([seriesOf(series).region, seriesOf(series).resource]);

  const endedResources = new Set(ended.map(resourceOf));

  const plain: Points[] = [];
  const eventful = new Set<string>();
  for (const [key, [only, ...others]] of Map.groupBy(gathered, ({ series }) => resourceOf(series))) {
    if (only?.isPlain === true && others.length === 0 && !summed && !endedResources.has(key)) {
      const subject = subjectClaimed(seriesOf(only.series), claimOf(only.claim));
      plain.push({ ...subject, at: only.at, values: only.values });
    } else eventful.add(key);
  }
  return [
    ...plain.filter(({ project }) => permits(scope, project)),
    ...(await bySpecification(seen, catalogue, { selection, eventful, period }, scope)),
  ];
}

interface Gathered extends Pick<Points, "at" | "values"> {
  readonly series: Key;
  readonly claim: Key;
  /** All of it states the same, and no two at one instant. */
  readonly isPlain: boolean;
}

async function gather({ server, lasts }: Seen, selection: Selection, period: Period): Promise<Gathered[]> {
  const where = every(within("moment", period), `series in ${selected(server, selection)}`, counted(lasts));
  return await server.ask(
    `select series, any(claim), min(claim) = max(claim) and min(stance = ${STATES}) and max(transition) = '',
        groupArray(moment::Float64), groupArray(value::Float64)
      from (select series, claim, stance, transition, moment, value from ${server.table("reading")} where ${where}
        order by series, moment)
      group by series`,
    (row) => {
      const [series, claim, isOne, at, values] = [row.key(), row.key(), row.small() === 1, row.floats(), row.floats()];
      return { series, claim, isPlain: isOne && isRising(at), at, values };
    },
  );
}

const isRising = (moments: Float64Array): boolean =>
  moments.every((moment, index) => index === 0 || (moments[index - 1] ?? 0) < moment);

/** The series that came to a final end: whatever is read of their resources later is no point. */
const endedBefore = ({ server, lasts }: Seen, selection: Selection, { end }: Period): Promise<Key[]> =>
  server.ask(
    `select distinct series from ${server.table("reading")}
      where ${every(`stance = ${ENDS}`, `moment < ${end}`, `series in ${selected(server, selection)}`, counted(lasts))}`,
    (row) => row.key(),
  );

interface Eventful {
  readonly selection: Selection;
  readonly eventful: ReadonlySet<string>;
  readonly period: Period;
}

/** With what is read around the period: the statement that is in force, the end that came before. */
async function bySpecification(
  seen: Seen,
  catalogue: Catalogue,
  { selection, eventful, period }: Eventful,
  scope: Scope,
): Promise<Points[]> {
  if (eventful.size === 0) return [];
  const keys = await seriesSelected(seen.server, selection);
  const seriesOf = await catalogue.seriesOf(keys);
  const asked = keys.filter((key) => eventful.has(JSON.stringify([seriesOf(key).region, seriesOf(key).resource])));
  const stretches = await readStretches(
    seen,
    catalogue,
    asked.map((series) => ({ series, period })),
  );
  return pointsOf(
    stretches.flatMap(({ readings }) => readings),
    period,
    scope,
  );
}
