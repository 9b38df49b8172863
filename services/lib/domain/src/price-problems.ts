import { unmetered } from "./meters/unmetered.ts";
import { meterNamed } from "./meters.ts";
import { type AgreedTerms, agreedPrice } from "./override.ts";
import { meet, type Pattern } from "./pattern.ts";
import { bySpecificity, type Price, type PriceBook, type PriceUnit, REGION } from "./price.ts";
import { compare, type Rational, rational, times, ZERO } from "./rational.ts";
import type { Tier } from "./tier.ts";

/** What would make a book ambiguous or unusable, and where in the book it stands. */
export interface PriceProblem {
  /** E.g. `["prices", 2, "tiers", 0, "amount"]`. */
  readonly path: readonly (string | number)[];
  readonly says: string;
}

/** All that is wrong with a book, at once. A book with no problem may be published. */
export function priceProblems(book: PriceBook): PriceProblem[] {
  return [
    ...currencyProblems(book),
    ...discountProblems(book),
    ...minimumProblems(book),
    ...book.prices.flatMap((price, index) =>
      priced(price, book).map(({ path, says }) => ({
        path: ["prices", index, ...path],
        says: `price ${price.sku}: ${says}`,
      })),
    ),
    ...overlaps(book),
    ...overrideProblems(book),
    ...freeProblems(book),
  ];
}

const problem = (says: string, ...path: (string | number)[]): PriceProblem => ({ path, says });

const minimumProblems = ({ minimum }: Pick<PriceBook, "minimum">): PriceProblem[] =>
  minimum === undefined || (compare(minimum.amount, ZERO) > 0 && isKept(minimum.amount))
    ? []
    : [problem("a minimum is more than nothing, with at most 12 decimal places", "minimum", "amount")];

const currencyProblems = ({ currency }: PriceBook): PriceProblem[] =>
  /^[A-Z]{3}$/.test(currency)
    ? []
    : [problem(`${currency} is not a currency code of three capital letters`, "currency")];

function priced(price: Price, book: PriceBook): PriceProblem[] {
  const twice = book.prices.find(({ sku }) => sku === price.sku) !== price;
  return [
    ...(twice ? [problem("the article number is used twice", "sku")] : []),
    ...meterProblems(price),
    ...unitProblems(price.per),
    ...flatProblems(price),
    ...termProblems(price),
  ];
}

/** Of the terms that can be agreed with a single customer too. */
const termProblems = (price: Price): PriceProblem[] => [
  ...allowanceProblems(price),
  ...leastProblems(price),
  ...capProblems(price),
  ...discountProblems(price),
  ...tierProblems(price),
];

/** What was agreed with whom must be clear, and as sound as what the book says to everybody. */
export function overrideProblems({ overrides = [], prices }: PriceBook): PriceProblem[] {
  return overrides.flatMap((override, index) => {
    const { account, project } = override;
    const twice = overrides.findIndex((other) => other.account === account && other.project === project) !== index;
    return [
      ...((account === undefined) === (project === undefined)
        ? [problem("it is for an account or for a project")]
        : []),
      ...(twice ? [problem("what was agreed with it stands above already")] : []),
      ...discountProblems(override),
      ...minimumProblems(override),
      ...Object.entries(override.prices).flatMap(([sku, terms]) => agreedProblems(sku, terms, prices)),
    ].map(({ path, says }) => problem(says, "overrides", index, ...path));
  });
}

function agreedProblems(sku: string, terms: AgreedTerms, prices: readonly Price[]): PriceProblem[] {
  const price = prices.find((each) => each.sku === sku);
  if (price === undefined) return [problem(`there is no price ${sku} to agree otherwise`, "prices", sku)];
  return termProblems(agreedPrice(price, terms)).map(({ path, says }) => problem(says, "prices", sku, ...path));
}

function leastProblems({ least, scope, model, per, meter }: Price): PriceProblem[] {
  if (least === undefined) return [];
  const { timeMs, amount } = least;
  const isTime =
    per.time !== undefined && per.time !== "month" && per.quantity === 1n && meterNamed(meter)?.kind === "gauge";
  return [
    ...(scope === "resource"
      ? []
      : [problem("a least charge is for each resource: count each by itself, scope resource", "least")]),
    ...(timeMs === undefined && amount === undefined ? [problem("it says neither time nor amount", "least")] : []),
    ...(amount === undefined || (compare(amount, ZERO) > 0 && isKept(amount))
      ? []
      : [problem("a least amount is more than nothing, with at most 12 decimal places", "least", "amount")]),
    ...(timeMs === undefined || timeMs > 0n ? [] : [problem("a least time is more than nothing", "least", "time")]),
    ...(timeMs === undefined || (isTime && model !== "package")
      ? []
      : [problem("a least time is of a price per thing and length of time, such as instance hour", "least", "time")]),
  ];
}

function meterProblems({ meter: name, where, per }: Price): PriceProblem[] {
  const meter = meterNamed(name);
  if (meter === undefined) return [problem(unmetered(name), "meter")];
  if (!meter.isPriceable) return [problem(`${name} is there to be looked at, and cannot be priced`, "meter")];
  const dimensions = [...meter.dimensions, REGION];
  const strangers = Object.keys(where).filter((dimension) => !dimensions.includes(dimension));
  const timed = per.time !== undefined;
  return [
    ...strangers.map((dimension) =>
      problem(`meter ${name} has the dimensions ${dimensions.join(", ")}, but not ${dimension}`, "where", dimension),
    ),
    ...(meter.kind === "gauge" && !timed
      ? [problem(`${name} lasts, so its price needs a time: hour, day, month`, "per")]
      : []),
    ...(meter.kind !== "gauge" && timed ? [problem(`${name} is counted, so its price can have no time`, "per")] : []),
  ];
}

