import type { Check } from "@raingauge/domain";

/** Why an invoice is not issued. */
export interface Obstacle {
  readonly says: string;
  /** Which check it is that holds it; absent where nobody may waive it. */
  readonly check?: Check;
  /** Whom and what it is about, for operators alone: it goes onto no document. */
  readonly names?: readonly string[];
}

export const obstacle = (says: string): Obstacle => ({ says });

/** As operators read it; of many names a few. */
export function reasonOf({ says, names = [] }: Obstacle): string {
  if (names.length === 0) return says;
  return `${says} (${names.slice(0, NAMES_MAX).join(", ")}${names.length > NAMES_MAX ? ` and ${names.length - NAMES_MAX} more` : ""})`;
}

const NAMES_MAX = 5;
