import { BIGINT, type DuckDBConnection, type DuckDBDataChunk, INTEGER, LIST, listValue } from "@duckdb/node-api";
import { type Instant, meterNamed, type Period, permits, type Scope } from "@raingauge/domain";
import { subjectClaimed } from "../incarnation.ts";
import { type Points, pointsOf } from "../points.ts";
import { ENDS, SIGHTS, STATES } from "../stance.ts";
import type { PointQuery } from "../store.ts";
import { integer, rowsOf } from "./answer.ts";
import type { Catalogue, Series } from "./catalogue.ts";
import { doubles, type Growing, growing, integers, push } from "./column.ts";
import { standingOnReadings } from "./standing.ts";
import { readStretches } from "./stretches.ts";

/**
 * The points of a meter. Nearly every series says one thing and is simply copied, column by column, without an object for
 * each reading; the few in which something happened (an end, a resize, a sighting of what was stated, two tellings) go by the
 * specification.
 */
export async function points(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  { meter, period, region, resource }: PointQuery,
  scope: Scope,
): Promise<Points[]> {
  await standingOnReadings(connection, { meters: [meter], region, resource, scope, wholeResources: true });
  const gathered = await gather(connection, period);
  const told = await toldBefore(connection, period.end);
  const summed = meterNamed(meter)?.kind === "delta";
  const seriesOfResources = Map.groupBy([...gathered.keys()], (id) => resourceKey(catalogue, id));

  const plain: Points[] = [];
  const eventful = new Set<string>();
  for (const [key, ids] of seriesOfResources) {
    const columns = ids.flatMap((id) => gathered.get(id) ?? []);
    const isPlain = !summed && ids.every((id, index) => saysOneThing(columns[index], told.get(id) ?? []));
    const copies = isPlain ? ids.map((id, index) => copied(catalogue, id, columns[index] as Gathered)) : [];
    // A host or a device that is told of twice has one line.
    const lives = new Set(copies.map(({ host, device }) => JSON.stringify([host, device])));
    if (isPlain && lives.size === ids.length) plain.push(...copies);
    else eventful.add(key);
  }
  return [
    ...plain.filter(({ project }) => permits(scope, project)),
    ...(await bySpecification(connection, catalogue, { meter, eventful, period }, scope)),
  ];
}

interface Gathered extends Growing {
  claim: number;
  /** What each of its readings is; undefined where they are not alike, or are something of which more is to be known. */
  stance: number | undefined;
}

/** Either each reading states the same, or each is a sighting of what nobody ever stated. Nothing has come to an end. */
const saysOneThing = (column: Gathered | undefined, told: readonly number[]): boolean =>
  !told.includes(ENDS) && (column?.stance === STATES || (column?.stance === SIGHTS && !told.includes(STATES)));

/** The rows of the period by series, in the order in which they lie, which is nearly that of time. */
async function gather(connection: DuckDBConnection, { start, end }: Period): Promise<Map<number, Gathered>> {
  const result = await connection.stream(
    `select series_id, claim_id,
        case when telling_id in (select telling_id from telling where transition is not null) then -1 else stance end::integer,
        moment::double, value::double
      from reading where moment >= $start and moment < $end and series_id in (select series_id from standing)`,
    { start: BigInt(start), end: BigInt(end) },
    { start: BIGINT, end: BIGINT },
  );
  const bySeries = new Map<number, Gathered>();
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk())
    take(bySeries, chunk);
  return bySeries;
}

function take(bySeries: Map<number, Gathered>, chunk: DuckDBDataChunk): void {
  const [ids, claims, stances] = [integers(chunk, 0), integers(chunk, 1), integers(chunk, 2)];
  const [moments, values] = [doubles(chunk, 3), doubles(chunk, 4)];
  for (let row = 0; row < ids.length; row += 1) {
    const [id = 0, claim = 0, moment = 0] = [ids[row], claims[row], moments[row]];
    const stance = stances[row];
    let column = bySeries.get(id);
    if (column === undefined) {
      column = { ...growing(), claim, stance };
      bySeries.set(id, column);
    }
    const isNext = column.length === 0 || (column.at[column.length - 1] ?? 0) < moment;
    if (!isNext || column.claim !== claim || column.stance !== stance) column.stance = undefined;
    push(column, moment, values[row] ?? 0);
  }
}

function copied(catalogue: Catalogue, id: number, { claim, length, at, values }: Gathered): Points {
  const holder = catalogue.claims[claim];
  if (holder === undefined) throw new RangeError(`no claim has the number ${claim}`);
  return {
    ...subjectClaimed(seriesOf(catalogue, id), holder),
    at: at.slice(0, length),
    values: values.slice(0, length),
  };
}

/**
 * Of each series, whether its resource came to a final end (whatever is read of it later is no point), and whether it was ever
 * stated what it is (by which its sightings go).
 */
async function toldBefore(connection: DuckDBConnection, end: Instant): Promise<ReadonlyMap<number, readonly number[]>> {
  const rows = await rowsOf(connection, {
    sql: `
      select s.series_id, d.stance from series s join
        (select distinct e.region, e.meter, e.resource, r.stance from reading r join series e using (series_id)
          where r.stance in (${ENDS}, ${STATES}) and r.moment < $end and r.series_id in (select series_id from standing)) d
        using (region, meter, resource)`,
    values: { end: BigInt(end) },
    types: { end: BIGINT },
  });
  const bySeries = Map.groupBy(rows, ([id]) => integer(id));
  return new Map([...bySeries].map(([id, found]) => [id, found.map(([, stance]) => integer(stance))]));
}

interface Eventful {
  readonly meter: string;
  readonly eventful: ReadonlySet<string>;
  readonly period: Period;
}

/** With what is read around the period: the statement that is in force, the end that came before. */
async function bySpecification(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  { meter, eventful, period }: Eventful,
  scope: Scope,
): Promise<Points[]> {
  if (eventful.size === 0) return [];
  const ids = catalogue.series.flatMap((series) =>
    series?.meter === meter && eventful.has(keyOf(series)) ? [series.id] : [],
  );
  await connection.run(
    `create or replace temp table stretch as
      select unnest($ids) as series_id, $start::bigint as starts, $end::bigint as ends`,
    { ids: listValue(ids), start: BigInt(period.start), end: BigInt(period.end) },
    { ids: LIST(INTEGER), start: BIGINT, end: BIGINT },
  );
  const stretches = await readStretches(connection, catalogue, undefined);
  return pointsOf(
    stretches.flatMap(({ readings }) => readings),
    period,
    scope,
  );
}

const resourceKey = (catalogue: Catalogue, id: number): string => keyOf(seriesOf(catalogue, id));

const keyOf = ({ region, resource }: Pick<Series, "region" | "resource">): string => JSON.stringify([region, resource]);

function seriesOf(catalogue: Catalogue, id: number): Series {
  const series = catalogue.series[id];
  if (series === undefined) throw new RangeError(`no series has the number ${id}`);
  return series;
}
