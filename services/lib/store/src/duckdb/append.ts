import type { DuckDBConnection } from "@duckdb/node-api";
import { at, type Coverage, type Event, type Instant } from "@raingauge/domain";
import type { AppendResult, Arrival } from "../store.ts";
import type { Catalogue } from "./catalogue.ts";
import { newEvents, newPositions, newReadings, type Reading } from "./novelty.ts";
import { codeOf } from "./stance.ts";
import { appendColumns, appendRows, type Columns, type Row } from "./table.ts";

/** Stores what is new among arrivals, within the caller's transaction. */
export async function append(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  arrivals: readonly Arrival[],
  now: Instant,
): Promise<AppendResult> {
  const fresh = await newPositions(connection, arrivals);
  const batches = fresh.map(({ batch }) => batch);
  const readings = await newReadings(
    connection,
    catalogue,
    batches.flatMap(({ samples }) => samples),
  );
  const events = await newEvents(
    connection,
    batches.flatMap(({ events }) => events),
  );
  const coverage = batches.flatMap((batch) => batch.coverage);

  if (fresh.length > 0) {
    catalogue.storedAt = at(Math.max(now, catalogue.storedAt + 1));
    await write(connection, catalogue, { fresh, readings, events, coverage });
  }
  const stored = readings.filter(({ again }) => !again).length + events.length;
  const total = arrivals.reduce((sum, { batch }) => sum + batch.samples.length + batch.events.length, 0);
  return { stored, duplicates: total - stored };
}

interface News {
  readonly fresh: readonly Arrival[];
  readonly readings: readonly Reading[];
  readonly events: readonly Event[];
  readonly coverage: readonly Coverage[];
}

async function write(connection: DuckDBConnection, catalogue: Catalogue, news: News): Promise<void> {
  const storedAt = BigInt(catalogue.storedAt);
  const readings = readingColumns(catalogue, news.readings, storedAt);
  for (const [table, rows] of catalogue.news()) await appendRows(connection, table, rows);
  await appendColumns(connection, "reading", readings);
  await appendRows(
    connection,
    "event",
    news.events.map((event) => eventRow(event, storedAt)),
  );
  await appendRows(
    connection,
    "coverage",
    news.coverage.map((each) => coverageRow(each, storedAt)),
  );
  const positions = news.fresh.map(({ position }): Row => [position.stream, position.sequence, storedAt]);
  await appendRows(connection, "position", positions);
}

function readingColumns(catalogue: Catalogue, readings: readonly Reading[], storedAt: bigint): Columns {
  const messageOf = messageNumbers(catalogue);
  for (const { series, sample } of readings) series.lastAt = at(Math.max(series.lastAt, sample.at));
  return [
    readings.map(({ series }) => series.id),
    readings.map(({ sample }) => BigInt(sample.at)),
    readings.map(({ sample }) => sample.value),
    readings.map(({ sample }) => codeOf(sample.stance)),
    readings.map(({ sample }) => catalogue.enterClaim(sample)),
    readings.map(({ sample }) => BigInt(sample.sequence)),
    readings.map(({ sample }) => sample.transition ?? null),
    readings.map(({ sample }) => sample.id),
    readings.map(({ sample }) => messageOf(sample.message)),
    readings.map(() => storedAt),
  ];
}

/** A message is written once for all the readings of an append that it brought. */
function messageNumbers(catalogue: Catalogue): (message: string) => bigint {
  const numbers = new Map<string, bigint>();
  return (message) => {
    const number = numbers.get(message) ?? catalogue.enterMessage(message);
    numbers.set(message, number);
    return number;
  };
}

const eventRow = (event: Event, storedAt: bigint): Row => [
  event.id,
  event.type,
  event.region,
  event.source,
  BigInt(event.at),
  event.project ?? null,
  event.resource ?? null,
  event.resourceType ?? null,
  JSON.stringify(event.attributes),
  storedAt,
];

const coverageRow = ({ region, source, agent, period, confirms }: Coverage, storedAt: bigint): Row => [
  region,
  source,
  agent,
  BigInt(period.start),
  BigInt(period.end),
  confirms === undefined ? null : JSON.stringify(confirms.resourceTypes),
  confirms?.limitSeconds ?? null,
  storedAt,
];
