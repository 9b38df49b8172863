import {
  allMeters,
  at,
  combine,
  HOUR_MS,
  type Instant,
  measure,
  meterNamed,
  type Period,
  permits,
  type Scope,
  sharedOut,
  type Usage,
} from "@raingauge/domain";
import { FOREVER } from "../forever.ts";
import { staleMeters, type Watching } from "../sources.ts";
import { type Frozen, refuseFrozen, type UsageQuery } from "../store.ts";
import { cutHours, wholeHours } from "../whole-hours.ts";
import type { Catalogue } from "./catalogue.ts";
import { whileFrozen } from "./frozen.ts";
import { lastRolled, type Rolled, type RolledUsages, rolledUsages } from "./rolled.ts";
import { asOf, isSame, look, type Seen } from "./seen.ts";
import { type Selection, seriesSelected } from "./selection.ts";
import type { ClickhouseServer } from "./server.ts";
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
  query: UsageQuery,
  scope: Scope,
): Promise<Usage[]> {
  return whileFrozen(server, async (frozen) => {
    const ground = await groundOf(server, catalogue, { query, scope, frozen });
    const { seen, watchOf } = ground;
    const { rolled, live } = await parts({ ...ground, catalogue, period: query.period });
    const measured = (await readStretches(seen, catalogue, live)).flatMap(({ series, readings, period: part }) => {
      const meter = meterNamed(series.meter);
      return meter === undefined ? [] : measure(meter, readings, part, watchOf(series.region, meter.resourceType));
    });
    const all = combine([...rolled, ...measured], query.period);
    return all.filter(({ project }) => permits(scope, project));
  });
}

/** What a question for usage goes by. */
export interface Ground {
  readonly seen: Seen;
  /** Whether it asks for what was known earlier. */
  readonly isPast: boolean;
  readonly rolled: Rolled;
  readonly selection: Selection;
  readonly horizon: Instant;
  readonly watchOf: Watching;
  readonly standing: readonly Standing[];
}

export async function groundOf(
  server: ClickhouseServer,
  catalogue: Catalogue,
  { query, scope, frozen }: { readonly query: UsageQuery; readonly scope: Scope; readonly frozen: Frozen | undefined },
): Promise<Ground> {
  refuseFrozen(frozen, query);
  const { meters, region, resource } = query;
  const horizon = frozen?.horizon ?? at(0);
  const rolled = await lastRolled(server); // Before the look: what it knows, the look knows.
  const now = await look(server);
  const seen = await asOf(now, query.asOf);
  const asked = allMeters()
    .map(({ name }) => name)
    .filter((name) => meters === undefined || meters.includes(name));
  const selection: Selection = { meters: asked, region, resource, scope };
  const watchOf = await watching(seen);
  // Roll-ups hold what came after a watermark too; where nothing did, everything may come from them: a month's close does.
  const isPast = !isSame(seen.lasts, now.lasts);
  const standing = isPast
    ? (await seriesSelected(server, selection)).map((series) => onReadings(series, horizon))
    : await standings(seen, catalogue, rolled, { selection, stale: staleMeters(rolled.watch, watchOf), horizon });
  return { seen, isPast, rolled, selection, horizon, watchOf, standing };
}

interface Question extends Ground {
  readonly catalogue: Catalogue;
  readonly period: Period;
}

/** What roll-ups say of a period, and what must be measured from readings. */
async function parts({
  seen,
  catalogue,
  rolled,
  selection,
  horizon,
  period,
  standing,
}: Question): Promise<{ readonly rolled: Usage[]; readonly live: Asked[] }> {
  const hours = wholeHours(period);
  const sum = (standing: readonly Standing[], within: Period): Promise<RolledUsages> => {
    const cuts = standing
      .map((each) => ({ series: each.series, until: fallsFrom(each) ?? FOREVER }))
      .filter(({ until }) => until > within.start);
    return rolledUsages(seen, catalogue, rolled, { selection, cuts, hours: within });
  };
  const summed = await sum(standing, hours);
  const replaced = [...summed.replaced].map((series) => onReadings(series, horizon));
  const again = await sum(replaced, hours);
  const live = [...standing.filter(({ series }) => !summed.replaced.has(series)), ...replaced];
  let usages = [...summed.usages, ...again.usages];
  for (const hour of cutHours(period).filter((each) => each < horizon)) {
    const whole = await sum(standing, { start: hour, end: at(hour + HOUR_MS) });
    usages = usages.concat(whole.usages.flatMap((usage) => sharedOut(usage, period) ?? []));
  }
  return { rolled: usages, live: live.flatMap((each) => liveParts(each, { period, hours, horizon })) };
}

/** A series of which nothing is rolled up, or nothing that counts. */
const onReadings = (series: Standing["series"], horizon: Instant): Standing => ({
  series,
  since: undefined,
  until: undefined,
  dirtyFrom: horizon,
  staleFrom: undefined,
  openFrom: undefined,
});

/** What must be measured from readings: what lies before the whole hours, and all from the first hour on whose roll-up does not stand. */
export function liveParts(
  standing: Standing,
  { period, hours, horizon }: Pick<Question, "period" | "horizon"> & { readonly hours: Period },
): Asked[] {
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
    .map(({ start, end }) => ({ start: at(Math.max(start, horizon)), end }))
    .filter(({ start, end }) => start < end && says(start, end, since, until))
    .map((part) => ({ series: standing.series, period: part }));
}

const says = (start: Instant, end: Instant, since: Instant, until: Instant): boolean => start < until && end > since;
