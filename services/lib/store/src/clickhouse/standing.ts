import { at, hourOf, type Instant } from "@raingauge/domain";
import type { State } from "../recompute.ts";
import type { Stale } from "../sources.ts";
import { STATES } from "../stance.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Cursor } from "./cursor.ts";
import type { Key } from "./key.ts";
import type { Lot } from "./lot.ts";
import type { Rolled } from "./rolled.ts";
import { countedSince, type Seen } from "./seen.ts";
import { type Selection, selected, seriesSelected } from "./selection.ts";
import { every } from "./sql.ts";

/** Up to where the roll-ups of a series can be used. */
export interface Standing {
  readonly series: Key;
  /** The time in which its roll-ups say anything. */
  readonly since: Instant | undefined;
  readonly until: Instant | undefined;
  /** Something arrived since; in the usual order of things from the last reading's hour on. */
  readonly dirtyFrom: Instant | undefined;
  /** The sources that confirm it are others than they were. */
  readonly staleFrom: Instant | undefined;
  /** Its last hold ends when the listener's coverage does, which may still grow. */
  readonly openFrom: Instant | undefined;
}

interface Standings {
  readonly selection: Selection;
  readonly stale: readonly Stale[];
  /** What is frozen before it stands always. */
  readonly horizon?: Instant | undefined;
}

export async function standings(
  seen: Seen,
  catalogue: Catalogue,
  rolled: Rolled,
  { selection, stale, horizon = at(0) }: Standings,
): Promise<Standing[]> {
  const keys = await seriesSelected(seen.server, selection);
  const [arrived, states] = await Promise.all([arrivals(seen, rolled, selection), statesOf(seen, selection)]);
  const staleSince = await staleSeries(catalogue, keys, stale);
  return keys.map((series): Standing => {
    const told = states.get(series);
    const state = told !== undefined && told.generation <= rolled.generation ? told.state : undefined;
    const arrival = arrived.get(series);
    const isReplaced = told !== undefined && state === undefined;
    const since = staleSince(series);
    const unfrozen = (from: Instant | undefined) => (from === undefined ? undefined : at(Math.max(from, horizon)));
    return {
      series,
      since: state?.since,
      until: state?.until,
      dirtyFrom: unfrozen(isReplaced ? at(0) : arrival === undefined ? undefined : dirtyFrom(state, arrival)),
      staleFrom: unfrozen(
        since !== undefined && state !== undefined && since < state.until ? hourOf(since) : undefined,
      ),
      openFrom: unfrozen(state?.open === true ? hourOf(state.firmAt ?? at(0)) : undefined),
    };
  });
}

/** From where on the roll-ups of a series do not stand; undefined where all of them do. */
export function fallsFrom({ dirtyFrom, staleFrom, openFrom }: Standing): Instant | undefined {
  const all = [dirtyFrom, staleFrom, openFrom].filter((each) => each !== undefined);
  return all.length === 0 ? undefined : at(Math.min(...all));
}

interface Arrived {
  readonly first: Instant;
  readonly states: boolean;
}

function dirtyFrom(state: State | undefined, { first, states }: Arrived): Instant {
  if (state?.firmAt === undefined || first <= state.lastAt || (states && !state.stated)) return at(0);
  return hourOf(state.firmAt);
}

async function arrivals(seen: Seen, { lasts }: Rolled, selection: Selection): Promise<ReadonlyMap<Key, Arrived>> {
  const since = countedSince(seen, lasts);
  if (since === "0") return new Map();
  const { server } = seen;
  const rows = await server.ask(
    `select series, min(moment), max(stance = ${STATES}) from ${server.table("reading")}
      where ${every(since, `series in ${selected(server, selection)}`)} group by series`,
    (row) => [row.key(), { first: row.moment(), states: row.small() === 1 }] as const,
  );
  return new Map(rows);
}

interface ToldState {
  readonly generation: Lot;
  readonly state: State;
}

async function statesOf({ server }: Seen, selection: Selection): Promise<ReadonlyMap<Key, ToldState>> {
  const rows = await server.ask(
    `select series, generation, since, until, last_at, firm_at, stated, open
      from ${server.table("rolled_series")} final where series in ${selected(server, selection)}`,
    (row) => [row.key(), { generation: row.unsigned(), state: stateOf(row) }] as const,
  );
  return new Map(rows);
}

function stateOf(row: Cursor): State {
  const [since, until, lastAt, firmAt] = [row.moment(), row.moment(), row.moment(), row.moment()];
  return {
    since,
    until,
    lastAt,
    firmAt: firmAt < 0 ? undefined : firmAt,
    stated: row.small() === 1,
    open: row.small() === 1,
  };
}

async function staleSeries(
  catalogue: Catalogue,
  keys: readonly Key[],
  stale: readonly Stale[],
): Promise<(series: Key) => Instant | undefined> {
  if (stale.length === 0) return () => undefined;
  const since = new Map(stale.map((each) => [`${each.region}\n${each.meter}`, each.since]));
  const seriesOf = await catalogue.seriesOf(keys);
  return (key) => {
    const { region, meter } = seriesOf(key);
    return since.get(`${region}\n${meter}`);
  };
}
