import protobuf from "protobufjs/minimal.js";

/** A message's fields by their numbers, each as often as it came: numbers by their 64 bits, the rest as bytes. */
export type Message = ReadonlyMap<number, readonly (bigint | Uint8Array)[]>;

/** Bytes that are not the message that they should be. */
export class ProtobufMalformed extends Error {
  override readonly name = "ProtobufMalformed";
}

/** Reads one message; what is inside it is read when it is asked for. Throws ProtobufMalformed. */
export function messageIn(bytes: Uint8Array): Message {
  const fields = new Map<number, (bigint | Uint8Array)[]>();
  const reader = protobuf.Reader.create(bytes);
  try {
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      const values = fields.get(tag >>> 3) ?? [];
      values.push(fieldOf(reader, tag & 7));
      fields.set(tag >>> 3, values);
    }
  } catch (error) {
    // The library throws RangeError behind the end, and Error for a wire type that there is none of.
    throw new ProtobufMalformed(error instanceof Error ? error.message : String(error));
  }
  return fields;
}

function fieldOf(reader: protobuf.Reader, wireType: number): bigint | Uint8Array {
  switch (wireType) {
    case 0:
      return BigInt(String(reader.uint64()));
    case 1:
      return BigInt(String(reader.fixed64()));
    case 2:
      return reader.bytes();
    case 5:
      return BigInt(reader.fixed32());
    default:
      throw new ProtobufMalformed(`there is no wire type ${wireType}`);
  }
}

const bytesIn = (message: Message, field: number): Uint8Array[] =>
  (message.get(field) ?? []).filter((value) => typeof value !== "bigint");

export const messagesIn = (message: Message, field: number): Message[] => bytesIn(message, field).map(messageIn);

/** Empty where it is not there, as protobuf has it. */
export const textIn = (message: Message, field: number): string =>
  new TextDecoder().decode(bytesIn(message, field).at(-1) ?? new Uint8Array());

/** The 64 bits; undefined where it is not there. */
export function bitsIn(message: Message, field: number): bigint | undefined {
  const value = message.get(field)?.at(-1);
  return typeof value === "bigint" ? value : undefined;
}

export function doubleOf(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}
