export { BATCH_BYTES_MAX, decodeBatch, encodeBatch } from "./batch.ts";
export { WireError, type WireProblem } from "./error.ts";
export { type Packet, packets } from "./packet.ts";
export { deltaOf, type Reading, sampleOf } from "./sample.ts";
