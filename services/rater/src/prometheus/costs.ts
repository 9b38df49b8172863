import {
  HOUR_MS,
  type Instant,
  lengthMs,
  meterNamed,
  narrowed,
  type Period,
  type Rational,
  type Scope,
  type Usage,
} from "@raingauge/domain";
import { matching, NAME, type Source, type SourceSeries, type Span, type Sums } from "@raingauge/promql";
import { growth, type Totals, totals } from "../cost-groups.ts";
import { type DraftSources, liveCosts, PriceBookMissing, type ProjectCost } from "../drafts.ts";
import { monthName } from "../months.ts";
import type { Calendar } from "../period-query.ts";
import { columns, type Labels } from "./columns.ts";
import { billKey, type FrozenParts, frozenCosts, late } from "./frozen.ts";
import type { Expecting } from "./growing.ts";
import type { Notices } from "./notices.ts";
import { projectsAsked } from "./readings.ts";
import { serviceOf } from "./service.ts";
import { isLong, summedWindows, type Windows, windowsOf } from "./windows.ts";

export interface CostParts extends DraftSources, Expecting {
  readonly ledger: DraftSources["ledger"] & FrozenParts["ledger"];
  readonly calendar: Calendar;
  readonly book: string;
  readonly notes: Notices;
}

const NAMES = [
  "raingauge_cost",
  "raingauge_cost_month_to_date",
  "raingauge_cost_forecast",
  "raingauge_usage",
  "raingauge_usage_unpriced",
  "raingauge_rated_until_timestamp_seconds",
] as const;

/**
 * What usage costs, as series. A window is an hour, or a day where more than eight are asked for, and its sample stands at its end;
 * where windows are only summed, one sample stands for all between two edges. It costs what the month came to at its end less
 * what it had come to at its beginning, so that windows add up to the month, however tiers fill; only windows that are over are
 * told of. A month that was closed has come to what was frozen then.
 */
export function costSource(parts: CostParts, scope: Scope): Source {
  const select: Source["select"] = async (matchers, span, sums) => {
    const names = matching(matchers.filter(({ label }) => label === NAME));
    const wanted = NAMES.filter((name) => names(new Map([[NAME, name]])));
    // A pattern that any name matches asks for what there is; computing a month's bill for that would surprise everybody.
    if (wanted.length === 0 || !matchers.some(({ label, op }) => label === NAME && op === "=")) return [];
    const own = narrowed(scope, projectsAsked(matchers));
    const found = (await Promise.all(wanted.map((name) => SERIES[name](parts, span, own, sums)))).flat();
    const matches = matching(matchers);
    return found.filter(({ labels }) => matches(labels.labels));
  };
  return {
    select,
    series: async (matchers, span) => (await select(matchers, span)).map(({ labels }) => labels),
  };
}

async function costs(parts: CostParts, span: Span, scope: Scope, sums?: Sums): Promise<SourceSeries[]> {
  const told = columns();
  for (const { month, windows } of differences(parts, span, sums)) {
    parts.expect(windows, month.start);
    let before = await totalsUntil(parts, month, windows[0]?.start ?? month.start, scope);
    for (const window of windows) {
      const after = await totalsUntil(parts, month, window.end, scope);
      for (const { by, currency, cost } of growth(before, after, window)) {
        const labels = { [NAME]: "raingauge_cost", service: serviceOf(by["meter"] ?? ""), ...by, currency };
        told.put(labels, window.end, floatOf(cost));
      }
      before = after;
    }
  }
  return told.series();
}

/** The windows of what is a difference, and so may be summed beforehand. */
function differences({ calendar, notes }: CostParts, span: Span, sums: Sums | undefined): Windows[] {
  const summed = sums === undefined ? undefined : summedWindows(sums, calendar);
  if (summed !== undefined) return summed;
  if (isLong(span)) notes.inform("windows are whole days here: more than eight days are looked at");
  return windowsOf(span, calendar);
}

const TERMS = ["project", "region", "meter", "resource", "sku"];

const monthToDate = (parts: CostParts, span: Span, scope: Scope) =>
  standing(parts, span, async ({ month, window, put }) => {
    for (const { by, currency, cost } of (await totalsUntil(parts, month, window.end, scope, ["project"])).values())
      put({ [NAME]: "raingauge_cost_month_to_date", ...by, currency, month: nameOf(month, parts) }, floatOf(cost));
  });

/** The month to date, if it goes on as it went so far. */
const forecast = (parts: CostParts, span: Span, scope: Scope) =>
  standing(parts, span, async ({ month, window, put }) => {
    const share = (window.end - month.start) / lengthMs(month);
    for (const { by, currency, cost } of (await totalsUntil(parts, month, window.end, scope, ["project"])).values())
      put({ [NAME]: "raingauge_cost_forecast", ...by, currency, month: nameOf(month, parts) }, floatOf(cost) / share);
  });

