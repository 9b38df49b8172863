import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { Batch, Sample } from "@raingauge/domain";
import { identitiesOf } from "@raingauge/wire";
import { originNamed, stanceNamed } from "../words.ts";
import { type Cells, integer, moment, optional, rowsOf, text, whole } from "./answer.ts";
import { coverageOf, coverageRow } from "./coverage-row.ts";
import { eventOf, eventRow } from "./event-row.ts";
import { appendRows, type Row } from "./table.ts";

/** How much a folder of Parquet files holds. */
export interface Exported {
  readonly readings: number;
  readonly events: number;
  readonly coverages: number;
}

/** A file is not what was written. */
export class ParquetAltered extends Error {
  override readonly name = "ParquetAltered";
}

const SCHEMA = `
  create table parquet_reading (
    id varchar, region varchar, project varchar, meter varchar, resource varchar, instant bigint, value bigint, origin varchar,
    source varchar, stance varchar, dimensions varchar, sequence bigint, transition varchar, incarnation varchar,
    message varchar);
  create table parquet_event (
    id varchar, type varchar, region varchar, source varchar, instant bigint, project varchar, resource varchar,
    resource_type varchar, attributes varchar);
  create table parquet_coverage (
    region varchar, source varchar, agent varchar, starts bigint, ends bigint, resource_types varchar, limit_seconds double)`;

const FILES = [
  { table: "parquet_reading", file: "readings.parquet", order: "meter, region, resource, instant, id, sequence" },
  { table: "parquet_event", file: "events.parquet", order: "instant, id" },
  { table: "parquet_coverage", file: "coverage.parquet", order: "region, source, agent, starts" },
] as const;

/**
 * Writes batches as three Parquet files that any program can read: instants in milliseconds of UTC, values in base units,
 * dimensions and attributes as JSON. What is told twice is written once.
 */
export async function writeParquet(folder: string, batches: AsyncIterable<Batch>): Promise<Exported> {
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: "1GB",
    temp_directory: join(folder, ".spill"),
  });
  const connection = await instance.connect();
  try {
    await connection.run(SCHEMA);
    for await (const { samples, events, coverage } of batches) {
      await appendRows(connection, "parquet_reading", samples.map(readingRow));
      await appendRows(connection, "parquet_event", events.map(eventRow));
      await appendRows(connection, "parquet_coverage", coverage.map(coverageRow));
    }
    const counts: number[] = [];
    for (const { table, file, order } of FILES) {
      const written = await connection.run(
        `copy (select distinct * from ${table} order by ${order}) to ${quoted(join(folder, file))} (format parquet, compression zstd)`,
      );
      counts.push(written.rowsChanged);
    }
    const [readings = 0, events = 0, coverages = 0] = counts;
    return { readings, events, coverages };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** As many as neither make a transaction slow nor a store's memory large. */
const LOT = 10_000;

/** Throws ParquetAltered where a reading is not what its identity says. */
export async function* readParquet(folder: string): AsyncGenerator<Batch> {
  const instance = await DuckDBInstance.create(":memory:", { memory_limit: "1GB" });
  const connection = await instance.connect();
  try {
    for await (const rows of lotsOf(connection, folder, "readings.parquet"))
      yield { samples: rows.map(sampleOf), events: [], coverage: [] };
    for await (const rows of lotsOf(connection, folder, "events.parquet"))
      yield { samples: [], events: rows.map(eventOf), coverage: [] };
    for await (const rows of lotsOf(connection, folder, "coverage.parquet"))
      yield { samples: [], events: [], coverage: rows.map(coverageOf) };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function* lotsOf(connection: DuckDBConnection, folder: string, file: string): AsyncGenerator<Cells[]> {
  const from = `read_parquet(${quoted(join(folder, file))}, file_row_number = true)`;
  const [counted] = await rowsOf(connection, { sql: `select count(*) from ${from}` });
  for (let start = 0; start < integer(counted?.[0]); start += LOT)
    yield rowsOf(connection, {
      sql: `select * exclude (file_row_number) from ${from} where file_row_number >= ${start} and file_row_number < ${start + LOT} order by file_row_number`,
    });
}

const quoted = (path: string): string => `'${path.replaceAll("'", "''")}'`;

const readingRow = (sample: Sample): Row => [
  sample.id,
  sample.region,
  sample.project,
  sample.meter,
  sample.resource,
  BigInt(sample.at),
  sample.value,
  sample.origin,
  sample.source,
  sample.stance,
  JSON.stringify(sample.dimensions),
  BigInt(sample.sequence),
  sample.transition ?? null,
  sample.incarnation === undefined ? null : JSON.stringify(sample.incarnation),
  sample.message,
];

function sampleOf(cells: Cells): Sample {
  const [id, region, project, meter, resource, at, value, origin, source, stance, dimensions, sequence, ...more] =
    cells;
  const [transition, incarnation, message] = more;
  const [passage, life] = [optional(transition, text), optional(incarnation, text)];
  const sample: Sample = {
    id: text(id),
    region: text(region),
    project: text(project),
    meter: text(meter),
    resource: text(resource),
    at: moment(at),
    value: whole(value),
    origin: originNamed(text(origin)),
    source: text(source),
    stance: stanceNamed(text(stance)),
    dimensions: JSON.parse(text(dimensions)),
    sequence: integer(sequence),
    ...(passage === undefined ? {} : { transition: passage }),
    ...(life === undefined ? {} : { incarnation: JSON.parse(life) }),
    message: text(message),
  };
  if (!identitiesOf(sample).includes(sample.id))
    throw new ParquetAltered(
      `reading ${sample.id} of ${sample.meter} on ${sample.resource} is not what it was when it was taken`,
    );
  return sample;
}
