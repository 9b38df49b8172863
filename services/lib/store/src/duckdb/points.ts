import { BIGINT, type DuckDBConnection, type DuckDBDataChunk, INTEGER, LIST, listValue } from "@duckdb/node-api";
import { type Instant, meterNamed, type Period, permits, type Scope } from "@raingauge/domain";
import { type Points, pointsOf, subjectOf } from "../points.ts";
import { ENDS, STATES } from "../stance.ts";
import type { PointQuery } from "../store.ts";
import { integer, rowsOf } from "./answer.ts";
import type { Catalogue, Series } from "./catalogue.ts";
import { doubles, type Growing, growing, integers, push } from "./column.ts";
import { standingOnReadings } from "./standing.ts";
import { incarnationOf } from "./stored.ts";
import { readStretches } from "./stretches.ts";

/**
 * The points of a meter. Nearly every series says one thing and is simply copied, column by column, without an object for
 * each reading; the few in which something happened (an end, a resize, a sighting, two tellings) go by the specification.
 */
export async function points(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  { meter, period, region, resource }: PointQuery,
  scope: Scope,
): Promise<Points[]> {
  await standingOnReadings(connection, { meters: [meter], region, resource, scope });
  const gathered = await gather(connection, period);
  const ended = await endedBefore(connection, period.end);
  const summed = meterNamed(meter)?.kind === "delta";
  const seriesOfResources = Map.groupBy([...gathered.keys()], (id) => resourceKey(catalogue, id));

  const plain: Points[] = [];
  const eventful = new Set<string>();
  for (const [key, [id = 0, ...others]] of seriesOfResources) {
    const column = gathered.get(id);
    if (column?.isPlain === true && others.length === 0 && !summed && !ended.has(id))
      plain.push(copied(catalogue, id, column));
    else eventful.add(key);
  }
  return [
    ...plain.filter(({ project }) => permits(scope, project)),
    ...(await bySpecification(connection, catalogue, { meter, eventful, period }, scope)),
  ];
}

interface Gathered extends Growing {
  claim: number;
  isPlain: boolean;
}

/** The rows of the period by series, in the order in which they lie, which is nearly that of time. */
async function gather(connection: DuckDBConnection, { start, end }: Period): Promise<Map<number, Gathered>> {
  const result = await connection.stream(
    `select series_id, claim_id,
        (stance <> ${STATES} or telling_id in (select telling_id from telling where transition is not null))::integer,
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
  const [ids, claims, marks] = [integers(chunk, 0), integers(chunk, 1), integers(chunk, 2)];
  const [moments, values] = [doubles(chunk, 3), doubles(chunk, 4)];
  for (let row = 0; row < ids.length; row += 1) {
    const [id = 0, claim = 0, moment = 0] = [ids[row], claims[row], moments[row]];
    let column = bySeries.get(id);
    if (column === undefined) {
      column = { ...growing(), claim, isPlain: true };
      bySeries.set(id, column);
    }
    const isNext = column.length === 0 || (column.at[column.length - 1] ?? 0) < moment;
    if (!isNext || column.claim !== claim || marks[row] !== 0) column.isPlain = false;
    push(column, moment, values[row] ?? 0);
  }
}

function copied(catalogue: Catalogue, id: number, { claim, length, at, values }: Gathered): Points {
  const holder = catalogue.claims[claim];
  if (holder === undefined) throw new RangeError(`no claim has the number ${claim}`);
  const series = seriesOf(catalogue, id);
  const incarnation = incarnationOf(series, holder);
  const subject = subjectOf({ ...series, ...(incarnation && { incarnation }) }, holder);
  return { ...subject, at: at.slice(0, length), values: values.slice(0, length) };
}

/** The series of those resources that came to a final end: whatever is read of them later is no point. */
async function endedBefore(connection: DuckDBConnection, end: Instant): Promise<ReadonlySet<number>> {
  const rows = await rowsOf(connection, {
    sql: `
      select s.series_id from series s semi join
        (select distinct e.region, e.meter, e.resource from reading r join series e using (series_id)
          where r.stance = ${ENDS} and r.moment < $end and r.series_id in (select series_id from standing)) d
        using (region, meter, resource)`,
    values: { end: BigInt(end) },
    types: { end: BIGINT },
  });
  return new Set(rows.map(([id]) => integer(id)));
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
