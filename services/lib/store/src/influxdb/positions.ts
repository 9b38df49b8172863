import type { Instant } from "@raingauge/domain";
import type { Arrival } from "../store.ts";
import { counts } from "./commits.ts";
import { integer, whole } from "./csv.ts";
import { lineOf, oneOf, prefixOf } from "./line.ts";
import type { Seen } from "./seen.ts";

type Position = Arrival["position"];

/** The arrivals whose position was never committed, each once. */
export async function newPositions(seen: Seen, arrivals: readonly Arrival[]): Promise<Arrival[]> {
  const known = new Set<string>();
  for (const [stream, mine] of Map.groupBy(arrivals, ({ position }) => position.stream)) {
    for (const sequence of await committed(
      seen,
      stream,
      mine.map(({ position }) => position.sequence),
    )) {
      known.add(keyOf({ stream, sequence }));
    }
  }
  return arrivals.filter(({ position }) => {
    const isNew = !known.has(keyOf(position));
    known.add(keyOf(position));
    return isNew;
  });
}

async function committed({ server, commits }: Seen, stream: string, sequences: readonly bigint[]): Promise<bigint[]> {
  const ordered = sequences.toSorted((a, b) => (a < b ? -1 : 1));
  const [first = 0n, last = first] = [ordered.at(0), ordered.at(-1)];
  const rows = await server.ask(
    `select "stored" from "position" where time >= ${first} and time <= ${last} and ${oneOf("stream", [stream])}`,
  );
  return rows.filter((row) => counts(commits, integer(row, "stored"))).map((row) => whole(row, "time"));
}

export const keyOf = ({ stream, sequence }: Position): string => `${stream}\n${sequence}`;

/** The sequence stands where the time would. */
export const positionLine = ({ stream, sequence }: Position, storedAt: Instant): string =>
  lineOf(prefixOf("position", { stream }), { stored: storedAt }, sequence);
