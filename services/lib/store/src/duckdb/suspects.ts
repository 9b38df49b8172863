import { BIGINT, type DuckDBConnection, INTEGER, LIST, listValue } from "@duckdb/node-api";
import { identityIn, type Telling, toldEarlier } from "@raingauge/domain";
import { integer, moment, rowsOf, text } from "./answer.ts";
import type { Catalogue } from "./catalogue.ts";
import { copy, type Gathered, type Source, type Suspect } from "./gather.ts";
import { storedReading } from "./stored.ts";

/**
 * Adds those suspects to what was gathered that were never stored, and those that are told earlier than before: of several
 * tellings of one reading the earliest counts.
 */
export async function settleSuspects(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  gathered: Gathered,
): Promise<Settled> {
  const { rows, suspects } = gathered;
  const retold = new Set<number>();
  if (suspects.length === 0) return { fresh: rows.count, retold };
  const stored = await storedTellings(connection, catalogue, suspects);
  const here = gatheredAlready(gathered);
  for (const suspect of suspects) {
    const key = keyOf(suspect.series.id, suspect);
    const known = here.get(key);
    if (known !== undefined) {
      if (!toldEarlier(tellingOf(suspect), tellingOf(known.source))) continue;
      copy(rows, known.row, suspect.series, suspect, suspect.row);
      here.set(key, { row: known.row, source: suspect });
      continue;
    }
    const before = stored.get(key);
    if (before !== undefined && !toldEarlier(tellingOf(suspect), before)) continue;
    copy(rows, rows.count, suspect.series, suspect, suspect.row);
    here.set(key, { row: rows.count, source: suspect });
    if (before !== undefined) retold.add(rows.count);
    rows.count += 1;
  }
  return { fresh: rows.count - retold.size, retold };
}

/** Of the gathered rows how many are new, and which only tell a reading earlier. */
export interface Settled {
  readonly fresh: number;
  readonly retold: ReadonlySet<number>;
}

const keyOf = (series: number, { columns, row }: Source): string => `${series} ${identityIn(columns, row)}`;

const tellingOf = ({ columns, row }: Source): Telling => columns.tellings[columns.telling[row] ?? -1] as Telling;

interface Here {
  readonly row: number;
  readonly source: Source;
}

/** Of what was gathered, the readings of the suspects' series: one of them may be the same. */
function gatheredAlready({ rows, suspects, sourceOf }: Gathered): Map<string, Here> {
  const series = new Set(suspects.map((suspect) => suspect.series.id));
  const here = new Map<string, Here>();
  for (let row = 0; row < rows.count; row += 1) {
    const id = rows.series[row] ?? -1;
    if (!series.has(id)) continue;
    const source = sourceOf(row);
    here.set(keyOf(id, source), { row, source });
  }
  return here;
}

/** How the readings of the suspects' instants were told that are stored already; the one stored last is the earliest told. */
async function storedTellings(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  suspects: readonly Suspect[],
): Promise<Map<string, Telling>> {
  const instants = suspects.map(({ columns, row }) => columns.at[row] ?? 0);
  const rows = await rowsOf(connection, {
    sql: `
      with suspect as (select distinct unnest($series) as series_id, unnest($instants) as moment)
      select r.series_id, r.moment, r.value, r.stance, r.claim_id, r.telling_id, r.mark, t.sequence, t.transition, t.message,
        t.stored_at
      from suspect join reading r using (series_id, moment) join telling t using (telling_id)
      where r.moment between $first and $last order by r.telling_id`,
    values: {
      series: listValue(suspects.map(({ series }) => series.id)),
      instants: listValue(instants.map((each) => BigInt(each))),
      first: BigInt(instants.reduce((a, b) => Math.min(a, b))),
      last: BigInt(instants.reduce((a, b) => Math.max(a, b))),
    },
    types: { series: LIST(INTEGER), instants: LIST(BIGINT), first: BIGINT, last: BIGINT },
  });
  return new Map(
    rows.map(([series, at, ...cells]): [string, Telling] => {
      const reading = storedReading(catalogue, integer(series), moment(at), cells);
      return [`${integer(series)} ${reading.id}`, { sequence: reading.sequence, message: text(cells[7]) }];
    }),
  );
}
