import {
  at,
  decimal,
  narrowed,
  type Period,
  parseDecimal,
  plus,
  type Rational,
  type Scope,
  sum,
} from "@raingauge/domain";
import type { Ledger, RatedPoint } from "@raingauge/ledger";
import type { SampleStore } from "@raingauge/store";
import { metersByResource } from "../growing.ts";
import { monthOf } from "../months.ts";
import type { Calendar } from "../period-query.ts";
import { bucketOf, calendarTags } from "./calendar-tags.ts";
import type { RatedMetric } from "./metrics-file.ts";
import { naive } from "./moments.ts";
import { bookPrices } from "./price-book.ts";
import { type RatedUsage, ratedUsages } from "./rated-points.ts";
import type { RatingBook } from "./rating-book.ts";

export interface ReadingParts {
  readonly store: SampleStore;
  readonly ledger: Ledger;
  readonly calendar: Calendar;
  /** The name of the price book that prices while hashmap is off. */
  readonly priceBook: string;
  readonly metrics: readonly RatedMetric[];
  readonly book: RatingBook;
}

export interface SummaryQuery {
  readonly period: Period;
  /** `type`, `time`, a calendar tag, or any attribute. */
  readonly by: readonly string[];
  readonly filters: ReadonlyMap<string, readonly string[]>;
}

export interface SummaryRow {
  readonly by: readonly string[];
  readonly quantity: Rational;
  readonly price: Rational;
}

/** What was used and what it cost, added up: what is measured here, and what was posted. In the order of `by`. */
export async function summary(parts: ReadingParts, query: SummaryQuery, scope: Scope): Promise<SummaryRow[]> {
  const [measured, kept] = await Promise.all([
    measuredRows(parts, query, scope),
    parts.ledger.pointSums(keptQuery(query), query.by.map(plainName), scope),
  ]);
  const posted = kept.map(({ by, quantity, price }) => ({
    by,
    quantity: parseDecimal(quantity),
    price: parseDecimal(price),
  }));
  const rows = new Map<string, SummaryRow>();
  for (const row of [...measured, ...posted]) {
    const key = JSON.stringify(row.by);
    const known = rows.get(key);
    rows.set(
      key,
      known === undefined
        ? row
        : { by: row.by, quantity: plus(known.quantity, row.quantity), price: plus(known.price, row.price) },
    );
  }
  return [...rows.values()].toSorted((a, b) => compareTexts(a.by, b.by));
}

async function measuredRows(parts: ReadingParts, query: SummaryQuery, scope: Scope): Promise<SummaryRow[]> {
  const terms = [...query.by, ...query.filters.keys()].map(plainName);
  const attributes = terms.filter((term) => term !== "type" && term !== "time");
  const usages = (await measuredUsages(parts, query, attributes, bucketOf(query.by), scope)).filter(isWanted(query));
  const groups = Map.groupBy(usages, (usage) => JSON.stringify(query.by.map((term) => termOf(usage, plainName(term)))));
  return [...groups].map(([key, own]) => ({
    by: JSON.parse(key) as string[],
    quantity: sum(own.map(({ quantity }) => quantity)),
    price: sum(own.map(({ price }) => price)),
  }));
}

export interface PointPage {
  readonly total: number;
  readonly usages: readonly RatedUsage[];
}

/** Hour by hour, by time and type. What was posted comes first: it is what others rated before we did. */
export async function points(
  parts: ReadingParts,
  query: Omit<SummaryQuery, "by">,
  { offset, limit }: { readonly offset: number; readonly limit: number },
  scope: Scope,
): Promise<PointPage> {
  const kept = await parts.ledger.points(keptQuery(query), { offset, limit }, scope);
  const measured = (await measuredUsages(parts, query, undefined, "hour", scope)).filter(isWanted(query));
  const from = Math.max(0, offset - kept.total);
  const usages = [
    ...kept.points.map(usageOf),
    ...measured.toSorted(byTime).slice(from, from + limit - kept.points.length),
  ];
  return { total: kept.total + measured.length, usages };
}