const unitProblems = ({ quantity, time }: PriceUnit): PriceProblem[] =>
  quantity <= 0n || (typeof time === "bigint" && time <= 0n)
    ? [problem("its unit must be more than nothing", "per")]
    : [];

/** A flat fee knows time and nothing else: whatever else it named would be thought to count, and would not. */
function flatProblems({ model, meter: name, per, tiers }: Price): PriceProblem[] {
  if (model !== "flat") return [];
  return [
    ...(meterNamed(name)?.kind === "gauge"
      ? []
      : [problem(`a flat fee is for being there, and ${name} is counted`, "model")]),
    ...(per.quantity === 1n || per.time === "month"
      ? []
      : [problem("a flat fee is per hour, day or month, whatever the size", "per")]),
    ...(tiers.length > 1 ? [problem("a flat fee has one amount and no tiers", "tiers")] : []),
  ];
}

const allowanceProblems = ({ allowance }: Price): PriceProblem[] =>
  allowance === undefined || compare(allowance, ZERO) > 0
    ? []
    : [problem("an allowance must be more than nothing", "allowance")];

function capProblems({ cap, scope, model, tiers }: Price): PriceProblem[] {
  if (cap === undefined) return [];
  const fee = model === "flat" ? tiers[0]?.amount : undefined;
  return [
    ...(compare(cap, ZERO) > 0 ? [] : [problem("a cap must be more than nothing", "cap")]),
    ...(isKept(cap) ? [] : [problem("a cap has at most 12 decimal places", "cap")]),
    ...(scope === "resource"
      ? []
      : [problem("a cap is for each resource: count each by itself, scope resource", "cap")]),
    ...(fee === undefined || compare(fee, cap) <= 0 ? [] : [problem("its cap is below the fee itself", "cap")]),
  ];
}

/** More than everything would be a payment to the customer, and less than nothing a surcharge in disguise. */
const discountProblems = ({ discountPercent: percent }: Pick<Price, "discountPercent">): PriceProblem[] =>
  percent === undefined || (compare(percent, ZERO) > 0 && compare(percent, rational(100n)) <= 0)
    ? []
    : [problem("a discount is more than 0 % and at most 100 %", "discount")];

function tierProblems({ tiers }: Price): PriceProblem[] {
  if (tiers.length === 0) return [problem("it has no amount", "tiers")];
  return tiers.flatMap((tier, index) => [...amountProblems(tier, index), ...ceilingProblems(tier, index, tiers)]);
}

/** The scale at which amounts are shown and compared: a millionth of a millionth of the currency. */
const AMOUNT_SCALE = rational(10n ** 12n);

const isKept = (amount: Rational): boolean => times(amount, AMOUNT_SCALE).denominator === 1n;

function amountProblems({ amount }: Tier, index: number): PriceProblem[] {
  return [
    ...(compare(amount, ZERO) < 0 ? [problem("an amount cannot be negative", "tiers", index, "amount")] : []),
    ...(isKept(amount) ? [] : [problem("an amount has at most 12 decimal places", "tiers", index, "amount")]),
  ];
}

function ceilingProblems({ upTo }: Tier, index: number, tiers: readonly Tier[]): PriceProblem[] {
  const last = index === tiers.length - 1;
  if (upTo === undefined) return last ? [] : [problem("only the last tier may have no ceiling", "tiers", index)];
  const below: Rational = tiers[index - 1]?.upTo ?? ZERO;
  return [
    ...(last ? [problem("the last tier must have no ceiling", "tiers", index, "upTo")] : []),
    ...(compare(upTo, below) <= 0
      ? [problem("each tier must reach further than the one before", "tiers", index, "upTo")]
      : []),
  ];
}

function overlaps({ prices }: PriceBook): PriceProblem[] {
  return prices.flatMap((b, index) =>
    prices
      .slice(0, index)
      .filter((a) => ties(a, b) && !prices.some((c) => settles(c, a, b)))
      .map((a) =>
        problem(
          `prices ${a.sku} and ${b.sku} overlap: both match ${b.meter} and neither is more specific`,
          "prices",
          index,
          "where",
        ),
      ),
  );
}

function ties(a: Price, b: Price): boolean {
  if (a.meter !== b.meter || bySpecificity(a, b) !== 0) return false;
  return Object.keys({ ...a.where, ...b.where }).every((dimension) =>
    meet(a.where[dimension] ?? "*", b.where[dimension] ?? "*"),
  );
}

function freeProblems({ free, prices }: PriceBook): PriceProblem[] {
  return free.flatMap((name, index) => [
    ...(meterNamed(name) === undefined ? [problem(unmetered(name), "free", index)] : []),
    ...(prices.some(({ meter }) => meter === name)
      ? [problem(`${name} is called free, and has a price`, "free", index)]
      : []),
  ]);
}

/** Whether what matches both has a price of its own: one that asks what either asks and nothing else, and so wins over each. */
const settles = (c: Price, a: Price, b: Price): boolean =>
  c.meter === a.meter &&
  bySpecificity(c, a) < 0 &&
  [a, b].every((either) => conditionsOf(either).every(([name, pattern]) => asks(c, name, pattern))) &&
  conditionsOf(c).every(([name, pattern]) => asks(a, name, pattern) || asks(b, name, pattern));

const conditionsOf = ({ where }: Price): [string, Pattern][] => Object.entries(where);

const asks = ({ where }: Price, name: string, pattern: Pattern): boolean =>
  JSON.stringify(where[name]) === JSON.stringify(pattern);
