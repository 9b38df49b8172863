import { crc32 } from "node:zlib";
import type { Message } from "../bus.ts";

/** Length and checksum of what follows, four bytes each; then the length of the address, the address, the body. */
const HEADER_BYTES = 8;
const ADDRESS_LENGTH_BYTES = 4;

/** No message of ours is near it: a length above is not a length, but bytes that were never written whole. */
const RECORD_BYTES_MAX = 64 * 1024 * 1024;

/** One message as it stands in a file, at its original bytes. */
export function encodeRecord({ body, ...address }: Message): Buffer {
  const head = Buffer.from(JSON.stringify(address));
  const record = Buffer.alloc(HEADER_BYTES + ADDRESS_LENGTH_BYTES + head.length + body.length);
  record.writeUInt32BE(record.length - HEADER_BYTES, 0);
  record.writeUInt32BE(head.length, HEADER_BYTES);
  head.copy(record, HEADER_BYTES + ADDRESS_LENGTH_BYTES);
  record.set(body, HEADER_BYTES + ADDRESS_LENGTH_BYTES + head.length);
  record.writeUInt32BE(crc32(record.subarray(HEADER_BYTES)), 4);
  return record;
}

export interface Records {
  readonly messages: readonly Message[];
  /** How many bytes the messages take; what stands behind them is no record. */
  readonly bytes: number;
  /** What stands behind them: nothing, a record that was cut short, or one whose checksum is wrong. */
  readonly tail: "clean" | "cut short" | "damaged";
}

/** The records at the beginning of `bytes`, up to the first one that is not whole. */
export function decodeRecords(bytes: Buffer): Records {
  const messages: Message[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const record = recordAt(bytes, offset);
    if (typeof record === "string") return { messages, bytes: offset, tail: record };
    messages.push(messageOf(record));
    offset += HEADER_BYTES + record.length;
  }
  return { messages, bytes: offset, tail: "clean" };
}

function recordAt(bytes: Buffer, offset: number): Buffer | "cut short" | "damaged" {
  if (bytes.length - offset < HEADER_BYTES) return "cut short";
  const length = bytes.readUInt32BE(offset);
  if (length < ADDRESS_LENGTH_BYTES || length > RECORD_BYTES_MAX) return "damaged";
  const record = bytes.subarray(offset + HEADER_BYTES, offset + HEADER_BYTES + length);
  if (record.length < length) return "cut short";
  return crc32(record) === bytes.readUInt32BE(offset + 4) ? record : "damaged";
}

function messageOf(record: Buffer): Message {
  const bodyAt = ADDRESS_LENGTH_BYTES + record.readUInt32BE(0);
  const address = addressOf(record.toString("utf8", ADDRESS_LENGTH_BYTES, bodyAt));
  return { ...address, body: new Uint8Array(record.subarray(bodyAt)) };
}

/** The one cast: the checksum says that these are the bytes which `encodeRecord` wrote. */
const addressOf = (json: string): Omit<Message, "body"> => JSON.parse(json) as Omit<Message, "body">;
