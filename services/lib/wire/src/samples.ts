import { at, type Dimensions, type Incarnation, type Sample } from "@raingauge/domain";
import type { SampleTables } from "./document.ts";
import { WireError } from "./error.ts";
import { checkInstant, checkName, checkValue } from "./limits.ts";
import { IDENTITY_BYTES } from "./sample.ts";
import { CELLS_PER_SAMPLE, NOTHING } from "./tables.ts";

/** The samples that the tables say. Throws WireError, naming the place, for whatever does not fit. */
export function samplesOf(tables: SampleTables): Sample[] {
  const { words, samples: cells } = tables;
  const ids = identitiesOf(tables);
  const subjects = subjectsOf(tables);
  const incarnations = incarnationsOf(tables);
  const tellings = tellingsOf(tables);
  return ids.map((id, index): Sample => {
    const cell = index * CELLS_PER_SAMPLE;
    const where = `samples.${index}`;
    const subject = entry(subjects, cells[cell], where);
    const telling = entry(tellings, cells[cell + 5], where);
    const life = cells[cell + 4] === NOTHING ? undefined : entry(incarnations, cells[cell + 4], where);
    const sample = {
      id,
      region: subject.region,
      project: subject.project,
      meter: entry(words, cells[cell + 1], where),
      resource: subject.resource,
      at: moment(tables.at, cells[cell + 2], where),
      value: quantity(cells[cell + 3], where),
      origin: subject.origin,
      source: subject.source,
      stance: subject.stance,
      dimensions: subject.dimensions,
      sequence: telling.sequence,
      message: telling.message,
    };
    if (telling.transition === undefined && life === undefined) return sample;
    return {
      ...sample,
      ...(telling.transition === undefined ? {} : { transition: telling.transition }),
      ...(life === undefined ? {} : { incarnation: life }),
    };
  });
}

function identitiesOf({ ids, samples }: SampleTables): string[] {
  const digits = Buffer.from(ids, "base64").toString("hex");
  const length = 2 * IDENTITY_BYTES;
  const count = samples.length / CELLS_PER_SAMPLE;
  if (digits.length !== count * length)
    throw new WireError("malformed", "not one identity and six cells for each sample", "ids");
  return Array.from({ length: count }, (_, index) => digits.slice(index * length, (index + 1) * length));
}

type Subject = Pick<Sample, "region" | "project" | "resource" | "source" | "origin" | "stance" | "dimensions">;

function subjectsOf(tables: SampleTables): Subject[] {
  const dimensions = dimensionsOf(tables);
  return tables.subjects.map(([region, project, resource, source, origin, stance, all], index): Subject => {
    const where = `subjects.${index}`;
    return {
      region: name(tables, region, where),
      project: name(tables, project, where),
      resource: name(tables, resource, where),
      source: entry(tables.words, source, where),
      origin,
      stance,
      dimensions: entry(dimensions, all, where),
    };
  });
}

function dimensionsOf({ dimensions, words }: SampleTables): Dimensions[] {
  return dimensions.map((pairs, index) => {
    const texts = pairs.map((word) => entry(words, word, `dimensions.${index}`));
    return Object.fromEntries(
      texts.flatMap((text, place) => (place % 2 === 0 ? [[text, entry(texts, place + 1, `dimensions.${index}`)]] : [])),
    );
  });
}

function incarnationsOf({ incarnations, words }: SampleTables): Incarnation[] {
  return incarnations.map(([host, device, startedAt, witnessed], index): Incarnation => {
    const where = `incarnations.${index}`;
    checkInstant(startedAt, where);
    return { host: entry(words, host, where), device: entry(words, device, where), startedAt, witnessed };
  });
}

interface Telling {
  readonly message: string;
  readonly sequence: number;
  readonly transition: string | undefined;
}

function tellingsOf({ tellings, words }: SampleTables): Telling[] {
  return tellings.map(([message, sequence, transition], index): Telling => {
    const where = `tellings.${index}`;
    return {
      message: entry(words, message, where),
      sequence,
      transition: transition === NOTHING ? undefined : entry(words, transition, where),
    };
  });
}

function name({ words }: SampleTables, word: number, where: string): string {
  const text = entry(words, word, where);
  checkName(text, where);
  return text;
}

function entry<Entry>(entries: readonly Entry[], number: unknown, where: string): Entry {
  const found = typeof number === "number" ? entries[number] : undefined;
  if (found === undefined) throw new WireError("malformed", `there is nothing of the number ${String(number)}`, where);
  return found;
}

function moment(base: number, offset: unknown, where: string): Sample["at"] {
  const sum = typeof offset === "number" ? base + offset : Number.NaN;
  checkInstant(sum, where);
  return at(sum);
}

function quantity(cell: unknown, where: string): bigint {
  if (typeof cell === "number" && Number.isSafeInteger(cell) && cell >= 0) return BigInt(cell);
  if (typeof cell !== "string" || !/^\d{16,19}$/.test(cell))
    throw new WireError("value_out_of_range", `not a whole number from 0 to 2^63-1: ${String(cell)}`, where);
  const value = BigInt(cell);
  checkValue(value, where);
  return value;
}
