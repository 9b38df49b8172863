import { NO_USE } from "./adjusting-line.ts";
import { allocate } from "./allocate.ts";
import type { InvoiceTerms, UntaxedLine } from "./invoice.ts";
import { fromMinor, toMinor } from "./money.ts";
import { agreedBook } from "./override.ts";
import type { Price, PriceBook } from "./price.ts";
import { compare, decimal, type Rational, rational, times, ZERO } from "./rational.ts";

/**
 * First what is off single prices, then what is off the whole book, each on the amounts as they are printed above it, so that
 * anybody can work it out from the paper. No discount takes more than there is: a hundred percent leaves nothing. An amount
 * that is off for a whole account is split over its projects by largest remainder, in proportion to what each would pay.
 */
export function discounts(lines: readonly UntaxedLine[], terms: InvoiceTerms): UntaxedLine[] {
  const own = ofPrices(lines, terms);
  const whole = ofBook([...lines, ...own], terms);
  const byProject = Map.groupBy([...own, ...whole], ({ project }) => project);
  return projectsIn(lines).flatMap((project) => byProject.get(project) ?? []);
}

const projectsIn = (lines: readonly UntaxedLine[]): (string | undefined)[] => [
  ...new Set(lines.map(({ project }) => project)),
];

const agreed = ({ account, book }: InvoiceTerms, project?: string): PriceBook =>
  agreedBook(book, { account: account.id, project });

function ofPrices(lines: readonly UntaxedLine[], terms: InvoiceTerms): UntaxedLine[] {
  const single = [...Map.groupBy(lines, ({ project }) => project)].flatMap(([project, mine]) => {
    const { prices } = agreed(terms, project);
    return [...Map.groupBy(mine, ({ sku }) => sku)].flatMap(([sku, its]) => {
      const price = prices.find((each) => each.sku === sku);
      if (price === undefined || isShared(price)) return [];
      return discount(its, price, { project, sku, on: price.description, terms });
    });
  });
  if (terms.isPart === true) return single;
  const shared = agreed(terms).prices.filter(isShared);
  return [
    ...single,
    ...shared.flatMap((price) =>
      split(
        lines.filter(({ sku, project }) => sku === price.sku && agreed(terms, project).prices.some(isSame(price))),
        price.discountAmount,
        { sku: price.sku, on: price.description, terms },
      ),
    ),
  ];
}

const isSame =
  ({ sku }: Price) =>
  (other: Price): boolean =>
    other.sku === sku && isShared(other);

const isShared = ({ scope, discountAmount }: Price): boolean => scope === "account" && discountAmount !== undefined;

function ofBook(lines: readonly UntaxedLine[], terms: InvoiceTerms): UntaxedLine[] {
  const byProject = [...Map.groupBy(lines, ({ project }) => project)];
  const single = byProject.flatMap(([project, mine]) => {
    const book = agreed(terms, project);
    return book.discountScope === "account" ? [] : discount(mine, book, { project, ...EVERYTHING, terms });
  });
  const whole = agreed(terms);
  if (terms.isPart === true || whole.discountScope !== "account") return single;
  const sharing = byProject
    .filter(([project]) => agreed(terms, project).discountScope === "account")
    .flatMap(([, mine]) => mine);
  return [...single, ...split(sharing, whole.discountAmount, { ...EVERYTHING, terms })];
}

const EVERYTHING = { sku: "discount", on: "everything" } as const;

interface Discounted {
  readonly project?: string | undefined;
  readonly sku: string;
  readonly on: string;
  readonly terms: InvoiceTerms;
}

function discount(
  lines: readonly UntaxedLine[],
  { discountPercent: percent, discountAmount: amount }: Pick<PriceBook, "discountPercent" | "discountAmount">,
  on: Discounted,
): UntaxedLine[] {
  const { currency } = on.terms.book;
  const base = fromMinor(due(lines), currency);
  if (compare(base, ZERO) === 0) return [];
  if (percent !== undefined) {
    const tier = { units: base, amount: times(percent, rational(-1n, 100n)) };
    return [off(`${decimal(percent, 12)} %`, tier, on)];
  }
  return amount === undefined ? [] : [off(`${decimal(amount, 12)} ${currency}`, lessOff(least(amount, base)), on)];
}

/** So much off what several projects pay together: a line for each of them. */
function split(lines: readonly UntaxedLine[], amount: Rational | undefined, on: Discounted): UntaxedLine[] {
  const { book, rounding } = on.terms;
  const bases = [...Map.groupBy(lines, ({ project }) => project)].map(([project, mine]) => ({
    project,
    due: due(mine),
  }));
  const all = bases.reduce((total, base) => total + base.due, 0n);
  if (amount === undefined || all <= 0n) return [];
  const taken = toMinor(least(amount, fromMinor(all, book.currency)), book.currency, rounding);
  const parts = allocate(
    taken,
    bases.map((base) => rational(base.due)),
  );
  return bases.flatMap(({ project }, index) => {
    const part = parts[index] ?? 0n;
    const said = `${decimal(amount, 12)} ${book.currency} for the account`;
    return part === 0n ? [] : [off(said, lessOff(fromMinor(part, book.currency)), { ...on, project })];
  });
}

const due = (lines: readonly UntaxedLine[]): bigint => lines.reduce((total, { amount }) => total + amount, 0n);

const least = (a: Rational, b: Rational): Rational => (compare(a, b) <= 0 ? a : b);

const lessOff = (amount: Rational) => ({ units: amount, amount: rational(-1n) });

function off(
  said: string,
  tier: { readonly units: Rational; readonly amount: Rational },
  { project, sku, on, terms: { book, rounding } }: Discounted,
): UntaxedLine {
  const cost = times(tier.units, tier.amount);
  return {
    ...(project === undefined ? {} : { project }),
    kind: "discount",
    sku,
    description: `${said} off ${on}`,
    ...NO_USE,
    units: tier.units,
    unit: book.currency,
    tiers: [{ ...tier, cost }],
    cost,
    amount: toMinor(cost, book.currency, rounding),
  };
}
