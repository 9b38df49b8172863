import { at, type Coverage, type Event, type Instant, rowsIn } from "@raingauge/domain";
import type { AppendResult, Arrival, Frozen } from "../store.ts";
import { type Catalogue, WITNESSED } from "./catalogue.ts";
import { type Late, lateColumns, readFrozen } from "./frozen.ts";
import { type Gathered, gather } from "./gather.ts";
import type { News } from "./known.ts";
import { type Lot, writerOf } from "./lot.ts";
import { type Column, keys, numbers, texts, unsigned, wholes } from "./native.ts";
import { newEvents, newPositions } from "./novelty.ts";
import { heedOthers, nextLot, type Pen } from "./pen.ts";
import { type Rows, readingColumns } from "./rows.ts";
import type { Seen } from "./seen.ts";
import type { ClickhouseServer } from "./server.ts";
import { settleSuspects } from "./suspects.ts";

/**
 * Stores what is new among arrivals. Wherever this is cut off, nothing of it is seen: its rows come to count by the last
 * insert alone, and whatever was written of them never does.
 */
export async function append(
  seen: Seen,
  pen: Pen,
  catalogue: Catalogue,
  arrivals: readonly Arrival[],
  now: Instant,
): Promise<AppendResult> {
  const total = arrivals.reduce((sum, { batch }) => sum + rowsIn(batch), 0);
  const fresh = await newPositions(seen, arrivals);
  if (fresh.length === 0) return { stored: 0, duplicates: total };
  heedOthers(pen, seen);
  const batches = fresh.map(({ batch }) => batch);
  const gathered = await gather(seen, pen, batches);
  const [{ fresh: readings, retold }, frozen, events] = await Promise.all([
    settleSuspects(seen, catalogue, gathered),
    readFrozen(seen.server),
    newEvents(
      seen,
      batches.flatMap((batch) => batch.events),
    ),
  ]);
  const { rows, tellings } = gathered;
  const late = lateReadings(gathered, retold, frozen);
  const lot = nextLot(pen, seen, now);
  await write(seen.server, lot, { fresh, rows, late, messages: tellings.messages, events, news: pen.known.news() });
  await commit(seen.server, lot);
  const stored = readings + events.length;
  return { stored, duplicates: total - stored, ...(late.length === 0 ? {} : { late: late.length }) };
}

/** The new readings of hours that are frozen. */
function lateReadings({ rows, sourceOf }: Gathered, retold: ReadonlySet<number>, frozen: Frozen | undefined): Late[] {
  if (frozen === undefined) return [];
  const late: Late[] = [];
  for (let row = 0; row < rows.count; row += 1) {
    const moment = Number(rows.moment[row]);
    if (moment >= frozen.horizon || retold.has(row)) continue;
    const { columns, entries, row: here } = sourceOf(row);
    const project = columns.subjects[columns.subject[here] ?? -1]?.project ?? "";
    late.push({ series: entries.seriesOf(here).key, project, moment: at(moment) });
  }
  return late;
}

/** A lot that holds nothing: whatever is stored later is later than it. */
export const mark = (seen: Seen, pen: Pen, now: Instant): Promise<void> => commit(seen.server, nextLot(pen, seen, now));

interface Written {
  readonly fresh: readonly Arrival[];
  readonly rows: Rows;
  readonly late: readonly Late[];
  readonly messages: readonly string[];
  readonly events: readonly Event[];
  readonly news: News;
}

async function write(server: ClickhouseServer, lot: Lot, { fresh, rows, late, messages, events, news }: Written) {
  const put = (table: string, count: number, columns: () => readonly Column[]): Promise<void> =>
    count === 0 ? Promise.resolve() : server.put(table, count, columns(), String(lot));
  const sources = fresh.flatMap(({ position, batch }) =>
    batch.coverage.map((coverage, part): CoverageTold => ({ position, part, coverage })),
  );
  await Promise.all([
    put("series", news.series.length, () => seriesColumns(news.series)),
    put("series_project", news.projects.length, () => [
      keys(
        "series",
        news.projects.map(({ series }) => series),
      ),
      texts(
        "project",
        news.projects.map(({ project }) => project),
      ),
    ]),
    put("claim", news.claims.length, () => claimColumns(news.claims)),
    put("telling", rows.count === 0 ? 0 : messages.length, () => tellingColumns(messages, lot)),
    put("reading", rows.count, () => readingColumns(rows, lot)),
    put("late", late.length, () => lateColumns(late, lot)),
    put("event", events.length, () => eventColumns(events, lot)),
    put("coverage", sources.length, () => coverageColumns(sources, lot)),
    put("position", fresh.length, () => positionColumns(fresh, lot)),
  ]);
}

