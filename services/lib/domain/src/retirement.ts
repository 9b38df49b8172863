import type { Coverage } from "./coverage.ts";
import type { Instant } from "./instant.ts";

/** That an agent was taken out of service: from then on nobody waits for it, unless it tells of itself once more. */
export interface Retirement {
  readonly region: string;
  readonly source: string;
  readonly agent: string;
  readonly at: Instant;
}

/** From when on nobody waits for the agents that told this, where that is said of whoever told last. Of several words the last. */
export function retiredAt(told: readonly Coverage[], retirements: readonly Retirement[]): Instant | undefined {
  const last = told.reduce<Coverage | undefined>(
    (latest, one) => (latest !== undefined && latest.period.end >= one.period.end ? latest : one),
    undefined,
  );
  if (last === undefined) return undefined;
  const word = retirements.findLast(
    ({ region, source, agent }) => region === last.region && source === last.source && agent === last.agent,
  );
  return word !== undefined && word.at >= last.period.end ? word.at : undefined;
}
