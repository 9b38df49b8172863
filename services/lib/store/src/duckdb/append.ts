import type { DuckDBConnection } from "@duckdb/node-api";
import { at, type Coverage, type Event, type Instant, rowsIn } from "@raingauge/domain";
import type { AppendResult, Arrival, Frozen } from "../store.ts";
import type { Catalogue } from "./catalogue.ts";
import { coverageRow } from "./coverage-row.ts";
import { eventRow } from "./event-row.ts";
import { readFrozen } from "./frozen.ts";
import { gather } from "./gather.ts";
import { newEvents, newPositions } from "./novelty.ts";
import { appendPositions } from "./positions.ts";
import { appendReadings, type ReadingRows } from "./readings.ts";
import { settleSuspects } from "./suspects.ts";
import { appendRows, type Row } from "./table.ts";

/** Stores what is new among arrivals, within the caller's transaction. */
export async function append(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  arrivals: readonly Arrival[],
  now: Instant,
): Promise<AppendResult> {
  const total = arrivals.reduce((sum, { batch }) => sum + rowsIn(batch), 0);
  const fresh = await newPositions(connection, arrivals);
  if (fresh.length === 0) return { stored: 0, duplicates: total };
  const batches = fresh.map(({ batch }) => batch);
  catalogue.storedAt = at(Math.max(now, catalogue.storedAt + 1));
  const gathered = gather(catalogue, batches);
  const { fresh: readings, retold } = await settleSuspects(connection, catalogue, gathered);
  const late = lateRows(catalogue, gathered.rows, retold, await readFrozen(connection));
  const events = await newEvents(
    connection,
    batches.flatMap(({ events }) => events),
  );
  const coverage = batches.flatMap((batch) => batch.coverage);
  await write(connection, catalogue, { fresh, readings: gathered.rows, late, events, coverage });
  const stored = readings + events.length;
  return { stored, duplicates: total - stored, ...(late.length === 0 ? {} : { late: late.length }) };
}

/** The new readings of hours that are frozen. */
function lateRows(
  catalogue: Catalogue,
  rows: ReadingRows,
  retold: ReadonlySet<number>,
  frozen: Frozen | undefined,
): Row[] {
  if (frozen === undefined) return [];
  const horizon = BigInt(frozen.horizon);
  const late: Row[] = [];
  for (let row = 0; row < rows.count; row += 1) {
    const moment = rows.moment[row] ?? horizon;
    if (moment >= horizon || retold.has(row)) continue;
    const { project = "" } = catalogue.claims[rows.claim[row] ?? -1] ?? {};
    late.push([rows.series[row] ?? -1, project, moment, BigInt(catalogue.storedAt)]);
  }
  return late;
}

interface News {
  readonly fresh: readonly Arrival[];
  readonly readings: ReadingRows;
  readonly late: readonly Row[];
  readonly events: readonly Event[];
  readonly coverage: readonly Coverage[];
}

async function write(connection: DuckDBConnection, catalogue: Catalogue, news: News): Promise<void> {
  const storedAt = BigInt(catalogue.storedAt);
  for (const [table, rows] of catalogue.news()) await appendRows(connection, table, rows);
  await appendReadings(connection, news.readings);
  await appendRows(connection, "late", news.late);
  await appendRows(
    connection,
    "event",
    news.events.map((event) => [...eventRow(event), storedAt]),
  );
  await appendRows(
    connection,
    "coverage",
    news.coverage.map((each) => [...coverageRow(each), storedAt]),
  );
  await appendPositions(
    connection,
    news.fresh.map(({ position }) => position),
    storedAt,
  );
}
