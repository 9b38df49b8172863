import { at, type Instant } from "@raingauge/domain";

/** The last roll-up, as the books name it. */
export interface RolledUp {
  /** A UTC hour: what came in the order of things since is later. */
  readonly horizon: Instant;
  /** When it was stored. */
  readonly since: Instant;
  /** When the first was of those that it goes on with. */
  readonly first: Instant;
  /** Which of two places holds its decisive readings: those of the one before it may still be read. */
  readonly side: 0 | 1;
}

export const writtenRolledUp = (rolled: RolledUp | undefined): string =>
  rolled === undefined ? "" : JSON.stringify([rolled.horizon, rolled.since, rolled.first, rolled.side]);

/** Empty in the books of a bucket in which nothing was rolled up. */
export function readRolledUp(written: string): RolledUp | undefined {
  if (written === "") return undefined;
  const [horizon, since, first, side] = JSON.parse(written);
  return { horizon: at(horizon), since: at(since), first: at(first), side };
}
