import { at, type Instant, type Period, parseDecimal } from "@raingauge/domain";
import { type Mapping, type Rules, rulesFor, type Threshold } from "./hashmap.ts";
import type { Kind, MappingDocument, RatingState, ThresholdDocument, Version } from "./state.ts";

/** The hashmap rules of all times, compiled once: an hour that was rated is rated the same for ever. */
export interface Tariff {
  /** The rules in force at an instant, for one project. */
  at(moment: Instant, project: string | undefined): Rules;
  /** Those of everybody and of every project, unordered: which fields are asked for, and whether there are thresholds. */
  everyRuleAt(moment: Instant): Rules;
  /** Where rules begin and end inside a period. */
  edges(period: Period): readonly Instant[];
}

interface Dated<R> {
  readonly from: number;
  readonly until: number;
  readonly rule: R;
}

/** Pure. */
export function tariffOf(state: RatingState): Tariff {
  const placeOf = placesIn(state);
  const mappings = state
    .history("mapping")
    .flatMap((versions) => dated(versions, (rule) => mappingOf(rule, placeOf), untilOf));
  const thresholds = state.history("threshold").flatMap((versions) =>
    dated(
      versions,
      (rule) => thresholdOf(rule, placeOf),
      () => FOREVER,
    ),
  );
  const edges = [...new Set([...mappings, ...thresholds].flatMap(({ from, until }) => [from, until]))].toSorted(
    (a, b) => a - b,
  );
  const compiled = new Map<string, Rules>();
  const everyRuleAt = (moment: Instant): Rules => ({
    mappings: inForce(mappings, moment),
    thresholds: inForce(thresholds, moment),
  });
  return {
    at(moment, project) {
      const epoch = edges.findLastIndex((edge) => edge <= moment);
      const key = `${epoch} ${project ?? ""}`;
      const known = compiled.get(key);
      if (known !== undefined) return known;
      const rules = rulesFor(project, everyRuleAt(moment));
      compiled.set(key, rules);
      return rules;
    },
    everyRuleAt,
    edges: ({ start, end }) => edges.filter((edge) => edge > start && edge < end).map(at),
  };
}

const inForce = <R>(rules: readonly Dated<R>[], moment: Instant): R[] =>
  rules.filter(({ from, until }) => from <= moment && moment < until).map(({ rule }) => rule);

const FOREVER = Number.MAX_SAFE_INTEGER;

const untilOf = ({ end, deleted }: MappingDocument): number => Math.min(end ?? FOREVER, deleted ?? FOREVER);

/** Each wording counts from its writing, the first from the rule's own beginning, until the next one. */
function dated<K extends "mapping" | "threshold", R>(
  versions: readonly Version<K>[],
  ruleOf: (document: NonNullable<Version<K>["document"]>) => R | undefined,
  end: (document: NonNullable<Version<K>["document"]>) => number,
): Dated<R>[] {
  return versions.flatMap(({ document, writtenAt }, index) => {
    const rule = document === undefined ? undefined : ruleOf(document);
    if (document === undefined || rule === undefined) return [];
    const from = index === 0 ? document.from : Math.max(document.from, writtenAt);
    const until = Math.min(end(document), versions[index + 1]?.writtenAt ?? FOREVER);
    return from < until ? [{ from, until, rule }] : [];
  });
}

type Placed = Pick<Mapping, "service" | "field">;

/** A rule's parent by its names. They are found after their deletion too: what was rated under them stays rated. */
function placesIn(state: RatingState): (rule: Pick<MappingDocument, "serviceId" | "fieldId">) => Placed | undefined {
  const everBeen = <K extends Extract<Kind, "service" | "field">>(kind: K) =>
    new Map(
      state
        .history(kind)
        .flatMap((versions) =>
          versions.flatMap(({ document }) => (document === undefined ? [] : [[document.id, document] as const])),
        ),
    );
  const services = everBeen("service");
  const fields = everBeen("field");
  return ({ serviceId, fieldId }) => {
    const field = fieldId === null ? undefined : fields.get(fieldId);
    const service = services.get(field?.serviceId ?? serviceId ?? "");
    if (service === undefined) return undefined;
    return { service: service.name, field: field?.name };
  };
}

function common(rule: MappingDocument | ThresholdDocument, placeOf: ReturnType<typeof placesIn>) {
  const place = placeOf(rule);
  if (place === undefined) return undefined;
  return {
    ...place,
    group: rule.groupId ?? undefined,
    project: rule.tenantId ?? undefined,
    type: rule.type,
    cost: parseDecimal(rule.cost),
  };
}

function mappingOf(rule: MappingDocument, placeOf: ReturnType<typeof placesIn>): Mapping | undefined {
  const base = common(rule, placeOf);
  return base && { ...base, value: rule.fieldId === null ? undefined : rule.value };
}

function thresholdOf(rule: ThresholdDocument, placeOf: ReturnType<typeof placesIn>): Threshold | undefined {
  const base = common(rule, placeOf);
  return base && { ...base, level: parseDecimal(rule.level) };
}
