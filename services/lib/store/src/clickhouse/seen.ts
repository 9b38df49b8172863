import { at, type Instant } from "@raingauge/domain";
import type { Cursor } from "./cursor.ts";
import { type Lot, lotOf, storedAtOf, WRITERS } from "./lot.ts";
import type { ClickhouseServer } from "./server.ts";
import { every } from "./sql.ts";

/** The last lot of each writer. Rows of later ones, and of writers that are not named, are not there. */
export type Lasts = ReadonlyMap<number, Lot>;

/**
 * What of a server counted when a question began. Rows are only ever added, so that all its parts see one state, whatever
 * others append meanwhile.
 */
export interface Seen {
  readonly server: ClickhouseServer;
  readonly lasts: Lasts;
  readonly firsts: Lasts;
}

export async function look(server: ClickhouseServer): Promise<Seen> {
  const rows = await server.ask(
    `select writer, min(first), max(last) from ${server.table("commit")} group by writer`,
    (row) => [row.count(), row.unsigned(), row.unsigned()] as const,
  );
  return {
    server,
    lasts: new Map(rows.map(([writer, , last]) => [writer, last])),
    firsts: new Map(rows.map(([writer, first]) => [writer, first])),
  };
}

/** The rows that count, as a condition on their `lot`. */
export const counted = (lasts: Lasts): string =>
  lasts.size === 0
    ? "0"
    : `lot <= transform(toUInt64(lot % ${WRITERS}), [${[...lasts.keys()].join(", ")}]::Array(UInt64),
        [${[...lasts.values()].join(", ")}]::Array(UInt64), 0::UInt64)`;

/** The rows that count now and did not at an earlier look. */
export function countedSince({ lasts, firsts }: Seen, earlier: Lasts): string {
  const grown = [...lasts].filter(([writer, last]) => last > (earlier.get(writer) ?? 0n));
  if (grown.length === 0) return "0";
  const from = grown
    .map(([writer]) => earlier.get(writer) ?? firsts.get(writer) ?? 0n)
    .toSorted((a, b) => (a < b ? -1 : 1))[0];
  return every(`lot >= ${from}`, counted(new Map(grown)), earlier.size === 0 ? undefined : `not (${counted(earlier)})`);
}

/** What had counted at a watermark; of an instant that is none, what was stored until then. */
export async function asOf(seen: Seen, moment: Instant | undefined): Promise<Seen> {
  if (moment === undefined) return seen;
  const { server } = seen;
  const [noted] = await server.ask(
    `select writers, lots from ${server.table("watermark")} where moment = ${moment} and is_noted limit 1`,
    readLasts,
  );
  const last = lotOf(at(moment + 1), 0) - 1n;
  const until = [...seen.lasts].map(([writer, each]) => [writer, each < last ? each : last] as const);
  return { ...seen, lasts: noted ?? new Map(until) };
}

export function readLasts(row: Cursor): Lasts {
  const writers = row.list(() => row.count());
  const lots = row.list(() => row.unsigned());
  return new Map(writers.map((writer, index) => [writer, lots[index] ?? 0n]));
}

export const latestIn = (lasts: Lasts): Instant =>
  at([...lasts.values()].reduce((latest, lot) => Math.max(latest, storedAtOf(lot)), 0));

export const isSame = (a: Lasts, b: Lasts): boolean =>
  a.size === b.size && [...a].every(([writer, lot]) => b.get(writer) === lot);
