import { allocate } from "./allocate.ts";
import type { Charge } from "./charge.ts";
import type { UntaxedLine } from "./invoice.ts";
import { type Currency, toMinor } from "./money.ts";
import { NO_EVIDENCE, sumEvidence } from "./portion.ts";
import { type Rational, sum } from "./rational.ts";
import type { Rounding } from "./rounding.ts";

interface Terms {
  readonly currency: Currency;
  readonly rounding: Rounding;
  /** See `InvoiceTerms`. */
  readonly splitsByLine?: boolean | undefined;
}

/**
 * A line for each charge, in their order, rounded once. What an account's projects, or a project's regions, used together is
 * rounded once for all of them, and that amount is split by largest remainder: their lines add up to what is owed for it. An
 * account's is split over its projects and then over each one's regions, so that a project owes the same however it is told.
 */
export function chargedLines(charges: readonly Charge[], terms: Terms): UntaxedLine[] {
  const amounts = sharedAmounts(charges, terms);
  return charges.map((charge) =>
    line(charge, amounts.get(charge) ?? toMinor(charge.cost, terms.currency, terms.rounding)),
  );
}

function sharedAmounts(charges: readonly Charge[], terms: Terms): ReadonlyMap<Charge, bigint> {
  const shared = charges.filter(({ share }) => share !== undefined);
  const byPrice = Map.groupBy(shared, ({ price, project }) =>
    JSON.stringify(price.scope === "account" ? [price.sku] : [price.sku, project]),
  );
  return new Map([...byPrice.values()].flatMap((mine) => amountsOf(mine, terms)));
}

function amountsOf(charges: readonly Charge[], { currency, rounding, splitsByLine = false }: Terms) {
  const total = toMinor(costOf(charges), currency, rounding);
  if (splitsByLine) return parted(charges, total);
  const projects = [...Map.groupBy(charges, ({ project }) => project).values()];
  const amounts = allocate(total, projects.map(costOf));
  return projects.flatMap((mine, index) => parted(mine, amounts[index] ?? 0n));
}

function parted(charges: readonly Charge[], amount: bigint): (readonly [Charge, bigint])[] {
  const parts = allocate(
    amount,
    charges.map(({ cost }) => cost),
  );
  return charges.map((charge, index) => [charge, parts[index] ?? 0n] as const);
}

const costOf = (charges: readonly Charge[]): Rational => sum(charges.map(({ cost }) => cost));

function line(charge: Charge, amount: bigint): UntaxedLine {
  const { price, region, resource, share, quantity, units, freeUnits, tiers, raised, capped, cost, usages } = charge;
  return {
    project: charge.project,
    ...(region === undefined ? {} : { region }),
    sku: price.sku,
    description: price.description,
    meter: price.meter,
    ...(resource === undefined ? {} : { resource }),
    resources: new Set(usages.map((usage) => usage.resource)).size,
    quantity,
    units,
    unit: price.per.label,
    ...(freeUnits === undefined ? {} : { freeUnits }),
    ...(price.model === undefined ? {} : { model: price.model }),
    ...(share === undefined ? {} : { share }),
    tiers,
    ...(raised === undefined ? {} : { raised }),
    ...(capped === undefined ? {} : { capped }),
    cost,
    amount,
    evidence: usages.map((usage) => usage.evidence).reduce(sumEvidence, NO_EVIDENCE),
  };
}
