import { compare, parseDecimal, plus, type Rational, rational, sum, times, ZERO } from "@raingauge/domain";

/** What is rated: so much of a service in one period, with what is known of it. */
export interface HashmapPoint {
  readonly service: string;
  readonly quantity: Rational;
  /** As texts: a rule's value is compared with the text, so `8` is not `8.0`. */
  readonly attributes: Readonly<Record<string, string>>;
}

interface Rule {
  /** What it hangs on: a service, or one field of it. */
  readonly service: string;
  readonly field?: string | undefined;
  /** Rules without a group are a group of their own. */
  readonly group?: string | undefined;
  readonly type: "flat" | "rate";
  readonly cost: Rational;
  /** It takes the place of the rule for everybody with the same parent, group, and value or level. */
  readonly project?: string | undefined;
}

export interface Mapping extends Rule {
  /** Of the field; a mapping of a service has none. */
  readonly value?: string | undefined;
}

export interface Threshold extends Rule {
  readonly level: Rational;
}

export interface Rules {
  readonly mappings: readonly Mapping[];
  readonly thresholds: readonly Threshold[];
}

/**
 * What a point costs under CloudKitty's hashmap rules, exactly as CloudKitty reckons it: in each group the highest flat cost
 * and the product of the rates, one threshold (the highest reached), and the groups added up. It cannot be said in our price
 * model, which counts tiers over a month and never over one resource's hour; so it has a twin here. Pure.
 */
export function hashmapCost(point: HashmapPoint, rules: Rules): Rational {
  const mappings = rules.mappings.filter((rule) => rule.service === point.service && isMet(rule, point));
  const thresholds = rules.thresholds.filter((rule) => rule.service === point.service && isReached(rule, point));
  const groups = new Set([...mappings, ...thresholds].map(({ group }) => group));
  return sum(
    [...groups].map((group) =>
      groupCost(
        point.quantity,
        mappings.filter((rule) => rule.group === group),
        highest(thresholds.filter((rule) => rule.group === group)),
      ),
    ),
  );
}

/** The rules of one project: its own take the place of the general ones that say the same. */
export function rulesFor(project: string | undefined, { mappings, thresholds }: Rules): Rules {
  return {
    mappings: preferred(project, mappings, ({ value }) => value ?? ""),
    thresholds: preferred(project, thresholds, ({ level }) => `${level.numerator}/${level.denominator}`),
  };
}

/** Whether twice the quantity costs twice as much, so that hours may be rated together. */
export const isProportional = (service: string, { thresholds }: Rules): boolean =>
  !thresholds.some((rule) => rule.service === service);

function preferred<R extends Rule>(project: string | undefined, rules: readonly R[], textOf: (rule: R) => string): R[] {
  const chosen = new Map<string, R>();
  const general = rules.filter((rule) => rule.project === undefined);
  const own = project === undefined ? [] : rules.filter((rule) => rule.project === project);
  for (const rule of [...general, ...own])
    chosen.set(JSON.stringify([rule.service, rule.field, rule.group, textOf(rule)]), rule);
  return [...chosen.values()];
}

const isMet = ({ field, value }: Mapping, { attributes }: HashmapPoint): boolean =>
  field === undefined || (Object.hasOwn(attributes, field) && attributes[field] === value);

function isReached({ field, level }: Threshold, { attributes, quantity }: HashmapPoint): boolean {
  const reached = field === undefined ? quantity : numberIn(attributes[field]);
  return reached !== undefined && compare(reached, level) >= 0;
}

/** A text that is no number reaches no level. */
const numberIn = (text: string | undefined): Rational | undefined =>
  text !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? parseDecimal(text) : undefined;

const highest = (thresholds: readonly Threshold[]): Threshold | undefined =>
  thresholds.toSorted((a, b) => compare(b.level, a.level))[0];

function groupCost(quantity: Rational, mappings: readonly Mapping[], threshold: Threshold | undefined): Rational {
  let flat = costsOf(mappings, "flat").reduce(larger, ZERO);
  let rate = costsOf(mappings, "rate").reduce(times, rational(1n));
  if (threshold?.field !== undefined) {
    if (threshold.type === "flat") flat = plus(flat, threshold.cost);
    else rate = times(rate, threshold.cost);
  }
  const amount = times(times(rate, flat), quantity);
  if (threshold === undefined || threshold.field !== undefined) return amount;
  return threshold.type === "flat" ? plus(amount, threshold.cost) : times(amount, threshold.cost);
}

const costsOf = (mappings: readonly Mapping[], wanted: Rule["type"]): Rational[] =>
  mappings.filter(({ type }) => type === wanted).map(({ cost }) => cost);

const larger = (a: Rational, b: Rational): Rational => (compare(a, b) >= 0 ? a : b);
