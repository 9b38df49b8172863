import {
  allMeters,
  at,
  dimensionsKey,
  type Instant,
  meterNamed,
  type Period,
  permits,
  type Rational,
  type Resource,
  rational,
  type Scope,
  type Usage,
  ZERO,
} from "@raingauge/domain";
import type { SampleStore } from "@raingauge/store";
import { attributeOf, isOfHolder, isOfResource, type Known, SIZES } from "./attributes.ts";
import { type Bucket, calendarTags } from "./calendar-tags.ts";
import { hashmapCost, isProportional } from "./hashmap.ts";
import type { RatedMetric } from "./metrics-file.ts";
import { isSwitchedOn, pauses } from "./modules.ts";
import { parted } from "./parted.ts";
import { nextHour, pieces } from "./pieces.ts";
import { type BookPrices, priceKey } from "./price-book.ts";
import { isProportionalTo, quantityOf } from "./quantity.ts";
import type { RatingState } from "./state.ts";
import { type Tariff, tariffOf } from "./tariff.ts";

/** A usage as CloudKitty shows it: so much of a type in a time, what it cost, and what is known of it. */
export interface RatedUsage {
  readonly type: string;
  readonly period: Period;
  readonly project: string;
  readonly unit: string;
  readonly quantity: Rational;
  readonly price: Rational;
  readonly groupby: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface RatedQuery {
  readonly period: Period;
  /** No usage is longer than one of these. */
  readonly bucket: Bucket;
  readonly types?: readonly string[] | undefined;
  /** Attributes that are asked for beside those that the rules need; all of a metric's where it is absent. */
  readonly attributes?: readonly string[] | undefined;
}

export interface RatedSources {
  readonly store: Pick<SampleStore, "measure" | "resources" | "totals">;
  readonly metrics: readonly RatedMetric[];
  readonly state: RatingState;
  /** What things cost while the hashmap module is off: by the price book that makes the invoices. */
  readonly priceBook: BookPrices;
  /** Meters of which a price of any book looks at each resource by itself. */
  readonly byResource: ReadonlySet<string>;
  /** The beginnings of months in the zone of the bills. */
  readonly monthsIn: (period: Period) => readonly Instant[];
}

/** Rates what was measured, each time anew from what is stored by now: a late reading needs no reprocessing. */
export async function ratedUsages(sources: RatedSources, query: RatedQuery, scope: Scope): Promise<RatedUsage[]> {
  const tariff = tariffOf(sources.state);
  const period = { start: at(Math.max(query.period.start, handedOver(sources.state))), end: query.period.end };
  if (period.start >= period.end) return [];
  const metrics = sources.metrics.filter(({ type }) => query.types === undefined || query.types.includes(type));
  const isSmooth = (metric: RatedMetric): boolean => isSummable(metric, tariff, sources, period);
  const smooth = metrics.filter(isSmooth);
  const rough = metrics.filter((metric) => !isSmooth(metric));
  const paused = pauses(sources.state);
  const cuts = [
    ...tariff.edges(period).map(nextHour),
    ...isSwitchedOn(sources.state).edges.map(nextHour),
    ...paused.edges.map(nextHour),
    ...sources.monthsIn(period),
  ];
  const rated: RatedUsage[] = [];
  for (const [chosen, bucket, others] of [[smooth, query.bucket, true] as const, [rough, "hour", false] as const]) {
    if (chosen.length === 0 && !others) continue;
    const asked = pieces(period, bucket, cuts);
    const piecesOf = { ...query, metrics: chosen, all: metrics, others };
    const together = others ? alikeMeters({ ...sources, tariff }, piecesOf, asked) : NONE;
    rated.push(
      ...((await ratedPieces({ ...sources, tariff }, { ...piecesOf, together }, asked, scope)) ??
        (await ratedPieces({ ...sources, tariff }, { ...piecesOf, together: NONE }, asked, scope)) ??
        []),
    );
  }
  return rated.filter(({ project, period: { start } }) => permits(scope, project) && !paused.isPaused(project, start));
}

const NONE: ReadonlySet<string> = new Set();

/** Undefined where resources were not told apart that must be. */
async function ratedPieces(
  sources: TariffSources,
  query: Pieces,
  asked: readonly Period[],
  scope: Scope,
): Promise<RatedUsage[] | undefined> {
  const store = parted(sources.store, asked, query.together);
  const rated: RatedUsage[] = [];
  for (const piece of asked) {
    const mine = await ratedPiece({ ...sources, store }, { ...query, piece }, scope);
    if (mine === undefined) return undefined;
    rated.push(...mine);
  }
  return rated;
}

/**
 * The meters of which nothing that is asked for tells one resource of a project from another: neither an attribute that is
 * shown, nor a rule, nor a price. Their usages are added up before they are rated, which is the same in proportion.
 */
function alikeMeters(
  sources: TariffSources,
  query: Omit<Pieces, "together">,
  asked: readonly Period[],
): ReadonlySet<string> {
  const { metrics, attributes } = query;
  const dimensions = metrics.flatMap(({ meter }) => meter?.dimensions ?? []);
  const isAlike = asked.every((piece) =>
    metrics.every((metric) =>
      needs(sources, { ...query, piece }, metric).every((name) => isOfHolder(name, dimensions)),
    ),
  );
  if (attributes === undefined || !isAlike) return NONE;
  return new Set(
    allMeters()
      .map(({ name }) => name)
      .filter((name) => !sources.byResource.has(name)),
  );
}

/** Whether its hours may be added up before they are rated. */
function isSummable(metric: RatedMetric, tariff: Tariff, { state }: RatedSources, period: Period): boolean {
  if (!isProportionalTo(metric)) return false;
  const moments = [period.start, ...tariff.edges(period)];
  return moments.every(
    (moment) => !isSwitchedOn(state).at(moment) || isProportional(metric.type, tariff.everyRuleAt(moment)),
  );
}

const handedOver = (state: RatingState): number => Math.max(0, ...state.all("handover").map(({ until }) => until));

type TariffSources = RatedSources & { readonly tariff: Tariff };

interface Pieces extends RatedQuery {
  readonly metrics: readonly RatedMetric[];
  readonly all: readonly RatedMetric[];
  /** Whether what is priced but no metric is shown as well. */
  readonly others: boolean;
  /** Meters of which alike usages are one. */
  readonly together: ReadonlySet<string>;
}

interface Piece extends Pieces {
  readonly piece: Period;
}

/** What must be known of a usage. */
const needs = (sources: TariffSources, query: Omit<Piece, "together">, metric: RatedMetric): readonly string[] => [
  ...new Set([
    ...(query.attributes ?? [...metric.groupby, ...metric.metadata]),
    ...ruleFields(sources, metric, query.piece, isSwitchedOn(sources.state).at(query.piece.start)),
  ]),
];

async function ratedPiece(sources: TariffSources, query: Piece, scope: Scope): Promise<RatedUsage[] | undefined> {
  const { metrics, piece, together } = query;
  const isHashmap = isSwitchedOn(sources.state).at(piece.start);
  const needed = metrics.flatMap((metric) => needs(sources, query, metric));
  const meters = metrics.flatMap(({ meter }) => meter?.name ?? []);
  const sizes = needed.flatMap((name) => SIZES[name] ?? []);
  const shows = isHashmap || !query.others;
  if (shows && meters.length === 0) return [];
  const usages = await sources.store.measure(
    { period: piece, ...(shows ? { meters: [...new Set([...meters, ...sizes])] } : {}) },
    scope,
  );
  if (metrics.some((metric) => mustTellApart(metric, usages, together))) return undefined;
  const prices = isHashmap ? undefined : await sources.priceBook(piece.start, scope, together);
  const resources = await resourcesNeeded(sources, query, needed, scope);
  const known = knownOf(usages, resources);
  const ofMetrics = metrics.flatMap((metric) =>
    usages
      .filter(({ meter }) => meter === metric.meter?.name)
      .map((usage): RatedUsage => {
        const attributes = valuesOf(
          [...new Set([...needs(sources, query, metric), ...(query.attributes === undefined ? [] : ["project_id"])])],
          known(usage),
        );
        const quantity = quantityOf(metric, usage);
        return {
          ...shown(metric, usage, attributes),
          period: piece,
          quantity,
          price:
            prices === undefined
              ? hashmapCost(
                  { service: metric.type, quantity, attributes },
                  sources.tariff.at(piece.start, usage.project),
                )
              : isFirstOf(metric, query.all)
                ? costOf(usage, prices)
                : ZERO,
        };
      }),
  );
  if (prices === undefined || !query.others) return ofMetrics.filter(isSomething);
  return [...ofMetrics, ...unlisted(usages, sources.metrics, query, prices, known)].filter(isSomething);
}

/** A metric that counts what there is counts nothing of what is there without weight: then it matters which of them that was. */
const mustTellApart = (metric: RatedMetric, usages: readonly Usage[], together: ReadonlySet<string>): boolean =>
  metric.mutate !== "NONE" &&
  usages.some(
    ({ meter, quantity, evidence }) =>
      meter === metric.meter?.name &&
      together.has(meter) &&
      quantity !== BigInt(evidence.observedMs + evidence.inferredMs),
  );

const isSomething = ({ quantity, price }: RatedUsage): boolean => quantity.numerator !== 0n || price.numerator !== 0n;

/** One meter is paid once, whoever shows it under several names. */
const isFirstOf = (metric: RatedMetric, all: readonly RatedMetric[]): boolean =>
  all.find(({ meter }) => meter === metric.meter) === metric;

const costOf = (usage: Usage, prices: ReadonlyMap<string, Rational>): Rational => {
  const unit = prices.get(priceKey(usage));
  return unit === undefined ? ZERO : rational(unit.numerator * usage.quantity, unit.denominator);
};

const ruleFields = (
  { tariff }: { readonly tariff: Tariff },
  metric: RatedMetric,
  { start }: Period,
  isHashmap: boolean,
): string[] => {
  if (!isHashmap) return [];
  const { mappings, thresholds } = tariff.everyRuleAt(start);
  return [...mappings, ...thresholds].flatMap(({ service, field }) =>
    service === metric.type && field !== undefined ? [field] : [],
  );
};

/** What costs something and no metric names: without it the sum would not be the bill. */
function unlisted(
  usages: readonly Usage[],
  metrics: readonly RatedMetric[],
  { piece, types }: Piece,
  prices: ReadonlyMap<string, Rational>,
  known: (usage: Usage) => Known,
): RatedUsage[] {
  const listed = new Set(metrics.map(({ meter }) => meter?.name));
  return usages.flatMap((usage) => {
    const meter = meterNamed(usage.meter);
    const price = costOf(usage, prices);
    if (meter === undefined || listed.has(usage.meter) || price.numerator === 0n) return [];
    if (types !== undefined && !types.includes(usage.meter)) return [];
    const metric = asMetric(usage.meter);
    const attributes = valuesOf(["id", "project_id", ...Object.keys(usage.dimensions)], known(usage));
    return [{ ...shown(metric, usage, attributes), period: piece, quantity: quantityOf(metric, usage), price }];
  });
}

const asMetric = (name: string): RatedMetric => ({
  type: name,
  unit: meterNamed(name)?.shown.unit ?? "",
  factor: rational(1n),
  offset: ZERO,
  mutate: "NONE",
  map: new Map(),
  groupby: ["id", "project_id"],
  metadata: meterNamed(name)?.dimensions ?? [],
  meter: meterNamed(name),
  isRate: false,
});

function shown(metric: RatedMetric, usage: Usage, attributes: Readonly<Record<string, string>>) {
  const identity = new Set([...metric.groupby, "id", "project_id"]);
  const entries = Object.entries(attributes);
  return {
    type: metric.type,
    project: usage.project,
    unit: metric.unit,
    groupby: {
      ...Object.fromEntries(entries.filter(([name]) => identity.has(name))),
      project_id: usage.project,
      ...calendarTags(usage.period.start),
    },
    metadata: Object.fromEntries(entries.filter(([name]) => !identity.has(name))),
  };
}

const valuesOf = (names: readonly string[], known: Known): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = attributeOf(name, known);
      return value === undefined ? [] : [[name, value]];
    }),
  );

async function resourcesNeeded(
  { store }: RatedSources,
  { metrics, piece }: Piece,
  needed: readonly string[],
  scope: Scope,
): Promise<readonly Resource[]> {
  const dimensions = metrics.flatMap(({ meter }) => meter?.dimensions ?? []);
  return needed.some((name) => isOfResource(name, dimensions)) ? store.resources({ period: piece }, scope) : [];
}

function knownOf(usages: readonly Usage[], resources: readonly Resource[]): (usage: Usage) => Known {
  const byId = new Map(resources.map((resource) => [`${resource.region}\n${resource.id}`, resource]));
  const sizeMeters = new Set(Object.values(SIZES));
  const sizes = Map.groupBy(
    usages.filter(({ meter }) => sizeMeters.has(meter)),
    sizeKey,
  );
  return (usage) => ({
    usage,
    resource: byId.get(`${usage.region}\n${usage.resource}`),
    sizes: new Map((sizes.get(sizeKey(usage)) ?? []).map((size) => [size.meter, size])),
  });
}

const sizeKey = ({ region, resource, dimensions }: Usage): string =>
  JSON.stringify([region, resource, dimensionsKey(dimensions)]);
