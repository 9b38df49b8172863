import { type Finding, well, wrong } from "./finding.ts";

/** Two tellings of one thing are paired up to so far apart; a clock that is further off breaks pairs. */
const APART_MS_MAX = 2_000;

/**
 * How far another clock is from ours. It said `theirs` at some moment between `askedAt` and `answeredAt`, cut down to
 * `grainMs`: what lies within that is not its fault.
 */
export function clockFinding(
  part: string,
  theirs: number,
  askedAt: number,
  answeredAt: number,
  grainMs: number,
): Finding {
  const apart = Math.max(askedAt - (theirs + grainMs), theirs - answeredAt, 0);
  const seconds = (apart / 1_000).toFixed(1);
  if (apart <= APART_MS_MAX) return well(part, "its clock agrees with ours");
  const where = theirs > answeredAt ? "ahead of" : "behind";
  return wrong(part, `its clock is ${seconds} s ${where} ours`, "let chrony or systemd-timesyncd run on both machines");
}
