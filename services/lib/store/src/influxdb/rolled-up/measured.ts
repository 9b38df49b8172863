import {
  at,
  combine,
  type Instant,
  measure,
  meterNamed,
  type Period,
  permits,
  type Scope,
  sharedOut,
  type Usage,
} from "@raingauge/domain";
import { staleMeters, type Watching, watchingOver } from "../../sources.ts";
import type { UsageQuery } from "../../store.ts";
import { coverages } from "../coverages.ts";
import { frozenHours } from "../hours.ts";
import { type ReadingQuery, readings, type StoredSample, seriesAsked } from "../readings.ts";
import type { Seen } from "../seen.ts";
import type { RolledUp } from "./book.ts";
import { reachesBack } from "./decisive.ts";
import { disturbedSince } from "./disturbed.ts";
import { type RolledHours, rolledHours } from "./hours.ts";
import { type SeriesKey, seriesKey } from "./series.ts";
import type { Grounds } from "./sources.ts";
import { readTails, type Tail } from "./tail.ts";
import { wholeOf } from "./whole.ts";

/**
 * Hours that are rolled up, and the rest from what roll-ups left of each series with what came since. A series that was
 * disturbed since is read whole.
 */
export async function usagesRolledUp(
  seen: Seen,
  { rolled, grounds }: { readonly rolled: RolledUp; readonly grounds: Grounds },
  query: ReadingQuery & Pick<UsageQuery, "period">,
  parts: readonly Period[],
  scope: Scope,
): Promise<readonly Usage[][]> {
  const { server, commits } = seen;
  const { period, meters } = query;
  if (meters?.length === 0) return parts.map(() => []);
  const where = seriesAsked(query);
  const horizon = commits.frozen?.horizon ?? at(0);
  const within = { start: at(Math.max(period.start, horizon)), end: at(Math.min(period.end, rolled.horizon)) };
  const watchOf = watchingOver(await coverages(seen, { region: query.region, asOf: query.asOf }));
  const [tails, news, marks, hours, frozen] = await Promise.all([
    readTails(server, rolled, where),
    readings(seen, query, { from: rolled.horizon }),
    disturbedSince(server, rolled.since, where),
    rolledHours(seen, rolled, within, where),
    frozenHours(seen, query, period),
  ]);
  const stale = staleMeters(grounds.watch, watchOf);
  const since = Map.groupBy(news, seriesKey);
  const isStale = ({ meter, region }: Pick<StoredSample, "meter" | "region">): boolean =>
    stale.some((each) => each.meter === meter && each.region === region);
  const series = [...new Set([...tails.keys(), ...since.keys(), ...marks.keys()])].map(
    (key): Live => ({ key, from: tails.get(key)?.from ?? at(0), known: known(tails.get(key), since.get(key)) }),
  );
  const isDisturbed = ({ key, known: [first] }: Live): boolean =>
    marks.has(key) ||
    (first !== undefined && isStale(first)) ||
    changesPast(tails.get(key), since.get(key) ?? [], watchOf);
  const parted = Map.groupBy(series, isDisturbed);
  const disturbed = new Set((parted.get(true) ?? []).map(({ key }) => key));
  const whole = await wholeOf(seen, disturbed, query.asOf);
  const live = [
    ...(parted.get(false) ?? []),
    ...[...whole].map(([key, samples]): Live => ({ key, from: at(0), known: samples })),
  ];
  const settled = hoursThatStand(hours, { tails, disturbed });
  return parts.map((part) =>
    combine(
      [
        ...frozen.flatMap((usage) => sharedOut(usage, part) ?? []),
        ...settled.filter((usage) => usage.period.start >= part.start && usage.period.start < part.end),
        ...measured(live, { start: at(Math.max(part.start, horizon)), end: part.end }, watchOf),
      ].filter(({ project }) => permits(scope, project)),
      part,
    ),
  );
}

/** A series with what decides its usage from an hour on. */
interface Live {
  readonly key: SeriesKey;
  readonly from: Instant;
  readonly known: readonly StoredSample[];
}

const known = (tail: Tail | undefined, news: readonly StoredSample[] = []): readonly StoredSample[] =>
  tail === undefined ? news : [...tail.decisive, ...news];

function changesPast(tail: Tail | undefined, news: readonly StoredSample[], watchOf: Watching): boolean {
  const meter = meterNamed(tail?.decisive[0]?.meter ?? "");
  if (meter === undefined || tail === undefined) return false;
  return reachesBack(meter, tail, news, watchOf(tail.decisive[0]?.region ?? "", meter.resourceType));
}

/** Of series that nothing disturbed, up to where each was rolled up. */
const hoursThatStand = (
  hours: RolledHours,
  { tails, disturbed }: { readonly tails: ReadonlyMap<SeriesKey, Tail>; readonly disturbed: ReadonlySet<SeriesKey> },
): Usage[] =>
  [...hours].flatMap(([key, mine]) => {
    const until = tails.get(key)?.from ?? 0;
    return disturbed.has(key) ? [] : [...mine].flatMap(([hour, usages]) => (hour < until ? usages : []));
  });

/** What is left of a period behind the hours that are rolled up; of series that begin there together, at once. */
function measured(live: readonly Live[], period: Period, watchOf: Watching): Usage[] {
  const alike = Map.groupBy(
    live.filter(({ from, known: readings }) => from < period.end && readings.length > 0),
    ({ from, known: [first] }) => `${Math.max(from, period.start)}\n${first?.meter}\n${first?.region}`,
  );
  return [...alike.values()].flatMap((together) => {
    const [first] = together;
    const meter = meterNamed(first?.known[0]?.meter ?? "");
    if (first === undefined || meter === undefined) return [];
    const rest = { start: at(Math.max(first.from, period.start)), end: period.end };
    if (rest.start >= rest.end) return [];
    const samples = together.flatMap((each) => each.known);
    return measure(meter, samples, rest, watchOf(first.known[0]?.region ?? "", meter.resourceType));
  });
}
