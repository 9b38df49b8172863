import { decimal, type Meter, type Rational, rational, times } from "@raingauge/domain";
import { dimensionOf } from "./attributes.ts";
import { hashmapCost, type Mapping, type Rules, rulesFor } from "./hashmap.ts";
import type { RatedMetric } from "./metrics-file.ts";
import { isProportionalTo } from "./quantity.ts";

/** Hashmap rules as a price book, for the invoices. */
export interface CompiledBook {
  readonly prices: readonly BookEntry[];
  /** By project: what its own rules make of a price, by article number. */
  readonly overrides: readonly {
    readonly project: string;
    readonly prices: Readonly<Record<string, { readonly amount: string }>>;
  }[];
  /** What a price book cannot say, each in a sentence. */
  readonly left: readonly string[];
}

interface BookEntry {
  readonly sku: string;
  readonly description: string;
  readonly meter: string;
  readonly where?: Readonly<Record<string, string>>;
  readonly per: string;
  readonly amount: string;
}

/**
 * Rules without thresholds cost in proportion to what was used, so that a price can say them: one for each combination of the
 * values that rules name, found by rating one unit of it, so that groups, rates and projects' own rules are in it already.
 * A threshold counts in one hour of one resource, which no price over a month can say. Pure.
 */
export function compiledBook(rules: Rules, metrics: readonly RatedMetric[]): CompiledBook {
  const left: string[] = [];
  const prices: BookEntry[] = [];
  const agreed = new Map<string, Record<string, { amount: string }>>();
  const projects = new Set(rules.mappings.flatMap(({ project }) => project ?? []));
  for (const service of new Set([...rules.mappings, ...rules.thresholds].map((rule) => rule.service))) {
    const metric = metrics.find(({ type }) => type === service);
    const obstacle = metric === undefined ? `no metric of the name ${service} is rated` : obstacleTo(metric, rules);
    if (metric?.meter === undefined || obstacle !== undefined) {
      left.push(`${service}: ${obstacle ?? "nothing here measures it"}`);
      continue;
    }
    for (const values of combinations(rules.mappings.filter((rule) => rule.service === service))) {
      const cost = (project: string | undefined) =>
        amountOf(
          hashmapCost({ service, quantity: rational(1n), attributes: values }, rulesFor(project, rules)),
          metric,
        );
      const general = entryOf(metric, metric.meter, values, cost(undefined));
      prices.push(general);
      for (const project of projects) {
        const own = cost(project);
        if (own === general.amount) continue;
        agreed.set(project, { ...agreed.get(project), [general.sku]: { amount: own } });
      }
    }
  }
  return { prices, overrides: [...agreed].map(([project, own]) => ({ project, prices: own })), left };
}

/** Why a price cannot say what rules say of a metric. */
function obstacleTo(metric: RatedMetric, { mappings, thresholds }: Rules): string | undefined {
  const own = mappings.filter(({ service }) => service === metric.type);
  const strange = own.find(({ field }) => field !== undefined && dimensionIn(field, metric.meter) === undefined)?.field;
  const fields = new Set(own.map(({ field }) => field));
  if (metric.meter === undefined) return "nothing here measures it";
  if (thresholds.some(({ service }) => service === metric.type))
    return "a threshold counts in one hour of one resource, and a price over a month; tiers may be what was meant";
  if (!isProportionalTo(metric))
    return `its mutation ${metric.mutate} or offset makes it no multiple of what was measured`;
  const coarse = own.find(({ cost }) => !isFine(times(cost, rational(sizeOf(metric).numerator))));
  if (coarse !== undefined) return `its cost ${decimal(coarse.cost, 28)} has more than ${AMOUNT_PLACES} decimal places`;
  if (strange !== undefined) return `its field ${strange} is no dimension that a price may name`;
  if (
    [...fields].reduce((count, field) => count * (1 + own.filter((rule) => rule.field === field).length), 1) >
    COMBINATIONS_MAX
  )
    return `its fields have more than ${COMBINATIONS_MAX} combinations`;
  return undefined;
}

const COMBINATIONS_MAX = 2_000;

const dimensionIn = (field: string, meter: Meter | undefined): string | undefined => {
  const name = dimensionOf(field);
  return meter?.dimensions.includes(name) === true ? name : undefined;
};

/** Of each field one of its values, or none of them. */
function combinations(mappings: readonly Mapping[]): Record<string, string>[] {
  const fields = Map.groupBy(
    mappings.filter(({ field }) => field !== undefined),
    ({ field }) => field ?? "",
  );
  return [...fields].reduce<Record<string, string>[]>(
    (made, [field, own]) => {
      const values = [...new Set(own.flatMap(({ value }) => value ?? []))];
      return made.flatMap((so) => [so, ...values.map((value) => ({ ...so, [field]: value }))]);
    },
    [{}],
  );
}

function entryOf(
  metric: RatedMetric,
  meter: Meter,
  values: Readonly<Record<string, string>>,
  amount: string,
): BookEntry {
  const where = Object.entries(values).map(([field, value]): [string, string] => [dimensionOf(field), value]);
  const named = where.map(([, value]) => value);
  const { type, isRate } = metric;
  const count = sizeOf(metric).denominator;
  const unit = `${count === 1n ? "" : `${count} `}${meter.shown.unit}`;
  return {
    sku: [type, ...named].join("/"),
    description: named.length === 0 ? type : `${type} ${named.join(", ")}`,
    meter: meter.name,
    ...(where.length === 0 ? {} : { where: Object.fromEntries(where) }),
    per: meter.kind === "gauge" && !isRate ? `${unit} hour` : unit,
    amount,
  };
}

/** A metric may be in another unit than our meter, or be what a counter grew by in each second: so much of ours costs as much. */
const sizeOf = ({ factor, isRate }: RatedMetric): Rational => (isRate ? times(factor, rational(1n, 3_600n)) : factor);

const amountOf = (cost: Rational, metric: RatedMetric): string =>
  decimal(times(cost, rational(sizeOf(metric).numerator)), AMOUNT_PLACES);

/** As fine as a price book has amounts. */
const AMOUNT_PLACES = 12;

const isFine = (cost: Rational): boolean => times(cost, rational(10n ** BigInt(AMOUNT_PLACES))).denominator === 1n;

/** The book as it is published: JSON is YAML. */
export const bookText = (
  { prices, overrides }: CompiledBook,
  head: { readonly name: string; readonly version: string; readonly currency: string },
): string =>
  `# Made from CloudKitty's hashmap rules. Read it, and publish it as any other: raingauge price publish.\n${JSON.stringify({ ...head, month: "calendar", prices, ...(overrides.length === 0 ? {} : { overrides }) }, undefined, 2)}\n`;
