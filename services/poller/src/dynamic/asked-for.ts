import {
  type Definitions,
  intervalOf,
  isExcluded,
  type PollingSource,
  type PollsterDefinition,
} from "@raingauge/definitions";
import { METERS, type Meter } from "@raingauge/domain";
import { even } from "./even.ts";
import { type Round, rounds } from "./round.ts";

/** What of what an agent could ask it does ask, and how often. */
export interface AskedFor {
  /** Undefined for what is not asked. */
  secondsOf(work: Work): number | undefined;
  readonly rounds: readonly Round[];
}

/** A sweep or a survey. */
export interface Work {
  readonly name: string;
  readonly resourceTypes?: readonly string[];
}

/** What surveys measure for Ceilometer's meters; those that are asked for nothing else are left out where nobody wants them. */
const MEASURED: Readonly<Record<string, { readonly meters: RegExp; readonly isAll?: true }>> = {
  "swift.survey": { meters: /^storage\.(objects|containers)/, isAll: true },
  "radosgw.survey": { meters: /^radosgw\./, isAll: true },
  "boards.survey": { meters: /^hardware\.ipmi\./, isAll: true },
  "octavia.survey": { meters: /^network\.services\.lb\./ },
  "designate.survey": { meters: /^dns\.zone\./ },
  "cinder.survey": { meters: /^volume\.provider\./ },
};

/**
 * `polling.yaml` says how often what is asked for. What bills rest upon is swept although no source names it, since Ceilometer
 * only hears of it: it is left out where an exclusion says so, or RAINGAUGE_SWEEP_SOURCES. `defaultSeconds` is how often all
 * that the file does not speak of is asked.
 */
export function askedFor(
  { polling, pollsters }: Pick<Definitions, "polling" | "pollsters">,
  defaultSeconds: number,
): AskedFor {
  const central = pollsters.filter(({ namespaces }) => namespaces.includes("central"));
  const ofPollster = (each: PollsterDefinition): number =>
    even(polling === undefined ? defaultSeconds : (intervalOf(polling, each.name) ?? defaultSeconds));
  return {
    rounds: rounds(central, ofPollster),
    secondsOf: (work) => (polling === undefined ? defaultSeconds : secondsIn(polling, work, defaultSeconds)),
  };
}

function secondsIn(polling: readonly PollingSource[], work: Work, defaultSeconds: number): number | undefined {
  const { isAll = false, meters } = measuredBy(work);
  if (meters.length > 0 && meters.every(({ name }) => isExcluded(polling, name))) return undefined;
  const intervals = meters.flatMap((meter) => secondsOfMeter(polling, meter) ?? []);
  if (intervals.length === 0) return isAll ? undefined : defaultSeconds;
  return even(Math.min(...intervals));
}

/** By its own name, or by one that Ceilometer had for it. */
export function secondsOfMeter(polling: readonly PollingSource[], { name, aliases }: Meter): number | undefined {
  const intervals = [name, ...aliases].flatMap((each) => intervalOf(polling, each) ?? []);
  return intervals.length === 0 ? undefined : Math.min(...intervals);
}

function measuredBy({ name, resourceTypes = [] }: Work): {
  readonly isAll: boolean;
  readonly meters: readonly Meter[];
} {
  const measured = MEASURED[name];
  const meters = METERS.filter(({ name: meter, existence, resourceType }) =>
    measured === undefined ? existence && resourceTypes.includes(resourceType) : measured.meters.test(meter),
  );
  return { isAll: measured?.isAll === true, meters };
}
