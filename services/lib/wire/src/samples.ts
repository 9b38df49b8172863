import {
  type Dimensions,
  IDENTITY_BYTES,
  type Incarnation,
  type SampleColumns,
  type Subject,
  type Telling,
} from "@raingauge/domain";
import type { SampleTables } from "./document.ts";
import { WireError } from "./error.ts";
import { checkInstant, checkName, checkValue } from "./limits.ts";
import type { Shape, Shapes } from "./shapes.ts";
import { CELLS_PER_SAMPLE, NOTHING } from "./tables.ts";

/**
 * The samples that the tables say, in columns; those that they share with others are of `shapes`. Throws WireError, naming the place,
 * for whatever does not fit.
 */
export function sampleColumns(tables: SampleTables, shapes?: Shapes): SampleColumns {
  const { samples: cells } = tables;
  const count = cells.length / CELLS_PER_SAMPLE;
  const ids = Buffer.from(tables.ids, "base64");
  if (ids.length !== count * IDENTITY_BYTES)
    throw new WireError("malformed", "not one identity and six cells for each sample", "ids");
  const make = (): Shape => shapeOf(tables, count);
  const { subjects, meters, incarnations, subject, meter, incarnation } = shapes?.of(tables, make) ?? make();
  const shape = { subjects, meters, incarnations, subject, meter, incarnation };
  const columns = { count, ...shape, tellings: tellingsOf(tables), ...room(count), ids };
  const write = quantities(columns.value);
  let [offset, at]: [unknown, number] = [undefined, Number.NaN];
  for (let row = 0, cell = 0; row < count; row += 1, cell += CELLS_PER_SAMPLE) {
    // Nearly all of a message is read at one instant.
    if (cells[cell + 2] !== offset) {
      offset = cells[cell + 2];
      at = moment(tables.at, offset, row);
    }
    columns.at[row] = at;
    write(row, cells[cell + 3]);
    columns.telling[row] = number(cells[cell + 5], columns.tellings.length, row);
  }
  return columns;
}

/** The columns share one piece of memory: most messages are small, and a piece for each would cost more than what is in them. */
function room(count: number) {
  const memory = new ArrayBuffer(count * (2 * 8 + 4));
  return {
    at: new Float64Array(memory, 0, count),
    value: new BigInt64Array(memory, count * 8, count),
    telling: new Int32Array(memory, count * 2 * 8, count),
  };
}

function shapeOf(tables: SampleTables, count: number): Shape {
  const { words, samples: cells } = tables;
  const memory = new ArrayBuffer(count * 3 * 4);
  const column = (index: number) => new Int32Array(memory, index * count * 4, count);
  const shape = {
    ...{ count, subjects: subjectsOf(tables), meters: words, incarnations: incarnationsOf(tables) },
    ...{ subject: column(0), meter: column(1), incarnation: column(2) },
  };
  for (let row = 0, cell = 0; row < count; row += 1, cell += CELLS_PER_SAMPLE) {
    shape.subject[row] = number(cells[cell], shape.subjects.length, row);
    shape.meter[row] = number(cells[cell + 1], words.length, row);
    const life = cells[cell + 4];
    shape.incarnation[row] = life === NOTHING ? NOTHING : number(life, shape.incarnations.length, row);
  }
  return shape;
}

function subjectsOf(tables: SampleTables): Subject[] {
  const dimensions = dimensionsOf(tables);
  return tables.subjects.map(
    ([region, project, resource, source, origin, stance, all], index): Subject => ({
      region: name(tables, region, index),
      project: name(tables, project, index),
      resource: name(tables, resource, index),
      source: entry(tables.words, source, "subjects", index),
      origin,
      stance,
      dimensions: entry(dimensions, all, "subjects", index),
    }),
  );
}

function dimensionsOf({ dimensions, words }: SampleTables): Dimensions[] {
  return dimensions.map((cells, index) => {
    const pairs: [string, string][] = [];
    for (let place = 0; place < cells.length; place += 2) {
      const [key = -1, value = -1] = [cells[place], cells[place + 1]];
      pairs.push([entry(words, key, "dimensions", index), entry(words, value, "dimensions", index)]);
    }
    return Object.fromEntries(pairs);
  });
}

function incarnationsOf({ incarnations, words }: SampleTables): Incarnation[] {
  return incarnations.map(([host, device, startedAt, witnessed], index): Incarnation => {
    checkInstant(startedAt, () => `incarnations.${index}`);
    const where = "incarnations";
    return { host: entry(words, host, where, index), device: entry(words, device, where, index), startedAt, witnessed };
  });
}

function tellingsOf({ tellings, words }: SampleTables): Telling[] {
  return tellings.map(([message, sequence, transition], index): Telling => {
    const told = { message: entry(words, message, "tellings", index), sequence };
    return transition === NOTHING ? told : { ...told, transition: entry(words, transition, "tellings", index) };
  });
}

function name({ words }: SampleTables, word: number, subject: number): string {
  const text = entry(words, word, "subjects", subject);
  checkName(text, () => `subjects.${subject}`);
  return text;
}

function entry<Entry>(entries: readonly Entry[], number: number, table: string, row: number): Entry {
  const found = entries[number];
  if (found === undefined)
    throw new WireError("malformed", `there is nothing of the number ${number}`, `${table}.${row}`);
  return found;
}

/** A row is named only where it is wrong: there are too many of them. */
const placeOf = (row: number): string => `samples.${row}`;

function number(cell: unknown, size: number, row: number): number {
  if (typeof cell === "number" && Number.isInteger(cell) && cell >= 0 && cell < size) return cell;
  throw new WireError("malformed", `there is nothing of the number ${String(cell)}`, placeOf(row));
}

function moment(base: number, offset: unknown, row: number): number {
  const sum = typeof offset === "number" ? base + offset : Number.NaN;
  checkInstant(sum, () => placeOf(row));
  return sum;
}

const HALF = 2 ** 32;

/** Writes 64-bit values as two halves: what JSON's readers give as a number need not become a bigint on the way. */
function quantities(values: BigInt64Array): (row: number, cell: unknown) => void {
  const halves = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  const low = isLittleEndian(halves, values) ? 0 : 1;
  return (row, cell) => {
    if (typeof cell === "number" && Number.isSafeInteger(cell) && cell >= 0) {
      halves[2 * row + low] = cell; // Of which the array keeps what is left of a division by HALF.
      halves[2 * row + 1 - low] = cell / HALF;
    } else values[row] = large(cell, row);
  };
}

function isLittleEndian(halves: Uint32Array, values: BigInt64Array): boolean {
  if (values.length === 0) return true;
  values[0] = 1n;
  return halves[0] === 1;
}

function large(cell: unknown, row: number): bigint {
  if (typeof cell !== "string" || !/^\d{16,19}$/.test(cell))
    throw new WireError("value_out_of_range", `not a whole number from 0 to 2^63-1: ${String(cell)}`, placeOf(row));
  const value = BigInt(cell);
  checkValue(value, placeOf(row));
  return value;
}
