import { BIGINT, type DuckDBConnection, VARCHAR } from "@duckdb/node-api";
import type { Arrival } from "../store.ts";
import { appendRows, type Row } from "./table.ts";

type Position = Arrival["position"];

/** A run of positions without a gap, the last one included. */
interface Run {
  readonly stream: string;
  readonly first: bigint;
  last: bigint;
}

/** Fewer are written one by one: a statement costs as much as some dozen rows. */
const RUN_MIN = 16n;

/** Positions nearly always follow each other without a gap, and are said at once then; one by one each costs as much as ten readings. */
export async function appendPositions(
  connection: DuckDBConnection,
  positions: readonly Position[],
  storedAt: bigint,
): Promise<void> {
  const single: Row[] = [];
  for (const { stream, first, last } of runsOf(positions)) {
    if (last - first + 1n < RUN_MIN) {
      for (let sequence = first; sequence <= last; sequence += 1n) single.push([stream, sequence, storedAt]);
      continue;
    }
    await connection.run(
      "insert into position select $stream, range, $storedAt from range($first, $end)",
      { stream, storedAt, first, end: last + 1n },
      { stream: VARCHAR, storedAt: BIGINT, first: BIGINT, end: BIGINT },
    );
  }
  await appendRows(connection, "position", single);
}

function runsOf(positions: readonly Position[]): Run[] {
  const runs: Run[] = [];
  for (const { stream, sequence } of positions.toSorted(byStreamAndSequence)) {
    const run = runs.at(-1);
    if (run?.stream === stream && run.last + 1n === sequence) run.last = sequence;
    else runs.push({ stream, first: sequence, last: sequence });
  }
  return runs;
}

function byStreamAndSequence(a: Position, b: Position): number {
  if (a.stream !== b.stream) return a.stream < b.stream ? -1 : 1;
  return a.sequence < b.sequence ? -1 : a.sequence > b.sequence ? 1 : 0;
}
