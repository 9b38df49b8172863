import { at } from "./instant.ts";
import type { Incarnation, Sample } from "./sample.ts";

/** Who is read, by whom, with what claim. */
export type Subject = Pick<Sample, "region" | "project" | "resource" | "source" | "origin" | "stance" | "dimensions">;

/** The message behind a reading. */
export type Telling = Pick<Sample, "message" | "sequence" | "transition">;

/**
 * Samples in columns: whatever repeats stands in a dictionary once, and a row names it by its number. A million samples a
 * second cannot each become an object on their way to the disk; `samplesIn` makes them for whoever wants to look at them.
 */
export interface SampleColumns {
  readonly count: number;
  readonly subjects: readonly Subject[];
  readonly meters: readonly string[];
  readonly incarnations: readonly Incarnation[];
  readonly tellings: readonly Telling[];
  readonly subject: Int32Array;
  readonly meter: Int32Array;
  readonly at: Float64Array;
  readonly value: BigInt64Array;
  /** -1 for a reading that belongs to no life of a counter. */
  readonly incarnation: Int32Array;
  readonly telling: Int32Array;
  /** The identities, `IDENTITY_BYTES` each. */
  readonly ids: Uint8Array;
}

export const IDENTITY_BYTES = 16;

export const samplesIn = (columns: SampleColumns): Sample[] =>
  Array.from({ length: columns.count }, (_, row) => sampleIn(columns, row));

export function sampleIn(columns: SampleColumns, row: number): Sample {
  const subject = entry(columns.subjects, columns.subject[row]);
  const telling = entry(columns.tellings, columns.telling[row]);
  const incarnation = columns.incarnations[columns.incarnation[row] ?? -1];
  const sample = {
    id: identityIn(columns, row),
    region: subject.region,
    project: subject.project,
    meter: entry(columns.meters, columns.meter[row]),
    resource: subject.resource,
    at: at(columns.at[row] ?? Number.NaN),
    value: columns.value[row] ?? 0n,
    origin: subject.origin,
    source: subject.source,
    stance: subject.stance,
    dimensions: subject.dimensions,
    sequence: telling.sequence,
    message: telling.message,
  };
  if (telling.transition === undefined && incarnation === undefined) return sample;
  return {
    ...sample,
    ...(telling.transition === undefined ? {} : { transition: telling.transition }),
    ...(incarnation === undefined ? {} : { incarnation }),
  };
}

export function identityIn({ ids }: SampleColumns, row: number): string {
  let digits = "";
  for (let byte = row * IDENTITY_BYTES; byte < (row + 1) * IDENTITY_BYTES; byte += 1) digits += HEX[ids[byte] ?? 0];
  return digits;
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

const BYTES: ReadonlyMap<string, number> = new Map(HEX.map((digits, byte) => [digits, byte]));

/** The same samples in columns. Dictionaries are shared by whoever shares the object or the text. */
export function columnsOf(samples: readonly Sample[]): SampleColumns {
  const count = samples.length;
  const subjects = dictionary<Subject>();
  const meters = dictionary<string>();
  const incarnations = dictionary<Incarnation>();
  const tellings = dictionary<Telling>();
  const ids = new Uint8Array(count * IDENTITY_BYTES);
  for (const [row, { id }] of samples.entries()) {
    for (let byte = 0; byte < IDENTITY_BYTES; byte += 1)
      ids[row * IDENTITY_BYTES + byte] = BYTES.get(id.slice(2 * byte, 2 * byte + 2)) ?? 0;
  }
  return {
    count,
    subject: Int32Array.from(samples, (sample) => subjects.number(sample, subjectKey(sample))),
    meter: Int32Array.from(samples, ({ meter }) => meters.number(meter, meter)),
    at: Float64Array.from(samples, (sample) => sample.at),
    value: BigInt64Array.from(samples, ({ value }) => value),
    incarnation: Int32Array.from(samples, ({ incarnation }) =>
      incarnation === undefined ? -1 : incarnations.number(incarnation, JSON.stringify(incarnation)),
    ),
    telling: Int32Array.from(samples, (sample) =>
      tellings.number(sample, JSON.stringify([sample.message, sample.sequence, sample.transition])),
    ),
    ids,
    subjects: subjects.entries,
    meters: meters.entries,
    incarnations: incarnations.entries,
    tellings: tellings.entries,
  };
}

const subjectKey = ({ region, project, resource, source, origin, stance, dimensions }: Subject): string =>
  JSON.stringify([region, project, resource, source, origin, stance, Object.entries(dimensions)]);

interface Dictionary<Entry> {
  readonly entries: readonly Entry[];
  number(entry: Entry, key: string): number;
}

function dictionary<Entry>(): Dictionary<Entry> {
  const entries: Entry[] = [];
  const known = new Map<string, number>();
  return {
    entries,
    number(entry, key) {
      const before = known.get(key);
      if (before !== undefined) return before;
      known.set(key, entries.length);
      return entries.push(entry) - 1;
    },
  };
}

function entry<Entry>(entries: readonly Entry[], number: number | undefined): Entry {
  const found = entries[number ?? -1];
  if (found === undefined) throw new RangeError(`there is nothing of the number ${number}`);
  return found;
}
