import type { Coverage } from "./coverage.ts";
import type { Event } from "./event.ts";
import type { Sample } from "./sample.ts";

/** What travels together on the bus and is stored in one transaction. */
export interface Batch {
  readonly samples: readonly Sample[];
  readonly events: readonly Event[];
  readonly coverage: readonly Coverage[];
}