async function measuredUsages(
  { ledger, calendar, priceBook, metrics, book, ...parts }: ReadingParts,
  { period, filters }: Pick<SummaryQuery, "period" | "filters">,
  attributes: readonly string[] | undefined,
  bucket: ReturnType<typeof bucketOf>,
  scope: Scope,
): Promise<RatedUsage[]> {
  const store = totalsOnce(parts.store);
  const sources = {
    store,
    metrics,
    state: await book.read(),
    byResource: await metersByResource(ledger),
    priceBook: bookPrices({ store, ledger }, { zone: calendar.zone, book: priceBook }),
    monthsIn: (span: Period) => monthsIn(span, calendar.zone),
  };
  // What has not happened yet was not used: a hold that reaches into the future is no usage of it.
  const past = { start: period.start, end: at(Math.min(period.end, calendar.clock())) };
  const owner = filters.get("project_id");
  return ratedUsages(
    sources,
    { period: past, bucket, types: filters.get("type"), attributes },
    owner === undefined ? scope : narrowed(scope, owner),
  );
}

/** A store for one question: what was used in a month is asked by what is shown and by what it costs, and told once. */
function totalsOnce(store: SampleStore): SampleStore {
  const known = new Map<string, ReturnType<SampleStore["totals"]>>();
  const totals: SampleStore["totals"] = (query, scope, signal) => {
    const key = JSON.stringify([query, scope.kind === "all" ? "all" : [...scope.projects]]);
    const asked = known.get(key) ?? store.totals(query, scope, signal);
    known.set(key, asked);
    return asked;
  };
  return { ...store, totals };
}

function monthsIn(span: Period, zone: string) {
  const beginnings = [];
  for (let month = monthOf(span.start, zone); month.end < span.end; month = monthOf(month.end, zone))
    beginnings.push(month.end);
  return beginnings;
}

const isWanted =
  ({ filters }: Pick<SummaryQuery, "filters">) =>
  (usage: RatedUsage): boolean =>
    [...filters].every(([term, values]) => values.includes(termOf(usage, plainName(term))));

/** Gnocchi's resource is called `id` by some and `resource_id` by others. */
const plainName = (term: string): string =>
  term === "resource_id" ? "id" : term === "tenant_id" ? "project_id" : term;

const keptQuery = ({ period, filters }: Pick<SummaryQuery, "period" | "filters">) => ({
  period,
  filters: new Map([...filters].map(([term, values]) => [plainName(term), values])),
});

const termOf = ({ type, period, groupby, metadata }: RatedUsage, term: string): string =>
  term === "type" ? type : term === "time" ? `${naive(period.start)}Z` : (groupby[term] ?? metadata[term] ?? "");

const byTime = (a: RatedUsage, b: RatedUsage): number =>
  a.period.start - b.period.start ||
  compareTexts([a.type, a.project, a.groupby["id"] ?? ""], [b.type, b.project, b.groupby["id"] ?? ""]);

const compareTexts = (a: readonly string[], b: readonly string[]): number => {
  const differs = a.findIndex((text, index) => text !== b[index]);
  return differs < 0 ? 0 : (a[differs] ?? "") < (b[differs] ?? "") ? -1 : 1;
};

const usageOf = ({ quantity, price, ...point }: RatedPoint): RatedUsage => ({
  ...point,
  quantity: parseDecimal(quantity),
  price: parseDecimal(price),
});

/** The tags that CloudKitty puts on every point that it is given. */
export const tagged = (point: RatedPoint): RatedPoint => ({
  ...point,
  groupby: { ...point.groupby, ...calendarTags(point.period.start) },
});

/** Every digit that an amount has, where it has an end; else so many that nobody misses any. */
export const digits = (value: Rational): string => decimal(value, PLACES);

const PLACES = 28;
