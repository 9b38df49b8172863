import { uncompress } from "snappyjs";
import { exactFloat, type Point } from "./points.ts";
import { bitsIn, doubleOf, type Message, messageIn, messagesIn, ProtobufMalformed, textIn } from "./protobuf.ts";

/** A body may unfold to so much. */
const UNPACKED_BYTES_MAX = 32 * 1024 * 1024;

/**
 * Prometheus' remote write, version 1: a snappy block that holds a `WriteRequest`. What is not a number, a staleness mark for
 * one, says that there is no reading, and is left out. Throws ProtobufMalformed. Pure.
 */
export const pointsOfRemoteWrite = (body: Uint8Array): Point[] =>
  messagesIn(messageIn(unpacked(body)), 1).flatMap(pointsOf);

function unpacked(body: Uint8Array): Uint8Array {
  try {
    return uncompress(new Uint8Array(body), UNPACKED_BYTES_MAX);
  } catch (error) {
    throw new ProtobufMalformed(error instanceof Error ? error.message : String(error));
  }
}

function pointsOf(series: Message): Point[] {
  const named = Object.fromEntries(messagesIn(series, 1).map((label) => [textIn(label, 1), textIn(label, 2)]));
  const { __name__: metric = "", ...labels } = named;
  return messagesIn(series, 2).flatMap((sample) => {
    const value = exactFloat(doubleOf(bitsIn(sample, 1) ?? 0n));
    const at = Number(BigInt.asIntN(64, bitsIn(sample, 2) ?? 0n));
    return value === undefined ? [] : [{ metric, labels, at, value }];
  });
}