const commit = (server: ClickhouseServer, lot: Lot): Promise<void> =>
  server.put(
    "commit",
    1,
    [numbers("writer", Uint32Array.of(writerOf(lot))), unsigned("first", [lot]), unsigned("last", [lot])],
    String(lot),
  );

const lots = (lot: Lot, rows: number): Column => numbers("lot", new BigUint64Array(rows).fill(lot), rows, "UInt64");

const seriesColumns = (series: News["series"]): Column[] => [
  keys(
    "series",
    series.map(({ key }) => key),
  ),
  texts(
    "region",
    series.map(({ region }) => region),
  ),
  texts(
    "meter",
    series.map(({ meter }) => meter),
  ),
  texts(
    "resource",
    series.map(({ resource }) => resource),
  ),
  texts(
    "life",
    series.map(({ life }) => life),
  ),
];

const claimColumns = (claims: News["claims"]): Column[] => [
  keys(
    "claim",
    claims.map(({ key }) => key),
  ),
  texts(
    "project",
    claims.map(({ claim }) => claim.project),
  ),
  texts(
    "origin",
    claims.map(({ claim }) => claim.origin),
  ),
  texts(
    "source",
    claims.map(({ claim }) => claim.source),
  ),
  texts(
    "dimensions",
    claims.map(({ claim }) => JSON.stringify(claim.dimensions)),
  ),
  numbers(
    "witnessed",
    Uint8Array.from(claims, ({ claim }) => WITNESSED.indexOf(claim.witnessed)),
  ),
  texts(
    "incarnation",
    claims.map(({ claim }) => (claim.incarnation === undefined ? "" : JSON.stringify(claim.incarnation))),
  ),
];

const tellingColumns = (messages: readonly string[], lot: Lot): Column[] => [
  lots(lot, messages.length),
  numbers("telling", Uint32Array.from(messages.keys())),
  texts("message", messages),
];

const eventColumns = (events: readonly Event[], lot: Lot): Column[] => [
  texts(
    "id",
    events.map(({ id }) => id),
  ),
  texts(
    "type",
    events.map(({ type }) => type),
  ),
  texts(
    "region",
    events.map(({ region }) => region),
  ),
  texts(
    "source",
    events.map(({ source }) => source),
  ),
  wholes(
    "moment",
    events.map(({ at }) => at),
  ),
  texts(
    "project",
    events.map(({ project = "" }) => project),
  ),
  texts(
    "resource",
    events.map(({ resource = "" }) => resource),
  ),
  texts(
    "resource_type",
    events.map(({ resourceType = "" }) => resourceType),
  ),
  texts(
    "attributes",
    events.map(({ attributes }) => JSON.stringify(attributes)),
  ),
  lots(lot, events.length),
];

interface CoverageTold {
  readonly position: Arrival["position"];
  readonly part: number;
  readonly coverage: Coverage;
}

function coverageColumns(told: readonly CoverageTold[], lot: Lot): Column[] {
  const all = told.map(({ coverage }) => coverage);
  return [
    texts(
      "region",
      all.map(({ region }) => region),
    ),
    texts(
      "source",
      all.map(({ source }) => source),
    ),
    texts(
      "agent",
      all.map(({ agent }) => agent),
    ),
    wholes(
      "starts",
      all.map(({ period }) => period.start),
    ),
    wholes(
      "ends",
      all.map(({ period }) => period.end),
    ),
    texts(
      "resource_types",
      all.map(({ confirms }) => (confirms === undefined ? "" : JSON.stringify(confirms.resourceTypes))),
    ),
    texts(
      "limit_seconds",
      all.map(({ confirms }) => String(confirms?.limitSeconds ?? "")),
    ),
    texts(
      "stream",
      told.map(({ position }) => position.stream),
    ),
    unsigned(
      "sequence",
      told.map(({ position }) => position.sequence),
    ),
    numbers(
      "part",
      Uint32Array.from(told, ({ part }) => part),
    ),
    lots(lot, told.length),
  ];
}

const positionColumns = (fresh: readonly Arrival[], lot: Lot): Column[] => [
  texts(
    "stream",
    fresh.map(({ position }) => position.stream),
  ),
  unsigned(
    "sequence",
    fresh.map(({ position }) => position.sequence),
  ),
  lots(lot, fresh.length),
];
