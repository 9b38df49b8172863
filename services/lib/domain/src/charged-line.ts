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
}

/**
 * A line for each charge, in their order, rounded once. What an account's projects, or a project's regions, used together is
 * rounded once for all of them, and that amount is split by largest remainder: their lines add up to what is owed for it.
 */
export function chargedLines(charges: readonly Charge[], terms: Terms): UntaxedLine[] {
  const amounts = sharedAmounts(charges, terms);
  return charges.map((charge) =>
    line(charge, amounts.get(charge) ?? toMinor(charge.cost, terms.currency, terms.rounding)),
  );
}

function sharedAmounts(charges: readonly Charge[], { currency, rounding }: Terms): ReadonlyMap<Charge, bigint> {
  const shared = charges.filter(({ share }) => share !== undefined);
  const byPrice = Map.groupBy(shared, ({ price, project }) =>
    JSON.stringify(price.scope === "account" ? [price.sku] : [price.sku, project]),
  );
  return new Map(
    [...byPrice.values()].flatMap((mine) => {
      const costs: readonly Rational[] = mine.map(({ cost }) => cost);
      const amounts = allocate(toMinor(sum(costs), currency, rounding), costs);
      return mine.map((charge, index) => [charge, amounts[index] ?? 0n] as const);
    }),
  );
}

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
