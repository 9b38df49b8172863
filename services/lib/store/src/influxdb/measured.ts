import { allMeters, type Instant, inIdentityOrder, type Period, type Scope, type Usage } from "@raingauge/domain";
import { totalsFrom, usagesFrom, usagesWith } from "../from-readings.ts";
import { refuseFrozen, type UsageQuery } from "../store.ts";
import { inTotalOrder, partsOf, quantitiesOf, type Total, type TotalsQuery, totalOf } from "../totals.ts";
import { isWholeHour } from "../whole-hours.ts";
import { coverages } from "./coverages.ts";
import { frozenHours } from "./hours.ts";
import { readings } from "./readings.ts";
import type { RolledUp } from "./rolled-up/book.ts";
import { usagesRolledUp } from "./rolled-up/measured.ts";
import { readGrounds } from "./rolled-up/sources.ts";
import type { Seen } from "./seen.ts";

/** Usage, as `measure` over all readings would give it. */
export async function usages(seen: Seen, query: UsageQuery, scope: Scope): Promise<Usage[]> {
  const [measured = []] = await usagesOfParts(seen, query, [query.period], scope);
  return measured;
}

/** The same of parts of a period, each by itself; from what is read once for all of them. */
async function usagesOfParts(
  seen: Seen,
  query: UsageQuery,
  parts: readonly Period[],
  scope: Scope,
): Promise<readonly Usage[][]> {
  refuseFrozen(seen.commits.frozen, query);
  const { rolled } = seen.commits;
  if (rolled === undefined || !carries(seen, rolled, query, parts)) return fromReadings(seen, query, parts, scope);
  const grounds = await readGrounds(seen.server, rolled);
  const asked = query.meters ?? allMeters().map(({ name }) => name);
  // A meter that the catalogue did not know then was not rolled up.
  const [old, strange] = [
    asked.filter((name) => grounds.meters.has(name)),
    asked.filter((name) => !grounds.meters.has(name)),
  ];
  const [settled, others] = await Promise.all([
    usagesRolledUp(
      seen,
      { rolled, grounds },
      { ...query, meters: query.meters === undefined && strange.length === 0 ? undefined : old },
      parts,
      scope,
    ),
    fromReadings(seen, { ...query, meters: strange }, parts, scope),
  ]);
  return settled.map((usages, index) => inIdentityOrder([...usages, ...(others[index] ?? [])]));
}

export async function totals(seen: Seen, query: TotalsQuery, scope: Scope, signal?: AbortSignal): Promise<Total[]> {
  refuseFrozen(seen.commits.frozen, query);
  const parts = partsOf(query.period, query.cuts ?? []);
  const { frozen, rolled } = seen.commits;
  if (frozen === undefined && (rolled === undefined || !carries(seen, rolled, query, parts))) {
    const { region, asOf } = query;
    const [samples, coverage] = await Promise.all([readings(seen, query), coverages(seen, { region, asOf })]);
    return totalsFrom({ samples, coverage }, query, scope, signal);
  }
  const measured = await usagesOfParts(seen, query, parts, scope);
  const found = inTotalOrder(measured.flat().map((usage) => totalOf(usage, query.by)));
  return query.only === "quantity" ? quantitiesOf(found) : found;
}

/** Roll-ups know what came before them, and whole hours. */
function carries({ commits }: Seen, rolled: RolledUp, { asOf }: UsageQuery, parts: readonly Period[]): boolean {
  if (asOf !== undefined && asOf < rolled.since) return false;
  const frozen = commits.frozen?.horizon ?? 0;
  const isWhole = (edge: Instant): boolean => isWholeHour(edge) || edge >= rolled.horizon || edge < frozen;
  return parts.every(({ start, end }) => isWhole(start) && isWhole(end));
}

async function fromReadings(
  seen: Seen,
  query: UsageQuery,
  parts: readonly Period[],
  scope: Scope,
): Promise<readonly Usage[][]> {
  const { meters, region, asOf, period } = query;
  const [samples, coverage, hours] = await Promise.all([
    readings(seen, query),
    coverages(seen, { region, asOf }),
    frozenHours(seen, query, period),
  ]);
  const { frozen } = seen.commits;
  const told = { samples, coverage };
  return parts.map((part) =>
    frozen === undefined
      ? usagesFrom(told, { meters, period: part }, scope)
      : usagesWith({ horizon: frozen.horizon, hours }, told, { meters, period: part }, scope),
  );
}
