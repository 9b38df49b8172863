import { at, type Instant } from "@raingauge/domain";
import type { Frozen } from "../store.ts";
import { integer, type Row, text } from "./csv.ts";
import { lineOf, prefixOf } from "./line.ts";
import { type RolledUp, readRolledUp, writtenRolledUp } from "./rolled-up/book.ts";
import type { InfluxdbServer } from "./server.ts";
import { readWriter, type Writer, writtenWriter } from "./writer.ts";

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
  /** Who appended last, and when by his clock. */
  readonly writer: Writer | undefined;
  readonly frozen: Frozen | undefined;
  readonly rolled: RolledUp | undefined;
}

export async function readCommits(server: InfluxdbServer): Promise<Commits> {
  const [row] = await server.ask(
    `select "begun", "committed", "torn", "writer", "horizon", "since", "rolled" from "commits"`,
  );
  if (row === undefined) return EMPTY;
  return {
    begun: at(integer(row, "begun")),
    committed: at(integer(row, "committed")),
    torn: new Set<number>(JSON.parse(text(row, "torn"))),
    writer: readWriter(row["writer"] ?? ""),
    frozen: frozenOf(row),
    rolled: readRolledUp(row["rolled"] ?? ""),
  };
}

const EMPTY: Commits = {
  begun: at(0),
  committed: at(0),
  torn: new Set(),
  writer: undefined,
  frozen: undefined,
  rolled: undefined,
};

function frozenOf(row: Row): Frozen | undefined {
  const [horizon, since] = [row["horizon"] ?? "", row["since"] ?? ""];
  return horizon === "" || since === "" || since === "0"
    ? undefined
    : { horizon: at(Number(horizon)), since: at(Number(since)) };
}

/** Whoever finds an append begun and not committed knows that it is torn: one process writes, one append at a time. */
export const begin = (before: Commits, writer: Writer, now: Instant): Commits => ({
  ...before,
  begun: at(Math.max(now, before.begun + 1)),
  torn: before.begun === before.committed ? before.torn : new Set([...before.torn, before.begun]),
  writer,
});

/** What a transaction changes in the books beside its own instant. */
export type Changes = Partial<Pick<Commits, "frozen" | "rolled">>;

export const commit = (begun: Commits, changes: Changes = {}): Commits => ({
  ...begun,
  committed: begun.begun,
  ...changes,
});

export const commitsLine = ({ begun, committed, torn, writer, frozen, rolled }: Commits): string =>
  lineOf(
    prefixOf("commits", {}),
    {
      begun,
      committed,
      torn: JSON.stringify([...torn]),
      writer: writtenWriter(writer),
      horizon: frozen?.horizon ?? 0,
      since: frozen?.since ?? 0,
      rolled: writtenRolledUp(rolled),
    },
    0n,
  );

/** Whether what was stored at an instant counts, as of a watermark. */
export const counts = ({ committed, torn }: Commits, storedAt: number, asOf: Instant = committed): boolean =>
  storedAt <= Math.min(committed, asOf) && !torn.has(storedAt);
