import type { LedgerOptions } from "../options.ts";
import type { KeptRetirement, Retirements } from "../retirements/records.ts";

export function retirements({ clock }: LedgerOptions): Retirements {
  const kept: KeptRetirement[] = [];
  return {
    async retireAgent(retirement) {
      const word = { ...retirement, saidAt: clock() };
      kept.push(word);
      return word;
    },
    retirements: async () => [...kept],
  };
}
