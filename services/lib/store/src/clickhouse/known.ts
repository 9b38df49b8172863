import { at, type Dimensions, dimensionsKey, type Incarnation, type Instant, type Subject } from "@raingauge/domain";
import { once } from "../once.ts";
import type { Claim } from "./catalogue.ts";
import { type Key, keyOf, keyWithin } from "./key.ts";

/** A series as its writer knows it. */
export interface KnownSeries {
  readonly key: Key;
  /** The key as it is written: two halves. */
  readonly low: bigint;
  readonly high: bigint;
  /** The latest instant that was read: what comes later can be no duplicate. Undefined where it must be asked for. */
  lastAt: Instant | undefined;
  readonly projects: Set<string>;
}

export interface KnownClaim {
  readonly low: bigint;
  readonly high: bigint;
}

/** Rows of the dictionaries that this writer has not written yet. To write one again changes nothing. */
export interface News {
  readonly series: SeriesRow[];
  readonly projects: { readonly series: Key; readonly project: string }[];
  readonly claims: { readonly key: Key; readonly claim: Claim }[];
}

export interface SeriesRow extends Pick<Subject, "region" | "resource"> {
  readonly key: Key;
  readonly meter: string;
  readonly life: string;
}

/** What a writer has written of the dictionaries. Should a write fail, all of it is thrown away. */
export interface Known {
  series(said: Omit<SeriesRow, "key">): KnownSeries;
  claim(claim: Claim): KnownClaim;
  enterProject(series: KnownSeries, project: string): void;
  /** The rows that were entered since the last call. */
  news(): News;
  doubtInstants(): void;
}

/** A large cloud's; past it, it is memory for the dead. */
const KNOWN_MAX = 2_000_000;

export function known(): Known {
  const allSeries = new Map<string, KnownSeries>();
  const allClaims = new Map<string, KnownClaim>();
  const claimText = claimKeys();
  let news = noNews();

  return {
    series(said) {
      const { region, meter, resource, life } = said;
      const name = `${region}\0${meter}\0${resource}\0${life}`;
      const before = allSeries.get(name);
      if (before !== undefined) return before;
      if (allSeries.size >= KNOWN_MAX) allSeries.clear();
      const key = keyWithin(meter, region, resource, life);
      const made = { key, ...halves(key), lastAt: undefined, projects: new Set<string>() };
      allSeries.set(name, made);
      news.series.push({ ...said, key });
      return made;
    },
    claim(claim) {
      const name = claimText(claim);
      const before = allClaims.get(name);
      if (before !== undefined) return before;
      if (allClaims.size >= KNOWN_MAX) allClaims.clear();
      const key = keyOf(name);
      const made = halves(key);
      allClaims.set(name, made);
      news.claims.push({ key, claim });
      return made;
    },
    enterProject(series, project) {
      series.projects.add(project);
      news.projects.push({ series: series.key, project });
    },
    news() {
      const rows = news;
      news = noNews();
      return rows;
    },
    doubtInstants() {
      for (const series of allSeries.values()) series.lastAt = undefined;
    },
  };
}

const noNews = (): News => ({ series: [], projects: [], claims: [] });

function halves(key: Key): { low: bigint; high: bigint } {
  const bytes = Buffer.from(key, "latin1");
  return { low: bytes.readBigUInt64LE(0), high: bytes.readBigUInt64LE(8) };
}

/** The keys of dimensions that a batch shares are made once. */
function claimKeys(): (claim: Claim) => string {
  const dimensionsText = once((dimensions: Dimensions) => dimensionsKey(dimensions));
  return ({ project, origin, source, dimensions, witnessed, incarnation }) =>
    JSON.stringify([project, origin, source, dimensionsText(dimensions), witnessed, lifeText(incarnation)]);
}

const lifeText = (incarnation: Incarnation | undefined): string | undefined =>
  incarnation === undefined ? undefined : JSON.stringify(incarnation);

export const NEVER = at(Number.NEGATIVE_INFINITY);
