import { identityIn, type Telling, toldEarlier } from "@raingauge/domain";
import type { Catalogue } from "./catalogue.ts";
import type { Gathered, Suspect } from "./gather.ts";
import type { Key } from "./key.ts";
import { messagesOf } from "./messages.ts";
import type { Source } from "./rows.ts";
import { counted, type Seen } from "./seen.ts";
import { every, packed } from "./sql.ts";
import { READING, readRow, storedReadings } from "./stored.ts";

/**
 * Adds those suspects to what was gathered that were never stored, and those that are told earlier than before: of several
 * tellings of one reading the earliest counts.
 */
export async function settleSuspects(seen: Seen, catalogue: Catalogue, gathered: Gathered): Promise<Settled> {
  const { rows, suspects } = gathered;
  const retold = new Set<number>();
  if (suspects.length === 0) return { fresh: rows.count, retold };
  const stored = await storedTellings(seen, catalogue, suspects);
  const here = gatheredAlready(gathered);
  for (const suspect of suspects) {
    const name = nameOf(suspect.series.key, identityIn(suspect.columns, suspect.row));
    const known = here.get(name);
    if (known !== undefined) {
      if (!toldEarlier(tellingOf(suspect), tellingOf(known.source))) continue;
      gathered.put(known.row, suspect);
      here.set(name, { row: known.row, source: suspect });
      continue;
    }
    const before = stored.get(name);
    if (before !== undefined && !toldEarlier(tellingOf(suspect), before)) continue;
    const row = rows.count;
    gathered.put(row, suspect);
    here.set(name, { row, source: suspect });
    if (before !== undefined) retold.add(row);
  }
  return { fresh: rows.count - retold.size, retold };
}

/** Of the gathered rows how many are new, and which only tell a reading earlier. */
export interface Settled {
  readonly fresh: number;
  readonly retold: ReadonlySet<number>;
}

const nameOf = (series: Key, identity: string): string => series + identity;

const tellingOf = ({ columns, row }: Source): Telling => columns.tellings[columns.telling[row] ?? -1] as Telling;

interface Here {
  readonly row: number;
  readonly source: Source;
}

/** Of what was gathered, the readings of the suspects' series: one of them may be the same. */
function gatheredAlready({ rows, suspects, sourceOf }: Gathered): Map<string, Here> {
  const series = new Set(suspects.map((suspect) => suspect.series));
  const here = new Map<string, Here>();
  for (let row = 0; row < rows.count; row += 1) {
    const source = sourceOf(row);
    const mine = source.entries.seriesOf(source.row);
    if (series.has(mine)) here.set(nameOf(mine.key, identityIn(source.columns, source.row)), { row, source });
  }
  return here;
}

type Told = Pick<Telling, "sequence" | "message">;

/** How the readings of the suspects' instants were told that are stored already: the earliest telling of each. */
async function storedTellings(
  { server, lasts }: Seen,
  catalogue: Catalogue,
  suspects: readonly Suspect[],
): Promise<Map<string, Told>> {
  const places = new Map(
    suspects.map(({ series, columns, row }) => {
      const moment = columns.at[row] ?? 0;
      return [`${series.key}${moment}`, { key: series.key, moment }] as const;
    }),
  );
  const all = [...places.values()];
  const moments = all.map(({ moment }) => moment);
  const asked = packed({ keys: all.map(({ key }) => key), numbers: { moment: moments } });
  const span = `moment between ${moments.reduce((a, b) => Math.min(a, b))} and ${moments.reduce((a, b) => Math.max(a, b))}`;
  const rows = await server.ask(
    `select ${READING} from ${server.table("reading")} as reading
      where ${every(`(series, moment) in (select series, moment from ${asked})`, span, counted(lasts))}`,
    readRow,
  );
  const messageOf = await messagesOf(server, rows);
  const read = await storedReadings(catalogue, rows);
  const tellings = new Map<string, Told>();
  for (const row of rows) {
    const reading = read(row, messageOf(row));
    const name = nameOf(row.series, reading.id);
    const known = tellings.get(name);
    if (known === undefined || toldEarlier(reading, known)) tellings.set(name, reading);
  }
  return tellings;
}
