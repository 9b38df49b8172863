import { at, type Coverage, type Instant, type Period } from "@raingauge/domain";

/** How much of a period one kind of source provably watched in a region, whichever of its agents did. */
export interface Watched {
  readonly region: string;
  readonly source: string;
  readonly seconds: number;
  /** Where nobody watched, oldest first. */
  readonly gaps: readonly Period[];
}

/** An agent as its own coverage shows it. */
export interface SeenAgent {
  readonly region: string;
  readonly source: string;
  readonly agent: string;
  /** Until when it has told that it was watching. */
  readonly until: Instant;
  readonly confirms: readonly string[];
}

export function watched(coverage: readonly Coverage[], period: Period): Watched[] {
  const kinds = Map.groupBy(coverage, ({ region, source }) => JSON.stringify([region, source]));
  return [...kinds.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, told]) => {
      const [first] = told;
      if (first === undefined) return [];
      const gaps = gapsIn(
        told.map((each) => each.period),
        period,
      );
      const missing = gaps.reduce((total, { start, end }) => total + end - start, 0);
      const seconds = (period.end - period.start - missing) / 1_000;
      return [{ region: first.region, source: first.source, seconds, gaps }];
    });
}

function gapsIn(covered: readonly Period[], { start, end }: Period): Period[] {
  const gaps: Period[] = [];
  let reached = start;
  for (const each of covered.toSorted((a, b) => a.start - b.start)) {
    if (each.start > reached) gaps.push({ start: reached, end: at(Math.min(each.start, end)) });
    reached = at(Math.max(reached, Math.min(each.end, end)));
  }
  return reached < end ? [...gaps, { start: reached, end }] : gaps;
}

export function agents(coverage: readonly Coverage[]): SeenAgent[] {
  const each = Map.groupBy(coverage, ({ region, source, agent }) => JSON.stringify([region, source, agent]));
  return [...each.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, told]) => {
      const last = told.reduce((latest, one) => (one.period.end > latest.period.end ? one : latest));
      const { region, source, agent, period, confirms } = last;
      return [{ region, source, agent, until: period.end, confirms: confirms?.resourceTypes ?? [] }];
    });
}
