import { crc32 } from "node:zlib";
import { Deflate } from "fflate";

/** A file within an archive, packed as it is written. */
export interface Packed {
  readonly name: string;
  readonly bytes: readonly Uint8Array[];
  readonly packedSize: number;
  readonly size: number;
  readonly crc: number;
}

/** Packs a text piece by piece. Packed in JavaScript, because the system's own zlib packs differently on another processor. */
export function packing(name: string): { add(text: string): void; end(): Packed } {
  const bytes: Uint8Array[] = [];
  const deflate = new Deflate({ level: 6 }, (piece) => void bytes.push(piece));
  let [size, crc] = [0, 0];
  let waiting = Buffer.alloc(0);
  /** In blocks of one size, so that the bytes do not depend on how much was added at a time. */
  const push = (isLast: boolean): void => {
    let from = 0;
    for (; waiting.length - from >= BLOCK_BYTES; from += BLOCK_BYTES)
      deflate.push(waiting.subarray(from, from + BLOCK_BYTES));
    waiting = waiting.subarray(from);
    if (isLast) deflate.push(waiting, true);
  };
  return {
    add(text) {
      const piece = Buffer.from(text, "utf8");
      size += piece.length;
      crc = crc32(piece, crc);
      waiting = Buffer.concat([waiting, piece]);
      push(false);
    },
    end() {
      push(true);
      return { name, bytes, packedSize: bytes.reduce((total, piece) => total + piece.length, 0), size, crc };
    },
  };
}

const BLOCK_BYTES = 65_536;

/** A ZIP archive. Every file in it bears the same moment, so that the same content gives the same bytes whenever it is written. */
export function zipped(files: readonly Packed[]): Buffer {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const file of files) {
    const name = Buffer.from(file.name, "utf8");
    const both = shared(file, name.length);
    const head = Buffer.concat([words([[LOCAL, 4]]), both, name]);
    directory.push(
      words([
        [CENTRAL, 4],
        [VERSION, 2],
      ]),
      both,
      words([
        [0, 2],
        [0, 2],
        [0, 2],
        [0, 4],
        [at, 4],
      ]),
      name,
    );
    parts.push(head, ...file.bytes);
    at += head.length + file.packedSize;
  }
  const length = directory.reduce((total, piece) => total + piece.length, 0);
  const end = words([
    [END, 4],
    [0, 4],
    [files.length, 2],
    [files.length, 2],
    [length, 4],
    [at, 4],
    [0, 2],
  ]);
  return Buffer.concat([...parts, ...directory, end]);
}

/** What is said of a file both before it and in the directory: how it is packed, its moment, its sizes, its name's length. */
const shared = ({ crc, packedSize, size }: Packed, nameLength: number): Buffer =>
  words([
    [VERSION, 2],
    [0, 2],
    [DEFLATED, 2],
    [EPOCH, 4],
    [crc, 4],
    [packedSize, 4],
    [size, 4],
    [nameLength, 2],
    [0, 2],
  ]);

function words(values: readonly (readonly [value: number, bytes: 2 | 4])[]): Buffer {
  const buffer = Buffer.alloc(values.reduce((total, [, bytes]) => total + bytes, 0));
  let at = 0;
  for (const [value, bytes] of values) at = buffer.writeUIntLE(value, at, bytes);
  return buffer;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
const DEFLATED = 8;
/** The first moment that an archive can name: midnight of the first of January 1980. */
const EPOCH = 0x00_21_00_00;
