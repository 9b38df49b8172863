import { type Instant, type Sample, toldEarlier } from "@raingauge/domain";
import { counts } from "./commits.ts";
import { integer, type Row, text, whole } from "./csv.ts";
import { oneOf, prefixOf, untagged } from "./line.ts";
import { type Measurement, question, TAGS } from "./schema.ts";
import type { Seen } from "./seen.ts";
import { type Slots, slots } from "./slots.ts";
import { spansOf } from "./spans.ts";

/** The points that stand where others want to be written. */
export interface Standing {
  readonly rows: readonly Row[];
  readonly slots: Slots;
}

/** The committed points at some instants. What is torn stands in nobody's way. */
export async function standing(
  { server, commits }: Seen,
  measurement: Measurement,
  wanted: readonly Wanted[],
  fields: readonly string[] = ["stored"],
): Promise<Standing> {
  const where = narrowing(wanted);
  const taken = slots();
  const spans = spansOf(wanted.map(({ at }) => at));
  const asked = spans.map(({ start, end }) =>
    server.ask(question(measurement, { from: start, to: end, where }, fields)),
  );
  const rows = (await Promise.all(asked)).flat();
  const committed = rows.filter((row) => counts(commits, integer(row, "stored")));
  for (const row of committed) taken.occupy(seriesOf(measurement, row), whole(row, "time"));
  return { rows: committed, slots: taken };
}

interface Wanted {
  readonly at: Instant;
  readonly resource?: string | undefined;
}

/** Past so many names the question costs more than the rows that it saves. */
const NAMES_MAX = 100;

function narrowing(wanted: readonly Wanted[]): string[] {
  const resources = new Set(wanted.flatMap(({ resource }) => (resource === undefined ? [] : [resource])));
  return resources.size === 0 || resources.size > NAMES_MAX ? [] : [oneOf("resource", resources)];
}

export const seriesOf = (measurement: Measurement, row: Row): string =>
  prefixOf(measurement, Object.fromEntries(TAGS[measurement].map((tag) => [tag, untagged(text(row, tag))])));

/** A reading to be stored. */
export interface NewReading {
  readonly sample: Sample;
  /** It was stored before; this delivery tells it earlier, and so it is the one that counts from now on. */
  readonly again: boolean;
}

/** The readings to store: those never committed, and of the others those told earlier than before. */
export function newReadings(samples: readonly Sample[], rows: readonly Row[]): NewReading[] {
  const known = earliest(rows.map(tellingOf));
  return [...earliest(samples).values()].flatMap((sample): NewReading[] => {
    const before = known.get(sample.id);
    if (before === undefined) return [{ sample, again: false }];
    return toldEarlier(sample, before) ? [{ sample, again: true }] : [];
  });
}

type Telling = Pick<Sample, "id" | "sequence" | "message">;

const tellingOf = (row: Row): Telling => ({
  id: text(row, "id"),
  sequence: integer(row, "sequence"),
  message: text(row, "message"),
});

function earliest<T extends Telling>(tellings: readonly T[]): Map<string, T> {
  const byId = new Map<string, T>();
  for (const telling of tellings) {
    const known = byId.get(telling.id);
    if (known === undefined || toldEarlier(telling, known)) byId.set(telling.id, telling);
  }
  return byId;
}
