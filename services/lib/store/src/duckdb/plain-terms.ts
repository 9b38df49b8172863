import type { DuckDBConnection } from "@duckdb/node-api";
import type { Watching } from "../sources.ts";
import type { Catalogue } from "./catalogue.ts";
import type { HolderBook } from "./holders.ts";

/** With what plain series are rolled up; see `rollUpPlain`. */
export interface PlainBench {
  readonly connection: DuckDBConnection;
  readonly catalogue: Catalogue;
  readonly watchOf: Watching;
  readonly holders: HolderBook;
  /** The last telling that the roll-ups know. */
  readonly rolledTo: number;
}

/** What a series is of, as the temporary tables code it: a measured value, existence, a counter. */
export const GAUGE = 0;
export const EXISTENCE = 1;
export const COUNTER = 2;
