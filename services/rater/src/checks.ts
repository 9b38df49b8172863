import {
  type Account,
  type Charge,
  compare,
  decimal,
  iso,
  type Rational,
  rational,
  type SilentAgent,
  type Usage,
  unreconciled,
} from "@raingauge/domain";
import type { Obstacle } from "./obstacle.ts";

/** What an account wants a second look at before its invoice is issued. */
export const checks = (
  { closing }: Pick<Account, "closing">,
  charges: readonly Charge[],
  silent: readonly SilentAgent[],
): Obstacle[] => [
  ...unseen(closing.seenPercentMin, charges),
  ...fallenSilent(closing.silentAgentsMax, charges, silent),
  ...unconfirmed(closing.unreconciledMax, charges),
];

/** Time that nobody saw was concluded from what came before and after. */
function unseen(least: Rational | undefined, charges: readonly Charge[]): Obstacle[] {
  if (least === undefined) return [];
  const evidence = charges.flatMap(({ usages }) => usages).map((usage) => usage.evidence);
  const seenMs = evidence.reduce((total, { observedMs }) => total + BigInt(observedMs), 0n);
  const allMs = evidence.reduce((total, { inferredMs }) => total + BigInt(inferredMs), seenMs);
  if (allMs === 0n || compare(rational(seenMs * 100n, allMs), least) >= 0) return [];
  const percent = decimal(rational(seenMs * 100n, allMs), 1);
  const says = `only ${percent} % of the charged time was seen; the account asks for ${decimal(least, 6)} %`;
  return [{ check: "seen", says }];
}

/** Of agents in other regions this bill knows nothing. */
function fallenSilent(
  most: number | undefined,
  charges: readonly Charge[],
  silent: readonly SilentAgent[],
): Obstacle[] {
  const regions = new Set(charges.flatMap(({ usages }) => usages).map(({ region }) => region));
  const mine = silent.filter(({ region }) => regions.has(region));
  if (most === undefined || mine.length <= most) return [];
  const says = `${mine.length} ${mine.length === 1 ? "agent" : "agents"} had fallen silent by the end of the period; the account allows ${most}`;
  const names = mine.map(({ region, source, agent, since }) => `${source} ${agent} in ${region} since ${iso(since)}`);
  return [{ check: "silent", says, names }];
}

function unconfirmed(most: number | undefined, charges: readonly Charge[]): Obstacle[] {
  const names = unreconciled(charges);
  if (most === undefined || names.length <= most) return [];
  const says = `of ${names.length} charged ${names.length === 1 ? "resource" : "resources"} nobody confirmed that they ended; the account allows ${most}`;
  return [{ check: "unreconciled", says, names }];
}

/** One for each meter and set of dimensions that no price matches: what to add to the price book. */
export const unpricedObstacles = (unpriced: readonly Usage[]): Obstacle[] => {
  const byKind = Map.groupBy(unpriced, ({ meter, dimensions }) => [meter, ...named(dimensions)].join(" "));
  return [...byKind.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, usages]) => ({ check: "unpriced", says: `no price for ${kind} (${resources(usages)})` }));
};

const named = (dimensions: Readonly<Record<string, string>>): string[] =>
  Object.entries(dimensions)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);

function resources(usages: readonly Usage[]): string {
  const ids = [...new Set(usages.map(({ resource }) => resource))];
  const shown = ids.slice(0, 3).join(", ");
  return ids.length > 3 ? `${shown} and ${ids.length - 3} more` : shown;
}
