import type { Dimensions, Incarnation, Origin, Sample } from "@raingauge/domain";
import type { Cursor } from "./cursor.ts";
import type { Key } from "./key.ts";
import type { ClickhouseServer } from "./server.ts";
import { packedKeys } from "./sql.ts";

/** One meter of one resource; of a counter, one incarnation. */
export interface Series {
  readonly key: Key;
  readonly region: string;
  readonly meter: string;
  readonly resource: string;
  /** Sets apart the incarnations of a counter; empty for anything else. */
  readonly life: string;
}

/** What repeats from reading to reading. */
export interface Claim extends Pick<Sample, "project" | "origin" | "source" | "dimensions"> {
  /** Of a counter's life, which the series names. */
  readonly witnessed?: boolean;
  /** Where the series names none. */
  readonly incarnation?: Incarnation;
}

/** Whose a roll-up is: a project and the dimensions in force. */
export interface Holder {
  readonly project: string;
  readonly dimensions: Dimensions;
}

/** What keys stand for. What a key stands for never changes, so that whatever was looked up once is known. */
export interface Catalogue {
  seriesOf(keys: Iterable<Key>): Promise<(key: Key) => Series>;
  claimsOf(keys: Iterable<Key>): Promise<(key: Key) => Claim>;
  holdersOf(keys: Iterable<Key>): Promise<(key: Key) => Holder>;
}

export function catalogue(server: ClickhouseServer): Catalogue {
  return {
    seriesOf: known(server, "series", ["region", "meter", "resource", "life"], readSeries),
    claimsOf: known(
      server,
      "claim",
      ["project", "origin", "source", "dimensions", "witnessed", "incarnation"],
      readClaim,
    ),
    holdersOf: known(server, "holder", ["project", "dimensions"], readHolder),
  };
}

/** A large cloud's; past it, it is memory for the dead. */
const KNOWN_MAX = 2_000_000;

/** How many are asked for at once: a question that names more takes long to read. */
const ASKED_MAX = 50_000;

function known<T>(
  server: ClickhouseServer,
  table: string,
  columns: readonly string[],
  read: (row: Cursor, key: Key) => T,
): (keys: Iterable<Key>) => Promise<(key: Key) => T> {
  const entries = new Map<Key, T>();
  const load = async (keys: readonly Key[]): Promise<void> => {
    const rows = await server.ask(
      `select ${[table, ...columns].join(", ")} from ${server.table(table)} where ${table} in ${packedKeys(keys)}`,
      (row) => {
        const key = row.key();
        return [key, read(row, key)] as const;
      },
    );
    for (const [key, entry] of rows) entries.set(key, entry);
  };
  return async (keys) => {
    if (entries.size > KNOWN_MAX) entries.clear();
    const missing = [...new Set(keys)].filter((key) => !entries.has(key));
    for (let start = 0; start < missing.length; start += ASKED_MAX) await load(missing.slice(start, start + ASKED_MAX));
    return (key) => {
      const entry = entries.get(key);
      if (entry === undefined)
        throw new RangeError(`ClickHouse has no ${table} ${Buffer.from(key, "latin1").toString("hex")}`);
      return entry;
    };
  };
}

const readSeries = (row: Cursor, key: Key): Series => ({
  key,
  region: row.text(),
  meter: row.text(),
  resource: row.text(),
  life: row.text(),
});

/** Whether a counter's beginning was witnessed: no counter, no, yes. */
export const WITNESSED = [undefined, false, true] as const;

function readClaim(row: Cursor): Claim {
  const [project, origin, source, dimensions] = [row.text(), row.text(), row.text(), row.text()];
  const witnessed = WITNESSED[row.small()];
  const incarnation = row.text();
  return {
    project,
    origin: origin as Origin, // Written from a Sample, and by nobody else.
    source,
    dimensions: JSON.parse(dimensions),
    ...(witnessed === undefined ? {} : { witnessed }),
    ...(incarnation === "" ? {} : { incarnation: JSON.parse(incarnation) }),
  };
}

const readHolder = (row: Cursor): Holder => ({ project: row.text(), dimensions: JSON.parse(row.text()) });
