import type { Meter } from "../meter.ts";
import { delta, existence, heard, swept } from "./row.ts";
import { BYTES } from "./unit.ts";

const SENT = { of: BYTES, type: "image", sources: [heard("image.send")] };

export const GLANCE: readonly Meter[] = [
  existence("image.size", {
    of: BYTES,
    type: "image",
    dimensions: ["visibility"],
    sources: [heard("image.activate, image.update, image.delete"), swept("glance GET /v2/images")],
  }),
  /** The same bytes twice: what the receiver fetched, and what the owner gave. A price names one of them. */
  delta("image.download", SENT),
  delta("image.serve", SENT),
];
