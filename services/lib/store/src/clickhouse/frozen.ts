import { at, type Instant, type Period, permits, type Scope } from "@raingauge/domain";
import { inLateOrder } from "../late.ts";
import type { Frozen, LateReadings } from "../store.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Key } from "./key.ts";
import { type Lot, lotOf } from "./lot.ts";
import { type Column, keys, numbers, texts, wholes } from "./native.ts";
import { counted, type Seen } from "./seen.ts";
import type { ClickhouseServer } from "./server.ts";
import { every, within } from "./sql.ts";

export async function readFrozen(server: ClickhouseServer): Promise<Frozen | undefined> {
  const [frozen] = await server.ask(
    `select horizon, since from ${server.table("frozen")} order by horizon desc limit 1`,
    (row) => ({ horizon: row.moment(), since: row.moment() }),
  );
  return frozen;
}

/**
 * Answers a question by what is frozen. Readings that are removed while it is answered may be missing in it: where more is
 * frozen by then, it is answered anew.
 */
export async function whileFrozen<T>(
  server: ClickhouseServer,
  answer: (frozen: Frozen | undefined) => Promise<T>,
): Promise<T> {
  const frozen = await readFrozen(server);
  const answered = await answer(frozen);
  const now = await readFrozen(server);
  return now?.horizon === frozen?.horizon ? answered : whileFrozen(server, answer);
}

export const putFrozen = (server: ClickhouseServer, { horizon, since }: Frozen): Promise<void> =>
  server.put("frozen", 1, [wholes("horizon", [horizon]), wholes("since", [since])], String(since));

/** A reading that came for an hour that was frozen already. */
export interface Late {
  readonly series: Key;
  readonly project: string;
  readonly moment: Instant;
}

export const lateColumns = (late: readonly Late[], lot: Lot): Column[] => [
  keys(
    "series",
    late.map(({ series }) => series),
  ),
  texts(
    "project",
    late.map(({ project }) => project),
  ),
  wholes(
    "moment",
    late.map(({ moment }) => moment),
  ),
  numbers("lot", new BigUint64Array(late.length).fill(lot), late.length, "UInt64"),
];

/** What came late and was stored since the horizon; of what was stored before, the readings are gone. */
export async function readLate(
  { server, lasts }: Seen,
  catalogue: Catalogue,
  period: Period,
  scope: Scope,
): Promise<LateReadings[]> {
  const frozen = await readFrozen(server);
  if (frozen === undefined) return [];
  const where = every(within("moment", period), `lot >= ${lotOf(frozen.horizon, 0)}`, counted(lasts));
  const rows = await server.ask(
    `select series, project, count(), min(moment), max(moment) from ${server.table("late")}
      where ${where} group by series, project`,
    (row) => ({
      series: row.key(),
      project: row.text(),
      readings: row.integer(),
      first: row.moment(),
      last: row.moment(),
    }),
  );
  const seriesOf = await catalogue.seriesOf(new Set(rows.map(({ series }) => series)));
  const late = rows.map(({ series, ...told }) => {
    const { region, meter, resource } = seriesOf(series);
    return { region, meter, resource, ...told };
  });
  return inLateOrder(together(late.filter(({ project }) => permits(scope, project))));
}

/** Of a counter, all its lives are one. */
function together(late: readonly LateReadings[]): LateReadings[] {
  const groups = Map.groupBy(late, ({ region, project, meter, resource }) =>
    JSON.stringify([region, project, meter, resource]),
  );
  return [...groups.values()].flatMap((group): LateReadings[] => {
    const [any] = group;
    if (any === undefined) return [];
    const readings = group.reduce((sum, each) => sum + each.readings, 0);
    const [first, last] = [Math.min(...group.map((each) => each.first)), Math.max(...group.map((each) => each.last))];
    return [{ ...any, readings, first: at(first), last: at(last) }];
  });
}
