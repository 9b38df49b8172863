import {
  at,
  dimensionsKey,
  type Incarnation,
  type Instant,
  incarnationKey,
  meterNamed,
  type Sample,
} from "@raingauge/domain";
import { once } from "./once.ts";
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
  readonly projects: Set<string>;
}

/** What repeats from reading to reading. */
export type Claim = Pick<Sample, "project" | "origin" | "source" | "dimensions" | "incarnation">;

/**
 * The dictionaries, in memory since only this process writes them. Entering something new numbers it at once and leaves a row
 * for the transaction that needs it; should that fail, the whole catalogue is thrown away and read again.
 */
export interface Catalogue {
  readonly series: readonly (Series | undefined)[];
  readonly claims: readonly (Claim | undefined)[];
  storedAt: Instant;
  enterSeries(sample: Sample): Series;
  enterClaim(sample: Sample): number;
  enterMessage(message: string): bigint;
  /** The rows that were entered since the last call. */
  news(): ReadonlyMap<Table, readonly Row[]>;
}

export interface Known {
  readonly series: readonly Series[];
  readonly claims: ReadonlyMap<number, Claim>;
  readonly lastMessage: bigint;
  readonly storedAt: Instant;
}

export function catalogue(known: Known): Catalogue {
  const series: (Series | undefined)[] = [];
  const seriesByKey = new Map<string, Series>();
  const claims: (Claim | undefined)[] = [];
  const claimByKey = new Map<string, number>();
  let lastMessage = known.lastMessage;
  let news = new Map<Table, Row[]>();
  const { lifeOf, claimKey } = keys();

  const note = (table: Table, row: Row): void => {
    const rows = news.get(table);
    if (rows === undefined) news.set(table, [row]);
    else rows.push(row);
  };
  const keepSeries = (each: Series): Series => {
    series[each.id] = each;
    seriesByKey.set(seriesKey(each), each);
    return each;
  };
  const keepClaim = (id: number, claim: Claim, key: string): number => {
    claims[id] = claim;
    claimByKey.set(key, id);
    return id;
  };
  for (const each of known.series) keepSeries(each);
  for (const [id, claim] of known.claims) keepClaim(id, claim, claimKey(claim));

  return {
    series,
    claims,
    storedAt: known.storedAt,
    enterSeries(sample) {
      const { region, meter, resource, project } = sample;
      const life = lifeOf(sample);
      let each = seriesByKey.get(seriesKey({ region, meter, resource, life }));
      if (each === undefined) {
        each = keepSeries({ id: series.length, region, meter, resource, life, lastAt: NEVER, projects: new Set() });
        note("series", [each.id, region, meter, resource, life]);
      }
      if (!each.projects.has(project)) {
        each.projects.add(project);
        note("series_project", [each.id, project]);
      }
      return each;
    },
    enterClaim({ project, origin, source, dimensions, incarnation }) {
      const claim: Claim = {
        project,
        origin,
        source,
        dimensions,
        ...(incarnation === undefined ? {} : { incarnation }),
      };
      const key = claimKey(claim);
      const id = claimByKey.get(key);
      if (id !== undefined) return id;
      const said = incarnation === undefined ? null : JSON.stringify(incarnation);
      note("claim", [claims.length, project, origin, source, JSON.stringify(dimensions), said]);
      return keepClaim(claims.length, claim, key);
    },
    enterMessage(message) {
      lastMessage += 1n;
      note("message", [lastMessage, message]);
      return lastMessage;
    },
    news() {
      const rows = news;
      news = new Map();
      return rows;
    },
  };
}

const NEVER = at(Number.NEGATIVE_INFINITY);

const seriesKey = ({ region, meter, resource, life }: Pick<Series, "region" | "meter" | "resource" | "life">): string =>
  JSON.stringify([region, meter, resource, life]);

/** Readings of one batch share their dimensions and incarnations, and so the keys of those are made once. */
function keys(): { lifeOf(sample: Sample): string; claimKey(claim: Claim): string } {
  const dimensionsText = once(dimensionsKey);
  const lifeText = once((incarnation: Incarnation) => incarnationKey(incarnation));
  return {
    /** The end of a resource says nothing of its counters, so that ends lie apart from every incarnation. */
    lifeOf({ meter, stance, incarnation }) {
      if (meterNamed(meter)?.kind !== "cumulative") return "";
      if (stance === "ends" || stance === "vanishes") return "ends";
      return incarnation === undefined ? "" : lifeText(incarnation);
    },
    claimKey({ project, origin, source, dimensions, incarnation }) {
      const life = incarnation === undefined ? "" : `${lifeText(incarnation)}${incarnation.witnessed}`;
      return JSON.stringify([project, origin, source, life, dimensionsText(dimensions)]);
    },
  };
}
