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
  return [{ code: "seen", figures: { percent, percentMin: decimal(least, 6) } }];
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
  const names = mine.map(({ region, source, agent, since }) => `${source} ${agent} in ${region} since ${iso(since)}`);
  return [{ code: "silent", figures: { agents: mine.length, agentsMax: most }, names }];
}

function unconfirmed(most: number | undefined, charges: readonly Charge[]): Obstacle[] {
  const open = unreconciled(charges);
  if (most === undefined || open.length <= most) return [];
  return [
    {
      code: "unreconciled",
      figures: { count: open.length, countMax: most, resources: open.slice(0, RESOURCES_NAMED) },
    },
  ];
}

/** One for each meter and set of dimensions that no price matches: what to add to the price book. */
export const unpricedObstacles = (unpriced: readonly Usage[]): Obstacle[] => {
  const byKind = Map.groupBy(unpriced, ({ meter, dimensions }) => [meter, ...named(dimensions)].join(" "));
  return [...byKind.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, [first, ...others]]): Obstacle[] => {
      if (first === undefined) return [];
      const { meter, dimensions } = first;
      const ids = [...new Set([first, ...others].map(({ resource }) => resource))];
      const figures = { meter, dimensions, count: ids.length, resources: ids.slice(0, RESOURCES_NAMED) };
      return [{ code: "unpriced", figures }];
    });
};

const named = (dimensions: Readonly<Record<string, string>>): string[] =>
  Object.entries(dimensions)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);

/** Enough to know where to look; all of them are in the usages. */
const RESOURCES_NAMED = 3;
