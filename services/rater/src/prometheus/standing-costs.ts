import { HOUR_MS, lengthMs, type Period, type Scope } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import { NAME, type SourceSeries, type Span } from "@raingauge/promql";
import { metersByResource } from "../growing.ts";
import { columns, type Labels } from "./columns.ts";
import type { Looking } from "./remembering.ts";
import { shownUsage } from "./shown.ts";
import { floatOf, nameOf, totalsUntil, type UntilParts, unpricedUntil } from "./until.ts";
import { isLong, windowsOf } from "./windows.ts";

export interface StandingCostParts extends UntilParts, Looking {
  readonly ledger: UntilParts["ledger"] & Pick<Ledger, "books">;
}

/** One instant at which something stands; what is asked of the month up to then is asked of `parts`. */
export interface Moment {
  readonly parts: UntilParts;
  readonly month: Period;
  readonly window: Period;
  put(labels: Labels, value: number): void;
}

/**
 * What stands at the end of a window holds for the next one, and so the window before the span's start counts. What a month
 * came to holds no longer than until the next month has a window.
 */
export async function standing(
  parts: StandingCostParts,
  span: Span,
  tell: (moment: Moment) => Promise<void>,
): Promise<SourceSeries[]> {
  const { calendar, ledger } = parts;
  const holdsMs = (isLong(span) ? 25 : 1) * HOUR_MS;
  const told = columns();
  const months = windowsOf({ start: span.start - holdsMs, end: span.end }, calendar, isLong(span));
  const byResource = await metersByResource(ledger);
  for (const { month, windows } of months) {
    const store = parts.upTo({ month, ends: windows.map(({ end }) => end), byResource });
    for (const window of windows) {
      const put = (labels: Labels, value: number): void => told.put(labels, window.end, value);
      await tell({ parts: { ...parts, store }, month, window, put });
    }
  }
  const ends = Float64Array.from(months.slice(1).flatMap(({ windows }) => windows[0]?.end ?? []));
  return told.series(holdsMs).map((series) => ({ ...series, ends }));
}

type Make = (parts: StandingCostParts, span: Span, scope: Scope) => Promise<SourceSeries[]>;

/** What the month came to, and whatever else stands at the end of each window. */
export const STANDING_COSTS = {
  raingauge_cost_month_to_date: (parts, span, scope) => byProject("raingauge_cost_month_to_date", parts, span, scope),
  raingauge_cost_forecast: (parts, span, scope) =>
    // The month to date, if it goes on as it went so far.
    byProject(
      "raingauge_cost_forecast",
      parts,
      span,
      scope,
      ({ month, window }) => (window.end - month.start) / lengthMs(month),
    ),
  raingauge_usage_unpriced: (all, span, scope) =>
    standing(all, span, async ({ parts, month, window, put }) => {
      for (const usage of await unpricedUntil(parts, { month, end: window.end, scope })) {
        const [value, unit] = shownUsage(usage);
        put({ [NAME]: "raingauge_usage_unpriced", project: usage.project, meter: usage.meter, unit }, value);
      }
    }),
  raingauge_rated_until_timestamp_seconds: (all, span) =>
    standing(all, span, async ({ window, put }) =>
      put({ [NAME]: "raingauge_rated_until_timestamp_seconds" }, window.end / 1_000),
    ),
} as const satisfies Readonly<Record<string, Make>>;

const byProject = (
  name: string,
  all: StandingCostParts,
  span: Span,
  scope: Scope,
  shareOf: (moment: Moment) => number = () => 1,
): Promise<SourceSeries[]> =>
  standing(all, span, async (moment) => {
    const { parts, month, window, put } = moment;
    const costs = await totalsUntil(parts, { month, end: window.end, scope }, ["project"]);
    for (const { by, currency, cost } of costs.values())
      put({ [NAME]: name, ...by, currency, month: nameOf(month, parts) }, floatOf(cost) / shareOf(moment));
  });
