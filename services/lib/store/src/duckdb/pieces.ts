import { HOUR_MS, type Period } from "@raingauge/domain";
import { DAY_MS } from "./days.ts";

/** What of the days or of the hours is part of a part, or is taken off it again. */
export interface Piece {
  /** The part's. */
  readonly number: number;
  readonly from: number;
  readonly to: number;
  readonly isOfDays: boolean;
  readonly isTakenOff: boolean;
}

/** The whole days of a part, and the hours before and after them. */
export function innerPieces({ start, end }: Period, number: number): Piece[] {
  if (start >= end) return [];
  const [first, last] = [Math.ceil(start / DAY_MS) * DAY_MS, Math.floor(end / DAY_MS) * DAY_MS];
  if (first >= last) return hoursBetween(start, end, number);
  return [...hoursBetween(start, first, number), daysBetween(first, last, number), ...hoursBetween(last, end, number)];
}

/**
 * The days of UTC that a part nearly is, with the hours that are missing and without those that are too many: a day of Berlin is
 * two edges of an hour and not 24 hours. Only sums can be taken off, and neither a count of resources nor a last end.
 */
export function nearestPieces({ start, end }: Period, number: number): Piece[] {
  if (start >= end) return [];
  const [first, last] = [Math.round(start / DAY_MS) * DAY_MS, Math.round(end / DAY_MS) * DAY_MS];
  if (first >= last) return hoursBetween(start, end, number);
  return [...hoursBetween(start, first, number), daysBetween(first, last, number), ...hoursBetween(last, end, number)];
}

const daysBetween = (from: number, to: number, number: number): Piece => ({
  ...{ number, from, to },
  isOfDays: true,
  isTakenOff: false,
});

/** Taken off where the second comes first. */
const hoursBetween = (from: number, to: number, number: number): Piece[] =>
  from === to
    ? []
    : [{ number, from: Math.min(from, to), to: Math.max(from, to), isOfDays: false, isTakenOff: to < from }];

/** Of every table one pass over what is between the first and the last piece. */
export const sourcesOf = (pieces: readonly Piece[], only: "quantity" | undefined): string[] =>
  [true, false].flatMap((isOfDays) => {
    const mine = pieces.filter((piece) => piece.isOfDays === isOfDays);
    const table = isOfDays ? DAYS : HOURS;
    if (mine.length === 0) return [];
    return mine.length > RANGES_MAX ? [joined(mine, table, only)] : mine.map((piece) => ranged(piece, table, only));
  });

/** So few ranges are written out, so that DuckDB skips what lies outside them. */
const RANGES_MAX = 4;

interface Table {
  readonly from: string;
  readonly column: string;
  readonly stepMs: number;
  /** The columns that tell what a row is of. */
  readonly about: string;
  readonly ended: string;
}

const DAYS: Table = {
  from: "usage_by_day u",
  column: "u.day",
  stepMs: DAY_MS,
  about: "u.series_id, u.holder_id, u.thing_id, u.topic_id",
  ended: "u.ended",
};

const HOURS: Table = {
  from: "usage_hour u join place pl using (series_id)",
  column: "u.hour",
  stepMs: HOUR_MS,
  about: "u.series_id, u.holder_id, pl.thing_id, pl.topic_id",
  ended: "u.end_at * 2 + u.end_final::integer",
};

const columns = ({ about, ended }: Table, sign: string, only: "quantity" | undefined): string =>
  only === "quantity"
    ? `${about}, ${sign}u.quantity as quantity`
    : `${about}, u.quantity, u.readings, u.observed_ms, u.inferred_ms, u.after_end, u.counter_dropped, ${ended} as ended`;

function ranged({ number, from, to, isTakenOff }: Piece, table: Table, only: "quantity" | undefined): string {
  const told = columns(table, isTakenOff ? "-" : "", only);
  return `select ${told}, ${number} as number from ${table.from} where ${table.column} >= ${from} and ${table.column} < ${to}`;
}

/** Day by day, or hour by hour, so that each row finds its part by looking it up. */
function joined(pieces: readonly Piece[], table: Table, only: "quantity" | undefined): string {
  const { column, stepMs } = table;
  const steps = pieces.flatMap(({ number, from, to, isTakenOff }) =>
    Array.from(
      { length: (to - from) / stepMs },
      (_, index) => `(${from + index * stepMs}::bigint, ${number}, ${isTakenOff ? -1 : 1})`,
    ),
  );
  const [first, last] = [Math.min(...pieces.map(({ from }) => from)), Math.max(...pieces.map(({ to }) => to))];
  return `select ${columns(table, "n.sign * ", only)}, n.number
    from ${table.from} join (values ${steps.join(", ")}) n(step, number, sign) on ${column} = n.step
    where ${column} >= ${first} and ${column} < ${last}`;
}
