import { freeUnits } from "./allowance.ts";
import { aboveCap } from "./cap.ts";
import { timeAlive } from "./flat.ts";
import { atLeastUnits, belowLeast } from "./least.ts";
import { meterNamed } from "./meters.ts";
import { agreedBook } from "./override.ts";
import { inIdentityOrder } from "./portion.ts";
import { type Price, type PriceBook, pricing, SOFT_DELETED } from "./price.ts";
import { modelled } from "./price-model.ts";
import { compare, minus, plus, type Rational, rational, sum, times, ZERO } from "./rational.ts";
import type { ChargeTier } from "./tier.ts";
import type { Usage } from "./usage.ts";

/** What usages cost under one version of one price, tier by tier. Exact: rounding belongs to the invoice, once. */
export interface Charge {
  readonly price: Price;
  readonly book: { readonly name: string; readonly version: string };
  readonly project: string;
  /** Set where it is asked for, and all of it was used in one. */
  readonly region?: string;
  /** Set where the price's tiers count each resource by itself. */
  readonly resource?: string;
  /** Which part of the use this is that the price's tiers count together: of its account's, or of its project's in all regions. */
  readonly share?: Rational;
  /** In the usage's own unit: base unit × ms for gauges. */
  readonly quantity: bigint;
  /** In units of the price. */
  readonly units: Rational;
  /** How many of the units fall under the price's allowance; absent where it has none. */
  readonly freeUnits?: Rational;
  readonly tiers: readonly ChargeTier[];
  /** What was added up to the least charge of a use, in the book's currency; absent where the tiers came to more. */
  readonly raised?: Rational;
  /** What the price's cap took off, in the book's currency; absent where it was not reached. */
  readonly capped?: Rational;
  /** In the book's currency: the tiers' costs, raised to the least charge, less what the cap took off. */
  readonly cost: Rational;
  readonly usages: readonly Usage[];
}

export interface Rating {
  readonly charges: readonly Charge[];
  /** Usage that no price matches. Never silently zero: it blocks the invoice unless told otherwise. */
  readonly unpriced: readonly Usage[];
  /**
   * Usage of meters that the book calls free or that no book may price, of soft-deleted resources that no price names, and
   * readings that weigh nothing.
   */
  readonly free: readonly Usage[];
}

/**
 * Prices the usages of one billing period. `usages` must hold everything in the tiers' scope for the whole period, or a
 * tier would be started twice. `monthMs` is the length of the billing period's calendar month in the account's zone. The
 * order of `usages` changes nothing. `account` is who pays for them, for what was agreed with it: a price that counts an
 * account together takes all of them for its. `byRegion`: each region's use is charged by itself, as its part of what fills the
 * same tiers, so that nobody pays more or less for being told where.
 */
