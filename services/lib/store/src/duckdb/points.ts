import { BIGINT, type DuckDBConnection, type DuckDBDataChunk, INTEGER, LIST, listValue } from "@duckdb/node-api";
import { type Instant, meterNamed, type Period, permits, type Scope } from "@raingauge/domain";
import { subjectClaimed } from "../incarnation.ts";
import { type Points, pointsOf } from "../points.ts";
import { ENDS, SIGHTS, STATES } from "../stance.ts";
import type { PointQuery } from "../store.ts";
import { integer, rowsOf } from "./answer.ts";
import type { Catalogue, Series } from "./catalogue.ts";
import { doublesIn } from "./column.ts";
import { inTime } from "./columns-in-time.ts";
import { type Gathered, NOTHING } from "./gathered.ts";
import type { Kept } from "./kept.ts";
import { partsOf } from "./parts-of.ts";
import { standingOnReadings } from "./standing.ts";
import { readStretches } from "./stretches.ts";

/**
 * The points of a meter. Nearly every series says one thing and is simply copied, column by column, without a step for
 * each reading; the few in which something happened (an end, a resize, a sighting of what was stated, two tellings) go by the
 * specification.
 */
export async function points(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  kept: Kept,
  { meter, period, region, resource }: PointQuery,
  scope: Scope,
): Promise<Points[]> {
  await standingOnReadings(connection, { meters: [meter], region, resource, scope, wholeResources: true });
  const key = JSON.stringify([meter, region, resource, scope.kind === "all" ? "all" : [...scope.projects].toSorted()]);
  const gathered = await kept.gather(connection, key, period, (part) => gather(connection, part));
  const told = await toldBefore(connection, period.end);
  const summed = meterNamed(meter)?.kind === "delta";
  const seriesOfResources = Map.groupBy([...gathered.keys()], (id) => resourceKey(catalogue, id));

  const plain: Points[] = [];
  const eventful = new Set<string>();
  for (const [key, ids] of seriesOfResources) {
    const isPlain = !summed && ids.every((id) => saysOneThing(gathered.get(id), told.get(id) ?? []));
    const lines = isPlain ? ids.map((id) => lineOf(catalogue, id, gathered.get(id) as Gathered)) : [];
    // A host or a device that is told of twice has one line.
    const lives = new Set(lines.map(({ host, device }) => JSON.stringify([host, device])));
    if (isPlain && lives.size === ids.length) plain.push(...lines);
    else eventful.add(key);
  }
  return [
    ...plain.filter(({ project }) => permits(scope, project)),
    ...(await bySpecification(connection, catalogue, { meter, eventful, period }, scope)),
  ];
}

/** Either each reading states the same, or each is a sighting of what nobody ever stated. Nothing has come to an end. */
const saysOneThing = (gathered: Gathered | undefined, told: readonly number[]): boolean =>
  !told.includes(ENDS) && (gathered?.stance === STATES || (gathered?.stance === SIGHTS && !told.includes(STATES)));

/** So many readings are made into lists at once: they are in memory twice until they are copied. */
const ROWS_AT_ONCE = 2_500_000;

/**
 * The readings of the period by series, put together by DuckDB: each series is one row with its columns as lists, so that nothing
 * is done here for a reading but to copy it with its neighbours.
 */
async function gather(connection: DuckDBConnection, { start, end }: Period): Promise<Map<number, Gathered>> {
  const bySeries = new Map<number, Gathered>();
  const readings = `from reading where moment >= ${start} and moment < ${end} and series_id in (select series_id from standing)`;
  const weights = `select series_id, count(*) as weight ${readings} group by series_id`;
  for (const { first, last } of await partsOf(connection, weights, ROWS_AT_ONCE)) {
    // Not streamed: where that breaks off, it ends as if all had come, and only the next statement fails, without saying why.
    const result = await connection.run(
      `select series_id, min(claim_id), max(claim_id), min(stance), max(stance), list(moment), list(value) from (
          select series_id, claim_id, moment::double as moment, value::double as value,
            case when telling_id in (select telling_id from telling where transition is not null) then -1 else stance end
              ::integer as stance
          ${readings} and series_id between ${first} and ${last})
        group by series_id`,
    );
    for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk())
      take(bySeries, chunk);
  }
  return bySeries;
}

function take(bySeries: Map<number, Gathered>, chunk: DuckDBDataChunk): void {
  const [ids, claims, otherClaims, stances, otherStances] = [0, 1, 2, 3, 4].map((column) =>
    chunk.getColumnValues(column).map(integer),
  );
  for (const [row, id] of (ids ?? []).entries()) {
    const columns = inTime({ at: doublesIn(chunk, 5, row), values: doublesIn(chunk, 6, row) });
    const [claim = 0, stance] = [claims?.[row], stances?.[row]];
    const isAlike = columns !== undefined && otherClaims?.[row] === claim && otherStances?.[row] === stance;
    bySeries.set(id, { claim, stance: isAlike ? stance : undefined, columns: isAlike ? columns : NOTHING });
  }
}

function lineOf(catalogue: Catalogue, id: number, { claim, columns }: Gathered): Points {
  const holder = catalogue.claims[claim];
  if (holder === undefined) throw new RangeError(`no claim has the number ${claim}`);
  return { ...subjectClaimed(seriesOf(catalogue, id), holder), ...columns };
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
