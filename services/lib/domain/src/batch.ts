import type { SampleColumns } from "./columns.ts";
import type { Coverage } from "./coverage.ts";
import type { Event } from "./event.ts";
import type { Sample } from "./sample.ts";

/** What travels together on the bus and is stored in one transaction. */
export interface Batch {
  readonly samples: readonly Sample[];
  readonly events: readonly Event[];
  readonly coverage: readonly Coverage[];
  /** The same samples in columns, where they came so: who can take columns need not ask for `samples`, which costs more. */
  readonly columns?: SampleColumns;
}

/** Samples and events; coverage is not counted. */
export const rowsIn = (batch: Batch): number => (batch.columns?.count ?? batch.samples.length) + batch.events.length;
