import { at, type Instant } from "@raingauge/domain";
import { type Known, known } from "./known.ts";
import { claimWriter, type Lot, lotOf } from "./lot.ts";
import { type Lasts, latestIn, type Seen } from "./seen.ts";

/** What one writer writes with, from its first lot to its first failure. */
export interface Pen {
  readonly writer: number;
  readonly known: Known;
  /** The last instant it stored at. */
  storedAt: Instant;
  /** What the others had written when it looked last. */
  others: Lasts;
}

export const takePen = async ({ server, lasts }: Seen): Promise<Pen> => ({
  writer: await claimWriter(server),
  known: known(),
  storedAt: at(0),
  others: lasts,
});

/** The number of the next lot: later than all that counted. */
export function nextLot(pen: Pen, seen: Seen, now: Instant): Lot {
  pen.storedAt = at(Math.max(now, pen.storedAt + 1, latestIn(seen.lasts) + 1));
  return lotOf(pen.storedAt, pen.writer);
}

/** What others stored since may be later than the last instant that is remembered of a series. */
export function heedOthers(pen: Pen, { lasts }: Seen): void {
  const others = new Map([...lasts].filter(([writer]) => writer !== pen.writer));
  const isNews = [...others].some(([writer, lot]) => pen.others.get(writer) !== lot);
  if (isNews) pen.known.doubtInstants();
  pen.others = others;
}