const unpriced = (parts: CostParts, span: Span, scope: Scope) =>
  standing(parts, span, async ({ month, window, put }) => {
    for (const usage of (await costsUntil(parts, month, window.end, scope)).flatMap((cost) => cost.unpriced)) {
      const [value, unit] = shown(usage);
      put({ [NAME]: "raingauge_usage_unpriced", project: usage.project, meter: usage.meter, unit }, value);
    }
  });

const ratedUntil = (parts: CostParts, span: Span) =>
  standing(parts, span, async ({ window, put }) =>
    put({ [NAME]: "raingauge_rated_until_timestamp_seconds" }, window.end / 1_000),
  );

const SERIES = {
  raingauge_cost: costs,
  raingauge_cost_month_to_date: monthToDate,
  raingauge_cost_forecast: forecast,
  raingauge_usage: usages,
  raingauge_usage_unpriced: unpriced,
  raingauge_rated_until_timestamp_seconds: ratedUntil,
} as const satisfies Record<(typeof NAMES)[number], unknown>;

export const nameOf = (month: Period, { calendar }: Pick<CostParts, "calendar">): string =>
  monthName(month, calendar.zone) ?? "";

export interface Moment {
  readonly month: Period;
  readonly window: Period;
  put(labels: Labels, value: number): void;
}

/**
 * What stands at the end of a window holds for the next one, and so the window before the span's start counts. What a month
 * came to holds no longer than until the next month has a window.
 */
export async function standing(
  { calendar, expect }: Pick<CostParts, "calendar" | "expect">,
  span: Span,
  tell: (moment: Moment) => Promise<void>,
): Promise<SourceSeries[]> {
  const holdsMs = (isLong(span) ? 25 : 1) * HOUR_MS;
  const told = columns();
  const months = windowsOf({ start: span.start - holdsMs, end: span.end }, calendar, isLong(span));
  for (const { month, windows } of months) {
    expect(windows, month.start);
    for (const window of windows)
      await tell({ month, window, put: (labels, value) => told.put(labels, window.end, value) });
  }
  const ends = Float64Array.from(months.slice(1).flatMap(({ windows }) => windows[0]?.end ?? []));
  return told.series(holdsMs).map((series) => ({ ...series, ends }));
}

async function usages(parts: CostParts, span: Span, scope: Scope, sums?: Sums): Promise<SourceSeries[]> {
  const told = columns();
  for (const { month, windows } of differences(parts, span, sums)) {
    parts.expect(windows, month.start);
    for (const window of windows) {
      for (const usage of await parts.store.measure({ period: window }, scope)) {
        const { project, region, meter, resource } = usage;
        const [value, unit] = shown(usage);
        const labels = { [NAME]: "raingauge_usage", project, region, service: serviceOf(meter), meter, resource, unit };
        told.put(labels, window.end, value);
      }
    }
  }
  return told.series();
}

/** Of gauges in unit hours. */
function shown({ meter, quantity }: Usage): [number, string] {
  const known = meterNamed(meter);
  const { unit = "", factor = { numerator: 1n, denominator: 1n } } = known?.shown ?? {};
  const whole = (Number(quantity) * Number(factor.denominator)) / Number(factor.numerator);
  return known?.kind === "gauge" ? [whole / HOUR_MS, `${unit} h`] : [whole, unit];
}

const totalsUntil = async (
  parts: CostParts,
  month: Period,
  end: Instant,
  scope: Scope,
  terms: readonly string[] = TERMS,
): Promise<Totals> => totals(await costsUntil(parts, month, end, scope), terms);

/** At the end of a month that was closed, what was frozen then; otherwise what would be billed now. */
export async function costsUntil(
  parts: CostParts,
  month: Period,
  end: Instant,
  scope: Scope,
): Promise<readonly ProjectCost[]> {
  if (end <= month.start) return [];
  const { store, ledger, calendar, book, notes } = parts;
  const period = { start: month.start, end };
  const live = await liveCosts({ store, ledger }, { period, zone: calendar.zone, book }, scope).catch(
    (error: unknown): ProjectCost[] => {
      if (!(error instanceof PriceBookMissing)) throw error;
      notes.warn(`not rated: ${error.message} ${nameOf(month, parts)}`);
      return [];
    },
  );
  const unrated = new Set(live.flatMap(({ unpriced: all }) => all.map(({ meter }) => meter)));
  for (const meter of unrated) notes.warn(`not rated: no price says what some usage of ${meter} costs`);
  if (end < month.end) return live;
  const frozen = await frozenCosts(parts, month, scope);
  const came = late(frozen, live);
  if (came.length > 0)
    notes.warn(
      `late data: readings of ${came.join(", ")} came after ${nameOf(month, parts)} was closed, and are not in it`,
    );
  const closed = new Set(frozen.map(billKey));
  return [...frozen, ...live.filter((each) => !closed.has(billKey(each)))];
}

/** The one place where an exact cost becomes a float: to be looked at, right to far below the cent. */
export const floatOf = ({ numerator, denominator }: Rational): number =>
  Number((numerator * PICO) / denominator) / Number(PICO);

const PICO = 10n ** 12n;
