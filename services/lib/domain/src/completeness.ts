import type { Charge } from "./charge.ts";
import { type Coverage, merged } from "./coverage.ts";
import { at, HOUR_MS, type Instant, lengthMs, MINUTE_MS, overlapMs, type Period, SECOND_MS } from "./instant.ts";
import { meterNamed } from "./meters.ts";
import { type Retirement, retiredAt } from "./retirement.ts";
import type { Usage } from "./usage.ts";

/** How well a bill is founded: what of the time it charges was seen, and what of those who should have watched did. */
export interface Completeness {
  /** Of the time charged: seen, and concluded from what came before and after; summed over everything charged. */
  readonly observedMs: bigint;
  readonly inferredMs: bigint;
  /** How many resources are charged, and of how many nobody confirmed that they ended: an end that is only concluded. */
  readonly resources: number;
  readonly unreconciled: number;
  /** By region and source, of the regions that are billed. */
  readonly watched: readonly Watched[];
}

/** How much of a period one kind of source watched in a region. Of agents only the number: their names are the operator's. */
export interface Watched {
  readonly region: string;
  readonly source: string;
  readonly agents: number;
  /** Those that had fallen silent when the period ended. */
  readonly silent: number;
  /** The period from when each agent first told of itself, once for all of those that do the same; and what of it was watched. */
  readonly expectedMs: bigint;
  readonly seenMs: bigint;
}

/** An agent that told of itself and then no more. */
export interface SilentAgent {
  readonly region: string;
  readonly source: string;
  readonly agent: string;
  readonly since: Instant;
}

/** What is known of the sources' watching in a period, for the regions that it may be asked of. */
export interface Watching {
  readonly watched: readonly Watched[];
  readonly silent: readonly SilentAgent[];
}

/** What has to be asked for of a period's coverage: who fell silent shortly before it is missed in it. */
export const watchingAround = ({ start, end }: Period): Period => ({ start: at(start - SILENT_BEFORE_MS), end });

const SILENT_BEFORE_MS = 24 * HOUR_MS;

/** The same coverage in as few pieces as it can be told in: what an agent told without a gap is one. Pure. */
export function condensed(coverage: readonly Coverage[]): Coverage[] {
  const agents = Map.groupBy(coverage, ({ region, source, agent }) => JSON.stringify([region, source, agent]));
  return [...agents.values()].flatMap((mine) => {
    const last = latest(mine);
    return last === undefined ? [] : merged(mine.map(({ period }) => period)).map((period) => ({ ...last, period }));
  });
}

const latest = (told: readonly Coverage[]): Coverage | undefined =>
  told.reduce<Coverage | undefined>(
    (last, one) => (last !== undefined && last.period.end >= one.period.end ? last : one),
    undefined,
  );

/** Condenses the coverage of a period, and of the day before it; whoever was retired is expected no longer. Pure. */
export function watching(
  coverage: readonly Coverage[],
  period: Period,
  retirements: readonly Retirement[] = [],
): Watching {
  const kinds = Map.groupBy(coverage, ({ region, source }) => JSON.stringify([region, source]));
  const each = [...kinds]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, told]) => watchingOf(told, period, retirements));
  return { watched: each.map(({ watched }) => watched), silent: each.flatMap(({ silent }) => silent) };
}

function watchingOf(
  told: readonly Coverage[],
  period: Period,
  retirements: readonly Retirement[],
): { readonly watched: Watched; readonly silent: readonly SilentAgent[] } {
  const { region = "", source = "" } = told[0] ?? {};
  const agents = Map.groupBy(told, ({ agent }) => (EACH_ITS_OWN.has(source) ? agent : ""));
  const until = (mine: readonly Coverage[]): Period => ({
    start: period.start,
    end: at(Math.min(period.end, retiredAt(mine, retirements) ?? period.end)),
  });
  const seen = [...agents.values()].map((mine) => ({ spans: merged(mine.map((one) => one.period)), due: until(mine) }));
  const silent = [...agents.values()].flatMap((mine) => silentOf(mine, until(mine)));
  const seenMs = seen.flatMap(({ spans }) => spans).reduce((sum, each) => sum + BigInt(overlapMs(each, period)), 0n);
  const expectedMs = seen.reduce((sum, { spans, due }) => sum + BigInt(lengthMs(expected(spans, due))), 0n);
  return { watched: { region, source, agents: agents.size, silent: silent.length, expectedMs, seenMs }, silent };
}

/** Who first tells of itself within a period was not there before. */
const expected = ([first]: readonly Period[], { start, end }: Period): Period => ({
  start: at(Math.max(start, first?.start ?? start)),
  end,
});

/** Whose agents each watch a host of their own; of all others it is enough that one of them watched. */
const EACH_ITS_OWN: ReadonlySet<string> = new Set(["libvirt", "nova.audit"]);

function silentOf(mine: readonly Coverage[], { end }: Period): SilentAgent[] {
  const last = latest(mine);
  if (last === undefined) return [];
  const { region, source, agent, period, confirms } = last;
  const limitMs = confirms === undefined ? LISTENER_LIMIT_MS : confirms.limitSeconds * SECOND_MS;
  return period.end + limitMs >= end ? [] : [{ region, source, agent, since: period.end }];
}

/** A listener tells each minute how far it got. */
const LISTENER_LIMIT_MS = 15 * MINUTE_MS;

/** What a bill of these charges is founded on. Pure. */
export function completeness(charges: readonly Pick<Charge, "usages">[], watched: readonly Watched[]): Completeness {
  const usages = charges.flatMap((charge) => charge.usages);
  const regions = new Set(usages.map(({ region }) => region));
  return {
    observedMs: usages.reduce((sum, { evidence }) => sum + BigInt(evidence.observedMs), 0n),
    inferredMs: usages.reduce((sum, { evidence }) => sum + BigInt(evidence.inferredMs), 0n),
    resources: new Set(usages.map(resourceKey)).size,
    unreconciled: unreconciled(charges).length,
    watched: watched.filter(({ region }) => regions.has(region)),
  };
}

/** A part in per cent, cut off to a tenth, so that it is never more than it was; all of nothing is all. */
export function partPercent(part: bigint, whole: bigint): string {
  const tenths = whole === 0n ? 1_000n : (part * 1_000n) / whole;
  return tenths % 10n === 0n ? `${tenths / 10n}` : `${tenths / 10n}.${tenths % 10n}`;
}

/** The resources of which nobody confirmed that they ended: neither who heard nor who asked. By name. */
export function unreconciled(charges: readonly Pick<Charge, "usages">[]): string[] {
  const ended = charges.flatMap((charge) => charge.usages).filter(isUnconfirmed);
  return [...new Set(ended.map(({ resource }) => resource))].toSorted();
}

/** Only of a meter that says that something is there can it be said to end. */
const isUnconfirmed = ({ meter, evidence, period }: Usage): boolean =>
  evidence.end?.kind === "inferred" && evidence.end.at < period.end && meterNamed(meter)?.existence === true;

const resourceKey = ({ region, resource }: Usage): string => JSON.stringify([region, resource]);
