import type { Key } from "./key.ts";

/** A column of a block in ClickHouse's native format: numbers lie in it as they lie in memory. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly parts: readonly Uint8Array[];
}

/** A block: how many columns and rows, then each column with its name and type. */
export function blockOf(rows: number, columns: readonly Column[]): Buffer {
  const head = Buffer.concat([varint(columns.length), varint(rows)]);
  return Buffer.concat([
    head,
    ...columns.flatMap(({ name, type, parts }) => [lengthFirst(name), lengthFirst(type), ...parts]),
  ]);
}

type Numbers = Uint8Array | Uint32Array | Int32Array | BigUint64Array | BigInt64Array;

const TYPES = { 1: "UInt8", 4: "UInt32", 8: "Int64" } as const;

/** The first `rows` of an array of numbers; those of 64 bits are signed, unless another type is named. */
export function numbers(name: string, array: Numbers, rows: number = array.length, type?: string): Column {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, rows * array.BYTES_PER_ELEMENT);
  return { name, type: type ?? TYPES[array.BYTES_PER_ELEMENT as keyof typeof TYPES], parts: [bytes] };
}

export const keys = (name: string, all: readonly Key[]): Column => ({
  name,
  type: "UInt128",
  parts: [Buffer.from(all.join(""), "latin1")],
});

export const texts = (name: string, all: readonly string[]): Column => ({
  name,
  type: "String",
  parts: [Buffer.concat(all.map(lengthFirst))],
});

export const wholes = (name: string, all: readonly (number | bigint)[]): Column =>
  numbers(name, BigInt64Array.from(all, BigInt));

export const unsigned = (name: string, all: readonly bigint[]): Column =>
  numbers(name, BigUint64Array.from(all), all.length, "UInt64");

/** Integers of 128 bits. */
export function wide(name: string, all: readonly bigint[]): Column {
  const halves = new BigUint64Array(2 * all.length);
  for (const [index, value] of all.entries()) {
    halves[2 * index] = BigInt.asUintN(64, value);
    halves[2 * index + 1] = BigInt.asUintN(64, value >> 64n);
  }
  return { name, type: "Int128", parts: [new Uint8Array(halves.buffer)] };
}

/** A column of arrays, out of one that holds their elements one after the other. */
export function arrays({ name, type, parts }: Column, lengths: readonly number[]): Column {
  const ends = new BigUint64Array(lengths.length);
  let end = 0;
  for (const [index, length] of lengths.entries()) {
    end += length;
    ends[index] = BigInt(end);
  }
  return { name, type: `Array(${type})`, parts: [new Uint8Array(ends.buffer), ...parts] };
}

function lengthFirst(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return Buffer.from([...bytes, rest]);
}
