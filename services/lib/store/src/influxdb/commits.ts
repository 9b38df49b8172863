import { at, type Instant } from "@raingauge/domain";
import { integer, text } from "./csv.ts";
import { lineOf, prefixOf } from "./line.ts";
import type { InfluxdbServer } from "./server.ts";

/**
 * InfluxDB has no transactions; this makes one of an append. Every point says the instant at which it was stored, `begun` is
 * noted before the first of an append and `committed` after its last, and only what was committed is ever seen. An append
 * that was cut off is torn: its instant is never used again and its points are never seen, until the bus brings the batch
 * anew and its points take their place. All this is one point, which overwrites itself.
 *
 * Not covered: a server that carries out a request which we gave up waiting for only after the batch came anew and was
 * committed. The older writing of a reading then hides the newer, and that reading is missing.
 */
export interface Commits {
  readonly begun: Instant;
  readonly committed: Instant;
  readonly torn: ReadonlySet<number>;
}

export async function readCommits(server: InfluxdbServer): Promise<Commits> {
  const [row] = await server.ask(`select "begun", "committed", "torn" from "commits"`);
  if (row === undefined) return { begun: at(0), committed: at(0), torn: new Set() };
  return {
    begun: at(integer(row, "begun")),
    committed: at(integer(row, "committed")),
    torn: new Set<number>(JSON.parse(text(row, "torn"))),
  };
}

/** Whoever finds an append begun and not committed knows that it is torn: one process writes, one append at a time. */
export const begin = ({ begun, committed, torn }: Commits, now: Instant): Commits => ({
  begun: at(Math.max(now, begun + 1)),
  committed,
  torn: begun === committed ? torn : new Set([...torn, begun]),
});

export const commit = ({ begun, torn }: Commits): Commits => ({ begun, committed: begun, torn });

export const commitsLine = ({ begun, committed, torn }: Commits): string =>
  lineOf(prefixOf("commits", {}), { begun, committed, torn: JSON.stringify([...torn]) }, 0n);

/** Whether what was stored at an instant counts, as of a watermark. */
export const counts = ({ committed, torn }: Commits, storedAt: number, asOf: Instant = committed): boolean =>
  storedAt <= Math.min(committed, asOf) && !torn.has(storedAt);
