import { at, HOUR_MS, hourOf, type Period } from "@raingauge/domain";
import type { Span, Sums } from "@raingauge/promql";
import { buckets } from "../buckets.ts";
import { monthOf } from "../months.ts";
import type { Calendar } from "../period-query.ts";

/** Windows of a month, touching, in the order of time. */
export interface Windows {
  readonly month: Period;
  readonly windows: readonly Period[];
}

export const isLong = ({ start, end }: Span): boolean => end - start > 8 * 24 * HOUR_MS;

/** The windows that end within a span and are over, month by month: hours, or days of the zone. */
export function windowsOf(span: Span, { zone, clock }: Calendar, isDaily = isLong(span)): Windows[] {
  const until = Math.min(span.end, clock());
  const found: Windows[] = [];
  for (let month = monthOf(at(Math.max(0, span.start)), zone); month.start < until; month = monthOf(month.end, zone)) {
    const all = buckets(month, isDaily ? "day" : "hour", zone);
    const windows = all.filter(({ end }) => end > span.start && end <= until);
    if (windows.length > 0) found.push({ month, windows });
  }
  return found;
}

/** More edges than that are no shorter way. */
const EDGES_MAX = 750;

/**
 * The windows between the edges of what will be summed, each edge on the hour before it, where the hourly window would end that
 * counts: a sum of these is the sum of the hours. Undefined where there are too many.
 */
export function summedWindows({ rangeMs, ends }: Sums, { zone, clock }: Calendar): Windows[] | undefined {
  const until = hourOf(clock());
  const edges = new Set<number>();
  for (const end of ends) {
    for (const edge of [end, end - rangeMs]) edges.add(Math.min(until, hourOf(at(Math.max(0, Math.floor(edge))))));
    if (edges.size > EDGES_MAX) return undefined;
  }
  const ordered = [...edges].toSorted((a, b) => a - b);
  const [first = 0, last = 0] = [ordered[0], ordered.at(-1)];
  const found: Windows[] = [];
  for (let month = monthOf(at(first), zone); month.start < last; month = monthOf(month.end, zone)) {
    const inside = [month.start, ...ordered, month.end].filter(
      (edge) => edge >= Math.max(first, month.start) && edge <= Math.min(last, month.end),
    );
    const cuts = [...new Set(inside)].toSorted((a, b) => a - b);
    const windows = cuts.slice(1).map((end, index) => ({ start: at(cuts[index] ?? end), end: at(end) }));
    if (windows.length > 0) found.push({ month, windows });
  }
  return found;
}
