import { parentPort } from "node:worker_threads";
import { answered, type Query } from "./query.ts";
import { QueryError } from "./query-error.ts";
import type { SourceSeries } from "./source.ts";
import type { Outcome } from "./workers.ts";

/** One query after another, beside the thread that serves requests. */
parentPort?.on(
  "message",
  ({ query, samples }: { query: Query; samples: ReadonlyMap<number, readonly SourceSeries[]> }) => {
    parentPort?.postMessage(outcomeOf(query, samples));
  },
);

function outcomeOf(query: Query, samples: ReadonlyMap<number, readonly SourceSeries[]>): Outcome {
  try {
    return { data: answered(query, samples) };
  } catch (error) {
    if (error instanceof QueryError) return { type: error.type, says: error.message };
    return { type: "execution", says: "a defect of this program", defect: String(error) };
  }
}
