import type { Stance } from "@raingauge/domain";

/** Stances as the file codes them, so that a query can tell them apart without a dictionary. Append only: files have them. */
const STANCES = ["sights", "states", "vanishes", "ends"] as const satisfies readonly Stance[];

export const SIGHTS = 0;
export const STATES = 1;
export const VANISHES = 2;
export const ENDS = 3;

export const codeOf = (stance: Stance): number => STANCES.indexOf(stance);

export function stanceOf(code: number): Stance {
  const stance = STANCES[code];
  if (stance === undefined) throw new RangeError(`no stance has the code ${code}`);
  return stance;
}
