import { type Held, type HeldCode, heldSentence } from "@raingauge/documents";
import { CHECKS, type Check } from "@raingauge/domain";

/** Why an invoice is not issued. */
export type Obstacle = Held & {
  /** Whom it is about, for operators alone: it goes onto no document. */
  readonly names?: readonly string[];
};

/** Which check it is that holds it; of some that is none, and nobody may waive them. */
export const checkOf = ({ code }: { readonly code: HeldCode }): Check | undefined =>
  CHECKS.find((check) => check === code);

/** As it is written onto a document for ever, where somebody waives it. */
export const saysOf = (obstacle: Obstacle): string => heldSentence(obstacle, "en");

/** As operators read it; of many names a few. */
export function reasonOf(obstacle: Obstacle): string {
  const { names = [] } = obstacle;
  const says = saysOf(obstacle);
  if (names.length === 0) return says;
  return `${says} (${names.slice(0, NAMES_MAX).join(", ")}${names.length > NAMES_MAX ? ` and ${names.length - NAMES_MAX} more` : ""})`;
}

const NAMES_MAX = 5;
