import { attributeNamed, dimensionsAsked, valuesThatFit } from "./attribute.ts";
import { knownValues } from "./known-values.ts";
import type { Meter } from "./meter.ts";
import { allMeters, meterNamed } from "./meters.ts";
import { alternatives, covers, fits, type Pattern } from "./pattern.ts";
import { bySpecificity, type Conditions, type Price, type PriceBook, REGION, SOFT_DELETED } from "./price.ts";
import type { PriceProblem } from "./term-problems.ts";

/** A price that is never reached: it asks for a value that there is not, or a more specific one always comes first. */
export function unmatchable(price: Price, book: Pick<PriceBook, "prices" | "attributes">): PriceProblem[] {
  const { prices } = book;
  const meter = meterNamed(price.meter);
  if (meter === undefined) return [];
  const impossible = Object.entries(price.where).flatMap(([dimension, pattern]) => {
    const values = knownValues(meter.resourceType, dimension);
    if (values === undefined || values.some((value) => fits(pattern, value))) return [];
    const says = `nothing can match it: ${dimension} is never ${alternatives(pattern).join(" or ")}, only ${values.join(", ")}`;
    return [{ path: ["where", dimension], says }];
  });
  const unattributed = dimensionsAsked([price.where])
    .filter((dimension) => valuesThatFit(dimension, [price.where], book).length === 0)
    .map((dimension) => ({
      path: ["where"],
      says: `nothing can match it: the book's attributes name no ${dimension} that it asks for`,
    }));
  const winner = prices.find((other) => shadows(other, price, meter));
  if (winner === undefined) return [...impossible, ...unattributed];
  return [
    ...impossible,
    ...unattributed,
    { path: ["where"], says: `nothing can match it: ${winner.sku} is more specific and matches all of it` },
  ];
}

function shadows(other: Price, price: Price, meter: Meter): boolean {
  if (other.meter !== price.meter || bySpecificity(other, price) >= 0) return false;
  return Object.entries(other.where).every(([dimension, pattern]) =>
    coversAll(pattern, price.where[dimension], dimension, meter),
  );
}

/** Whether a pattern takes whatever another price lets through, which may have said nothing of that dimension. */
function coversAll(outer: Pattern, inner: Pattern | undefined, dimension: string, meter: Meter): boolean {
  if (inner !== undefined && covers(outer, inner)) return true;
  // What is soft-deleted is free where no price names that state, so that it leaves no hole.
  const values = knownValues(meter.resourceType, dimension)?.filter((value) =>
    inner === undefined ? value !== SOFT_DELETED : fits(inner, value),
  );
  if (values !== undefined) return values.every((value) => fits(outer, value));
  return inner === undefined && dimension === REGION && covers(outer, "*");
}

/**
 * Where usage would find no price, and hold its invoice: a meter of which nothing is said, or one whose every price asks for
 * something.
 */
export function priceHoles({ prices, free }: PriceBook): PriceProblem[] {
  const byMeter = Map.groupBy(prices, ({ meter }) => meter);
  const silent = allMeters().filter(
    ({ name, isPriceable }) => isPriceable && !byMeter.has(name) && !free.includes(name),
  );
  const partial = [...byMeter].flatMap(([name, mine]) => {
    if (mine.some(({ where }) => takesAll(where, meterNamed(name)))) return [];
    const index = prices.findLastIndex(({ meter }) => meter === name);
    return [{ path: ["prices", index], says: `${name} that is like none of its prices has no price` }];
  });
  if (silent.length === 0) return partial;
  const says = `neither priced nor called free: ${list(silent.map(({ name }) => name))}`;
  return [...partial, { path: ["free"], says }];
}

const takesAll = (where: Conditions, meter: Meter | undefined): boolean =>
  Object.entries(where).every(
    ([dimension, pattern]) =>
      (covers(pattern, "*") && attributeNamed(dimension) === undefined) ||
      (meter !== undefined && coversAll(pattern, undefined, dimension, meter)),
  );

const list = (names: readonly string[]): string =>
  names.length <= LISTED ? names.join(", ") : `${names.slice(0, LISTED).join(", ")} and ${names.length - LISTED} more`;

const LISTED = 8;
