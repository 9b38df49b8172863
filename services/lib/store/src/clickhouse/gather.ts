import { at, type Batch, columnsOf, type SampleColumns } from "@raingauge/domain";
import { type Entries, entries, type Tellings, tellings } from "./entering.ts";
import { type KnownSeries, NEVER } from "./known.ts";
import type { Pen } from "./pen.ts";
import { copy, type Rows, roomFor, type Source } from "./rows.ts";
import { counted, type Seen } from "./seen.ts";
import { every, packedKeys } from "./sql.ts";

/** A row not later than its series' last instant: it may be a reading that is there already. */
export interface Suspect extends Source {
  readonly series: KnownSeries;
}

export interface Gathered {
  readonly rows: Rows;
  readonly tellings: Tellings;
  readonly suspects: readonly Suspect[];
  /** The arrival's row that a gathered row was made of. */
  sourceOf(row: number): Source;
  /** Makes a gathered row of a suspect: in the place of another, or behind the last. */
  put(row: number, suspect: Suspect): void;
}

/** The rows of all batches that can be no duplicates, as rows of the table; and the others. */
export async function gather(seen: Seen, pen: Pen, batches: readonly Batch[]): Promise<Gathered> {
  const told = tellings();
  const all = batches.map(({ columns, samples }): Entered => {
    const mine = columns ?? columnsOf(samples);
    return { columns: mine, entries: entries(pen.known, mine, told) };
  });
  await learnInstants(seen, all);
  const total = all.reduce((sum, { columns }) => sum + columns.count, 0);
  const rows = roomFor(total);
  const batchOf = new Int32Array(total);
  const rowOf = new Int32Array(total);
  const suspects: Suspect[] = [];
  const settled = new Map<number, Suspect>();
  for (const [batch, { columns, entries: mine }] of all.entries()) {
    for (let row = 0; row < columns.count; row += 1) {
      const series = mine.seriesOf(row);
      if (isLater(series, columns.at[row] ?? 0)) {
        batchOf[rows.count] = batch;
        rowOf[rows.count] = row;
        copy(rows, rows.count, { columns, entries: mine, row });
        rows.count += 1;
      } else suspects.push({ columns, entries: mine, row, series });
    }
  }
  return {
    rows,
    tellings: told,
    suspects,
    sourceOf: (row) => settled.get(row) ?? { ...(all[batchOf[row] ?? -1] as Entered), row: rowOf[row] ?? 0 },
    put: (row, suspect) => {
      copy(rows, row, suspect);
      settled.set(row, suspect);
      rows.count = Math.max(rows.count, row + 1);
    },
  };
}

interface Entered {
  readonly columns: SampleColumns;
  readonly entries: Entries;
}

/** Notes the instant where it is the series' latest. */
function isLater(series: KnownSeries, moment: number): boolean {
  if (series.lastAt !== undefined && moment <= series.lastAt) return false;
  series.lastAt = at(moment);
  return true;
}

/** Of series whose last instant is not known: whether anything is as late as what has come, for only that matters. */
async function learnInstants(seen: Seen, all: readonly Entered[]): Promise<void> {
  const unknown = new Map<string, KnownSeries>();
  let first = Number.POSITIVE_INFINITY;
  for (const { columns, entries: mine } of all) {
    for (let row = 0; row < columns.count; row += 1) {
      const series = mine.seriesOf(row);
      if (series.lastAt !== undefined) continue;
      unknown.set(series.key, series);
      first = Math.min(first, columns.at[row] ?? first);
    }
  }
  if (unknown.size === 0) return;
  const { server, lasts } = seen;
  const where = every(`series in ${packedKeys([...unknown.keys()])}`, `moment >= ${first}`, counted(lasts));
  const rows = await server.ask(
    `select series, max(moment) from ${server.table("reading")} where ${where} group by series`,
    (row) => [row.key(), row.moment()] as const,
  );
  const known = new Map(rows);
  for (const [key, series] of unknown) series.lastAt = known.get(key) ?? NEVER;
}
