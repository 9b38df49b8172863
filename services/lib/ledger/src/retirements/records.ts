import type { Instant, Retirement } from "@raingauge/domain";

/** That an agent was retired, and who said so. */
export interface KeptRetirement extends Retirement {
  readonly by: string;
  readonly note: string;
  readonly saidAt: Instant;
}

/**
 * Which agents were taken out of service. Promises, each held by the suite:
 * 1. A word is only ever added; of several about one agent the last counts, and all of them are told, oldest first.
 */
export interface Retirements {
  retireAgent(retirement: Omit<KeptRetirement, "saidAt">): Promise<KeptRetirement>;
  retirements(): Promise<readonly KeptRetirement[]>;
}
