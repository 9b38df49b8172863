import type { Incarnation, Sample } from "@raingauge/domain";
import { type Subject, subjectOf } from "./points.ts";

/** A row of a store's dictionary of series. */
interface Series extends Pick<Sample, "region" | "meter" | "resource"> {
  /** Sets apart the incarnations of a counter; empty for anything else. */
  readonly life: string;
}

/** What a store's dictionary of claims says of a counter's life: all of it, or how its beginning was known, where the series says the rest. */
interface Claim extends Pick<Sample, "project" | "dimensions"> {
  readonly witnessed?: boolean;
  readonly incarnation?: Incarnation;
}

const lives = new WeakMap<Series, Map<boolean, Incarnation>>();

/** A counter's life is said once, by its series; all its readings share the object. */
export function incarnationOf(
  series: Series,
  { witnessed, incarnation }: Pick<Claim, "witnessed" | "incarnation">,
): Incarnation | undefined {
  if (witnessed === undefined) return incarnation;
  const known = lives.get(series) ?? new Map<boolean, Incarnation>();
  lives.set(series, known);
  const shared = known.get(witnessed);
  if (shared !== undefined) return shared;
  const [host, device, startedAt] = JSON.parse(series.life);
  const made = { host, device, startedAt, witnessed };
  known.set(witnessed, made);
  return made;
}

/** Of whom the points are that a series has by a claim. */
export function subjectClaimed(series: Series, claim: Claim): Subject {
  const { region, meter, resource } = series;
  return subjectOf({ region, meter, resource, ...lifeOf(series, claim) }, claim);
}

function lifeOf(series: Series, claim: Claim): Pick<Sample, "incarnation"> {
  const incarnation = incarnationOf(series, claim);
  return incarnation === undefined ? {} : { incarnation };
}
