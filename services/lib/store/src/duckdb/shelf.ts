import type { Series } from "./catalogue.ts";

/** A resource's series, by the number of the meter. */
export type Shelf = Map<number, Lives>;

/** One meter's series: nearly always one; of a counter one for each of its lives. */
interface Lives {
  last: Series;
  all: Map<string, Series> | undefined;
}

export function seriesIn(shelf: Shelf, meter: number, life: string): Series | undefined {
  const lives = shelf.get(meter);
  if (lives === undefined) return undefined;
  if (lives.last.life === life) return lives.last;
  const found = lives.all?.get(life);
  if (found !== undefined) lives.last = found;
  return found;
}

/** All of one meter's. */
export function livesOn(shelf: Shelf, meter: number): readonly Series[] {
  const lives = shelf.get(meter);
  if (lives === undefined) return [];
  return lives.all === undefined ? [lives.last] : [...lives.all.values()];
}

export function putOn(shelf: Shelf, meter: number, series: Series): void {
  const lives = shelf.get(meter);
  if (lives === undefined) shelf.set(meter, { last: series, all: undefined });
  else {
    lives.all ??= new Map([[lives.last.life, lives.last]]);
    lives.all.set(series.life, series);
    lives.last = series;
  }
}