export function rate(
  usages: readonly Usage[],
  book: PriceBook,
  monthMs: bigint,
  account?: string,
  byRegion = false,
): Rating {
  const free: Usage[] = [];
  const unpriced: Usage[] = [];
  const groups = new Map<string, Group>();
  const priceOf = agreedPricing(book, account);
  for (const usage of inIdentityOrder(usages)) {
    const price = usage.quantity === 0n ? undefined : priceOf(usage);
    if (price === undefined) (isFree(usage, book) ? free : unpriced).push(usage);
    else gather(groups, { price, usage, byRegion });
  }
  const ordered = [...groups.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
  return { charges: charged(ordered, book, monthMs), unpriced, free };
}

/** A project pays what was agreed with it; what a book says to everybody is put in order once. */
function agreedPricing(book: PriceBook, account: string | undefined): (usage: Usage) => Price | undefined {
  const byBook = new Map<PriceBook, ReturnType<typeof pricing>>();
  const byProject = new Map<string, ReturnType<typeof pricing>>();
  return (usage) => {
    const known = byProject.get(usage.project);
    if (known !== undefined) return known(usage);
    const agreed = agreedBook(book, { account, project: usage.project });
    const priceOf = byBook.get(agreed) ?? pricing(agreed);
    byBook.set(agreed, priceOf);
    byProject.set(usage.project, priceOf);
    return priceOf(usage);
  };
}

function charged(groups: readonly Group[], book: PriceBook, monthMs: bigint): Charge[] {
  const measured = groups.map((group) => ({ ...group, units: unitsOf(group, book, monthMs) }));
  const pools = together(measured, poolKey);
  const isAnyFree = measured.some(({ price }) => price.allowance !== undefined);
  const allowances = together(isAnyFree ? measured : [], allowanceKey);
  return measured.map((group) => {
    const pool = pools.get(group);
    return charge(group, {
      book,
      unitMs: priceUnitSize(group.price, book, monthMs),
      pool: pool?.units ?? ZERO,
      isPart: group.price.scope === "account" || (pool?.parts ?? 0) > 1,
      allowed: allowances.get(group)?.units ?? ZERO,
    });
  });
}

/** What counts as one: how many units that is, and of how many groups. */
interface Together {
  readonly units: Rational;
  readonly parts: number;
}

function together(groups: readonly Measured[], keyOf: (group: Group) => string): ReadonlyMap<Measured, Together> {
  return new Map(
    [...Map.groupBy(groups, keyOf).values()].flatMap((mine) => {
      const all = { units: sum(mine.map(({ units }) => units)), parts: mine.length };
      return mine.map((group) => [group, all] as const);
    }),
  );
}

/** Whose use fills the same tiers: a project's or a resource's own, or that of all of an account's projects. */
const poolKey = ({ price, usages: [usage] }: Group): string =>
  price.scope === "account"
    ? JSON.stringify([price.sku])
    : JSON.stringify([price.sku, usage?.project, price.scope === "resource" ? usage?.resource : ""]);

/** Whose use falls under one allowance. */
const allowanceKey = ({ price, usages: [usage] }: Group): string =>
  JSON.stringify(isShared(price) ? [price.sku] : [price.sku, usage?.project]);

const isShared = ({ scope, allowanceScope }: Price): boolean => scope === "account" || allowanceScope === "account";

/** What has a line of its own. */
interface Group {
  readonly price: Price;
  readonly usages: Usage[];
  readonly byRegion: boolean;
}

interface Gathered {
  readonly price: Price;
  readonly usage: Usage;
  readonly byRegion: boolean;
}

/** A resource is never divided: what is for each of them, as a cap, is not for each region that knows one of its name. */
function gather(groups: Map<string, Group>, { price, usage, byRegion }: Gathered): void {
  const region = byRegion && price.scope !== "resource" ? [usage.region] : [];
  const key = JSON.stringify([price.sku, usage.project, price.scope === "resource" ? usage.resource : "", ...region]);
  const group = groups.get(key);
  if (group === undefined) groups.set(key, { price, usages: [usage], byRegion });
  else group.usages.push(usage);
}

/** What no price matches, and nobody has to say why. */
export const isFree = (usage: Usage, book: PriceBook): boolean =>
  usage.quantity === 0n || isGiven(usage.meter, book) || usage.dimensions["state"] === SOFT_DELETED;

const isGiven = (meter: string, book: PriceBook): boolean =>
  book.free.includes(meter) || meterNamed(meter)?.isPriceable === false;

/** A group with its quantity in units of the price. */
interface Measured extends Group {
  readonly units: Rational;
}

const unitsOf = ({ price, usages }: Group, book: PriceBook, monthMs: bigint): Rational =>
  rational(price.model === "flat" ? timeAlive(usages) : quantityOf(usages), priceUnitSize(price, book, monthMs));

const quantityOf = (usages: readonly Usage[]): bigint => usages.reduce((total, usage) => total + usage.quantity, 0n);

interface Terms {
  readonly book: PriceBook;
  /** How long one unit of the price lasts. */
  readonly unitMs: bigint;
  /** The units that fill the same tiers. */
  readonly pool: Rational;
  /** The units that fall under the same allowance. */
  readonly allowed: Rational;
  /** Others fill the same tiers. */
  readonly isPart: boolean;
}

/** The steps of a price, in their order, each in a file of its own: allowance, tiers, least charge, cap. */
function charge({ price, usages, units, byRegion }: Measured, { book, unitMs, pool, allowed, isPart }: Terms): Charge {
  const counted = isPart ? pool : units;
  const free = price.allowance === undefined ? undefined : freeUnits(counted, allowed, price.allowance);
  const paid = minus(counted, free ?? ZERO);
  const poured = modelled(atLeastUnits(paid, price.least, unitMs), price.tiers, price.model);
  const share = isPart ? shareOf(units, pool) : undefined;
  const tiers = share === undefined ? poured : poured.map((tier) => part(tier, share));
  const tiered = sum(tiers.map(({ cost }) => cost));
  const raised = belowLeast(tiered, paid, price.least);
  const uncapped = plus(tiered, raised);
  const capped = aboveCap(uncapped, price.cap);
  const resource = price.scope === "resource" ? usages[0]?.resource : undefined;
  return {
    price,
    book: { name: book.name, version: book.version },
    project: usages[0]?.project ?? "",
    ...(byRegion ? regionOf(usages) : {}),
    ...(resource === undefined ? {} : { resource }),
    ...(share === undefined ? {} : { share }),
    quantity: quantityOf(usages),
    units,
    ...(free === undefined ? {} : { freeUnits: share === undefined ? free : times(free, share) }),
    tiers,
    ...(compare(raised, ZERO) === 0 ? {} : { raised }),
    ...(compare(capped, ZERO) === 0 ? {} : { capped }),
    cost: minus(uncapped, capped),
    usages,
  };
}

/** None where a resource of one name was used in two. */
const regionOf = (usages: readonly Usage[]): Pick<Charge, "region"> =>
  usages.some(({ region }) => region !== usages[0]?.region) ? {} : { region: usages[0]?.region ?? "" };

/** What was used together is each one's in proportion to what it used, exactly, in every tier. */
const shareOf = (units: Rational, pool: Rational): Rational =>
  compare(pool, ZERO) === 0 ? ZERO : times(units, rational(pool.denominator, pool.numerator));

const part = ({ units, amount, cost }: ChargeTier, share: Rational): ChargeTier => ({
  units: times(units, share),
  amount,
  cost: times(cost, share),
});

const STANDARD_MONTH_MS = 730n * 3_600_000n;

/** How much of the usage's own unit, or of its time, one unit of the price is. */
export function priceUnitSize({ per }: Price, book: PriceBook, monthMs: bigint): bigint {
  const month = book.month === "730h" ? STANDARD_MONTH_MS : monthMs;
  return per.quantity * (per.time === "month" ? month : (per.time ?? 1n));
}
