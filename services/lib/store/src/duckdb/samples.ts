import { BIGINT, type DuckDBConnection, LIST, listValue } from "@duckdb/node-api";
import { contains, meterNamed, permits, type Sample, type Scope, slice } from "@raingauge/domain";
import { cutSeries } from "../cut.ts";
import { compareText } from "../order.ts";
import { type ResourceKey, refuseFrozen, type SampleQuery } from "../store.ts";
import type { StoredReading } from "../stored-reading.ts";
import { integer, rowsOf, text } from "./answer.ts";
import type { Catalogue } from "./catalogue.ts";
import { readFrozen } from "./frozen.ts";
import { selected, standingOnReadings } from "./standing.ts";
import { readStretches } from "./stretches.ts";

/** The readings that decide a period, with the messages that brought them; a page of them resource by resource. */
export async function samples(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  query: SampleQuery,
  scope: Scope,
): Promise<Sample[]> {
  const { limit } = query;
  if (limit === undefined) return decidingOf(connection, catalogue, query, scope, { from: query.from });
  let found: Sample[] = [];
  let from = query.from;
  for (let lot = RESOURCES_FIRST; ; lot *= LOT_GROWTH) {
    const [last, next] = await edgesOf(connection, query, scope, { from, lot });
    found = found.concat(await decidingOf(connection, catalogue, query, scope, { from, to: last }));
    if (next === undefined || found.length >= limit) return cutSeries(found, query);
    from = next;
  }
}

/** A page is often had from a few resources; where it is not, of ever more at once. */
const RESOURCES_FIRST = 4;
const LOT_GROWTH = 4;

/** The last of so many resources from one on, and the one after it. */
async function edgesOf(
  connection: DuckDBConnection,
  { meter, region, resource }: SampleQuery,
  scope: Scope,
  { from, lot }: { readonly from: ResourceKey | undefined; readonly lot: number },
): Promise<(ResourceKey | undefined)[]> {
  const { where, values, types } = selected({ meters: [meter], region, resource, scope, from });
  const rows = await rowsOf(connection, {
    sql: `select distinct s.region, s.resource from series s where ${where} order by all limit 2 offset ${lot - 1}`,
    values,
    types,
  });
  return rows.map(([where, what]) => ({ region: text(where), resource: text(what) }));
}

async function decidingOf(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  { meter, period, region, resource, asOf }: SampleQuery,
  scope: Scope,
  edges: { readonly from?: ResourceKey | undefined; readonly to?: ResourceKey | undefined },
): Promise<Sample[]> {
  refuseFrozen(await readFrozen(connection), { period, asOf });
  await standingOnReadings(connection, { meters: [meter], region, resource, scope, ...edges });
  await connection.run(
    "create or replace temp table stretch as select series_id, $1::bigint as starts, $2::bigint as ends from standing",
    [BigInt(period.start), BigInt(period.end)],
  );
  const readings = (await readStretches(connection, catalogue, asOf)).flatMap((stretch) => stretch.readings);
  const known = meterNamed(meter);
  const deciding = (mine: readonly StoredReading[]): readonly StoredReading[] =>
    known === undefined ? mine.filter((sample) => contains(period, sample.at)) : slice(known, mine, period);
  const shown = regionsOf(readings)
    .flatMap(deciding)
    .filter(({ project }) => permits(scope, project));
  return withMessages(connection, shown);
}

const regionsOf = (readings: readonly StoredReading[]): StoredReading[][] =>
  [...Map.groupBy(readings, ({ region }) => region)].toSorted(([a], [b]) => compareText(a, b)).map(([, mine]) => mine);

/** Messages are looked up only for what is shown. */
async function withMessages(connection: DuckDBConnection, shown: readonly StoredReading[]): Promise<Sample[]> {
  const rows = await rowsOf(connection, {
    sql: "select telling_id, message from telling where telling_id in (select unnest($ids))",
    values: { ids: listValue([...new Set(shown.map(({ tellingId }) => BigInt(tellingId)))]) },
    types: { ids: LIST(BIGINT) },
  });
  const messages = new Map(rows.map(([id, message]) => [integer(id), text(message)]));
  return shown.map((reading) => reading.shown(messages.get(reading.tellingId) ?? ""));
}
