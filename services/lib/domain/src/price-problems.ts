import { attributeNamed, dimensionsAsked, valuesThatFit } from "./attribute.ts";
import { feeProblems } from "./fee-problems.ts";
import { unmetered } from "./meters/unmetered.ts";
import { meterNamed } from "./meters.ts";
import { overrideProblems } from "./override-problems.ts";
import { meet, type Pattern } from "./pattern.ts";
import { bySpecificity, type Price, type PriceBook, type PriceUnit, REGION } from "./price.ts";
import { discountProblems, minimumProblems, type PriceProblem, problem, termProblems } from "./term-problems.ts";

/** All that is wrong with a book, at once. A book with no problem may be published. */
export function priceProblems(book: PriceBook): PriceProblem[] {
  return [
    ...currencyProblems(book),
    ...discountProblems(book),
    ...minimumProblems(book),
    ...feeProblems(book.fees ?? [], book.prices),
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

const currencyProblems = ({ currency }: PriceBook): PriceProblem[] =>
  /^[A-Z]{3}$/.test(currency)
    ? []
    : [problem(`${currency} is not a currency code of three capital letters`, "currency")];

function priced(price: Price, book: PriceBook): PriceProblem[] {
  const twice = book.prices.find(({ sku }) => sku === price.sku) !== price;
  return [
    ...(twice ? [problem("the article number is used twice", "sku")] : []),
    ...meterProblems(price, book),
    ...unitProblems(price.per),
    ...flatProblems(price),
    ...termProblems(price),
  ];
}

function meterProblems({ meter: name, where, per }: Price, { attributes = {} }: PriceBook): PriceProblem[] {
  const meter = meterNamed(name);
  if (meter === undefined) return [problem(unmetered(name), "meter")];
  if (!meter.isPriceable) return [problem(`${name} is there to be looked at, and cannot be priced`, "meter")];
  const dimensions = [...meter.dimensions, REGION];
  const strangers = Object.keys(where).filter((asked) => {
    const attribute = attributeNamed(asked);
    if (attribute === undefined) return !dimensions.includes(asked);
    return !dimensions.includes(attribute.dimension) || attributes[attribute.dimension] === undefined;
  });
  const timed = per.time !== undefined;
  return [
    ...strangers.map((dimension) =>
      problem(
        dimension.includes(".")
          ? `the book's attributes say nothing of ${dimension}, or ${name} has no such dimension`
          : `meter ${name} has the dimensions ${dimensions.join(", ")}, but not ${dimension}`,
        "where",
        dimension,
      ),
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

function overlaps(book: PriceBook): PriceProblem[] {
  const { prices } = book;
  return prices.flatMap((b, index) =>
    prices
      .slice(0, index)
      .filter((a) => ties(a, b, book) && !prices.some((c) => settles(c, a, b)))
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

function ties(a: Price, b: Price, book: PriceBook): boolean {
  if (a.meter !== b.meter || bySpecificity(a, b) !== 0) return false;
  const asked = [a.where, b.where];
  if (dimensionsAsked(asked).some((dimension) => valuesThatFit(dimension, asked, book).length === 0)) return false;
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
