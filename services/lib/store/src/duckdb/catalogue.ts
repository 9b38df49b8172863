import {
  at,
  type Dimensions,
  type Incarnation,
  type Instant,
  type Sample,
  type Subject,
  type Telling,
} from "@raingauge/domain";
import { once } from "../once.ts";
import type { EntriesOf } from "./entering.ts";
import { putOn, type Shelf } from "./shelf.ts";
import type { Row, Table } from "./table.ts";

/** One meter of one resource; of a counter, one incarnation. */
export interface Series {
  readonly id: number;
  readonly region: string;
  readonly meter: string;
  readonly resource: string;
  /** Sets apart the incarnations of a counter; empty for anything else. */
  readonly life: string;
  /** The latest instant that was read: what comes later can be no duplicate. */
  lastAt: Instant;
  /** Whose it was when it was last read: nearly always that of the next reading. */
  project: string;
  readonly projects: Set<string>;
}

/** What repeats from reading to reading. */
export interface Claim extends Pick<Sample, "project" | "origin" | "source" | "dimensions"> {
  /** Of a counter's life, which the series names. */
  readonly witnessed?: boolean;
  /** Where the series names none. */
  readonly incarnation?: Incarnation;
}

/**
 * The dictionaries, in memory since only this process writes them. Entering something new numbers it at once and leaves a row
 * for the transaction that needs it; should that fail, the whole catalogue is thrown away and read again.
 */
export interface Catalogue {
  readonly series: readonly (Series | undefined)[];
  readonly claims: readonly (Claim | undefined)[];
  storedAt: Instant;
  /** What rows come to, by the column that says of whom they are: batches that share it are alike in all that is numbered. */
  readonly entered: WeakMap<Int32Array, EntriesOf>;
  /** The one object of all texts that say the same, so that they are told apart without looking into them. */
  named(text: string): string;
  /** Of the process, not of the file. */
  meterNumber(meter: string): number;
  shelfOf(subject: Pick<Subject, "region" | "resource">): Shelf;
  enterSeries(shelf: Shelf, series: Pick<Series, "region" | "meter" | "resource" | "life">): Series;
  enterProject(series: Series, project: string): void;
  enterClaim(claim: Claim): number;
  /** Numbered anew each time it is entered. */
  enterTelling(telling: Telling): number;
  /** The rows that were entered since the last call. */
  news(): ReadonlyMap<Table, readonly Row[]>;
}

export interface Known {
  readonly series: readonly Series[];
  readonly claims: ReadonlyMap<number, Claim>;
  readonly lastTelling: number;
  readonly storedAt: Instant;
}

export function catalogue(known: Known): Catalogue {
  const series: (Series | undefined)[] = [];
  const shelves = new Map<string, Shelf>();
  const claims: (Claim | undefined)[] = [];
  const claimByKey = new Map<string, number>();
  const names = new Map<string, string>();
  const meters = new Map<string, number>();
  const keyOf = claimKeys();
  let lastTelling = known.lastTelling;
  let news = new Map<Table, Row[]>();

  const note = (table: Table, row: Row): void => {
    const rows = news.get(table);
    if (rows === undefined) news.set(table, [row]);
    else rows.push(row);
  };
  const shelfOf = ({ region, resource }: Pick<Subject, "region" | "resource">): Shelf =>
    entered(shelves, `${region}\0${resource}`, () => new Map());
  const named = (text: string): string => entered(names, text, () => text);
  const meterNumber = (meter: string): number => entered(meters, meter, () => meters.size);
  const keepSeries = (shelf: Shelf, each: Series): Series => {
    series[each.id] = each;
    putOn(shelf, meterNumber(each.meter), each);
    return each;
  };
  const keepClaim = (id: number, claim: Claim, key: string): number => {
    claims[id] = claim;
    claimByKey.set(key, id);
    return id;
  };
  for (const { life, ...each } of known.series) keepSeries(shelfOf(each), { ...each, life: named(life) });
  for (const [id, claim] of known.claims) keepClaim(id, claim, keyOf(claim));

  return {
    series,
    claims,
    storedAt: known.storedAt,
    entered: new WeakMap(),
    named,
    meterNumber,
    shelfOf,
    enterSeries(shelf, { region, meter, resource, life }) {
      const id = series.length;
      note("series", [id, region, meter, resource, life]);
      return keepSeries(shelf, { id, region, meter, resource, life, lastAt: NEVER, project: "", projects: new Set() });
    },
    enterProject(each, project) {
      each.project = project;
      if (each.projects.has(project)) return;
      each.projects.add(project);
      note("series_project", [each.id, project]);
    },
    enterClaim(claim) {
      const key = keyOf(claim);
      const id = claimByKey.get(key);
      if (id !== undefined) return id;
      const { project, origin, source, dimensions, witnessed, incarnation } = claim;
      const life = incarnation === undefined ? null : JSON.stringify(incarnation);
      note("claim", [claims.length, project, origin, source, JSON.stringify(dimensions), witnessed ?? null, life]);
      return keepClaim(claims.length, claim, key);
    },
    enterTelling({ message, sequence, transition }) {
      lastTelling += 1;
      note("telling", [BigInt(lastTelling), message, BigInt(sequence), transition ?? null, BigInt(this.storedAt)]);
      return lastTelling;
    },
    news() {
      const rows = news;
      news = new Map();
      return rows;
    },
  };
}

export const NEVER = at(Number.NEGATIVE_INFINITY);

/** The keys of dimensions that a batch shares are made once; in another order the same dimensions are another claim, which says the same. No project's name holds a NUL, and a source comes last. */
function claimKeys(): (claim: Claim) => string {
  const dimensionsText = once((dimensions: Dimensions) => JSON.stringify(dimensions));
  return ({ project, origin, source, dimensions, witnessed, incarnation }) => {
    const life = incarnation === undefined ? witnessed : JSON.stringify(incarnation);
    return `${project}\0${origin}\0${life}\0${dimensionsText(dimensions)}\0${source}`;
  };
}

function entered<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
