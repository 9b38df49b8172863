import {
  at,
  combine,
  HOUR_MS,
  hourOf,
  type Instant,
  inIdentityOrder,
  METERS,
  measure,
  meterNamed,
  type Period,
  permits,
  type Scope,
  type Usage,
} from "@raingauge/domain";
import { FOREVER } from "../forever.ts";
import type { UsageQuery } from "../store.ts";
import type { Catalogue } from "./catalogue.ts";
import { lastRolled, NEVER_ROLLED, rolledUsages } from "./rolled.ts";
import { asOf, isSame, look } from "./seen.ts";
import { type Selection, seriesSelected } from "./selection.ts";
import type { ClickhouseServer } from "./server.ts";
import { staleMeters } from "./stale.ts";
import { fallsFrom, type Standing, standings } from "./standing.ts";
import { type Asked, readStretches } from "./stretches.ts";
import { watching } from "./watching.ts";

/**
 * Usage, as `measure` over all readings would give it: from roll-ups for the whole hours whose roll-ups stand, from the
 * readings for the edges of the period and for whatever arrived since.
 */
export async function usages(
  server: ClickhouseServer,
  catalogue: Catalogue,
  { meters, period, region, resource, asOf: watermark }: UsageQuery,
  scope: Scope,
): Promise<Usage[]> {
  const latest = await lastRolled(server); // Before the look: what it knows, the look knows.
  const now = await look(server);
  const seen = await asOf(now, watermark);
  const asked = METERS.map(({ name }) => name).filter((name) => meters === undefined || meters.includes(name));
  const selection: Selection = { meters: asked, region, resource, scope };
  const watchOf = await watching(seen);
  // Roll-ups hold what came after a watermark too; where nothing did, everything may come from them: a month's close does.
  const rolled = isSame(seen.lasts, now.lasts) ? latest : NEVER_ROLLED;
  const standing =
    rolled === NEVER_ROLLED
      ? (await seriesSelected(server, selection)).map(onReadings)
      : await standings(seen, catalogue, rolled, { selection, stale: staleMeters(rolled.watch, watchOf) });

  const hours = wholeHours(period);
  const cuts = standing
    .filter(({ since }) => since !== undefined)
    .map((each) => ({ series: each.series, until: fallsFrom(each) ?? FOREVER }))
    .filter(({ until }) => until > hours.start);
  const summed = await rolledUsages(seen, catalogue, rolled, { selection, cuts, hours });
  const live = await readStretches(
    seen,
    catalogue,
    standing
      .map((each) => (summed.replaced.has(each.series) ? onReadings(each.series) : each))
      .flatMap((each) => liveParts(each, period, hours)),
  );
  const measured = live.flatMap(({ series, readings, period: part }) => {
    const meter = meterNamed(series.meter);
    return meter === undefined ? [] : measure(meter, readings, part, watchOf(series.region, meter.resourceType));
  });
  const all = [...summed.usages.map(({ usage }) => usage), ...measured];
  return inIdentityOrder(combine(all, period).filter(({ project }) => permits(scope, project)));
}

/** A series of which nothing is rolled up, or nothing that counts. */
const onReadings = (series: Standing["series"]): Standing => ({
  series,
  since: undefined,
  until: undefined,
  dirtyFrom: at(0),
  staleFrom: undefined,
  openFrom: undefined,
});

/** The whole UTC hours of a period; an empty period at its start when it has none. */
function wholeHours({ start, end }: Period): Period {
  const from = at(hourOf(at(start + HOUR_MS - 1)));
  const to = hourOf(end);
  return from < to ? { start: from, end: to } : { start, end: start };
}

/** What must be measured from readings: what lies before the whole hours, and all from the first hour on whose roll-up does not stand. */
function liveParts(standing: Standing, period: Period, hours: Period): Asked[] {
  const falls = fallsFrom(standing);
  const liveFrom = at(Math.max(hours.start, Math.min(hours.end, falls ?? FOREVER)));
  const { since = at(0), until = at(FOREVER) } = falls === undefined ? standing : {};
  const parts: readonly Period[] =
    liveFrom === hours.start
      ? [{ start: period.start, end: period.end }]
      : [
          { start: period.start, end: hours.start },
          { start: liveFrom, end: period.end },
        ];
  return parts
    .filter(({ start, end }) => start < end && says(start, end, since, until))
    .map((part) => ({ series: standing.series, period: part }));
}

const says = (start: Instant, end: Instant, since: Instant, until: Instant): boolean => start < until && end > since;
