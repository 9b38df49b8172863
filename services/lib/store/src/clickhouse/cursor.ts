import { at, type Instant } from "@raingauge/domain";
import { KEY_BYTES, type Key } from "./key.ts";

/** Reads an answer in ClickHouse's row-binary format, cell by cell. The SELECT beside each use says what comes next. */
export class Cursor {
  readonly #bytes: Buffer;
  #here = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#here >= this.#bytes.length;
  }

  key(): Key {
    const start = this.#skip(KEY_BYTES);
    return this.#bytes.toString("latin1", start, start + KEY_BYTES);
  }

  /** A UInt8. */
  small(): number {
    return this.#bytes[this.#skip(1)] ?? 0;
  }

  /** A UInt32. */
  count(): number {
    return this.#bytes.readUInt32LE(this.#skip(4));
  }

  /** An Int64 that a float holds exactly. */
  integer(): number {
    const start = this.#skip(8);
    return this.#bytes.readUInt32LE(start) + this.#bytes.readInt32LE(start + 4) * 2 ** 32;
  }

  moment(): Instant {
    return at(this.integer());
  }

  /** An Int64. */
  whole(): bigint {
    return this.#bytes.readBigInt64LE(this.#skip(8));
  }

  /** A UInt64. */
  unsigned(): bigint {
    return this.#bytes.readBigUInt64LE(this.#skip(8));
  }

  /** An Int128. */
  wide(): bigint {
    const start = this.#skip(16);
    return this.#bytes.readBigUInt64LE(start) + (this.#bytes.readBigInt64LE(start + 8) << 64n);
  }

  text(): string {
    const length = this.#length();
    const start = this.#skip(length);
    return this.#bytes.toString("utf8", start, start + length);
  }

  /** An array of Float64, copied out of the answer. */
  floats(): Float64Array<ArrayBuffer> {
    const length = this.#length();
    const floats = new Float64Array(length);
    const start = this.#skip(8 * length);
    this.#bytes.copy(new Uint8Array(floats.buffer), 0, start, start + 8 * length);
    return floats;
  }

  list<T>(read: () => T): T[] {
    return Array.from({ length: this.#length() }, read);
  }

  #length(): number {
    let length = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.small();
      length += (byte % 0x80) * scale;
      if (byte < 0x80) return length;
    }
  }

  #skip(bytes: number): number {
    const start = this.#here;
    this.#here += bytes;
    if (this.#here > this.#bytes.length) throw new RangeError("ClickHouse's answer ends in the middle of a row");
    return start;
  }
}
