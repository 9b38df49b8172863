/** What an agent needs that only sends: nothing here reads, and so nothing here loads what checks. */
export { WireError, type WireProblem } from "./error.ts";
export { type Packet, packets } from "./packet.ts";
export { type Reading, sampleOf } from "./sample.ts";
