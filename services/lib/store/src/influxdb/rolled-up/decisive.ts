import {
  at,
  HOUR_MS,
  hourOf,
  type Instant,
  incarnationKey,
  inOrder,
  isEnd,
  isFirm,
  type Meter,
  reach,
  retained,
  type Sample,
  untilFinalEnd,
  type Watch,
} from "@raingauge/domain";

/**
 * The hour up to which a series' usage is rolled up, of what is known of it before a horizon: whatever comes in the order of
 * things changes nothing before it. That is the hour of its last reading, and the horizon itself where it has ended.
 */
export function settledUntil(meter: Meter, known: readonly Sample[], horizon: Instant): Instant {
  const last = lastOf(meter, known);
  return last === undefined ? horizon : at(Math.min(hourOf(last), horizon));
}

function lastOf(meter: Meter, known: readonly Sample[]): Instant | undefined {
  switch (meter.kind) {
    case "gauge": {
      const { alive } = untilFinalEnd(inOrder(known));
      return alive.at(-1)?.stance === "ends" ? undefined : (alive.findLast(isFirm) ?? alive[0])?.at;
    }
    case "cumulative":
      return lastCounted(known);
    case "delta":
      return undefined;
  }
}

/** Several hosts may count for a while, and none of them is to be left behind; but one that fell silent long ago is. */
function lastCounted(known: readonly Sample[]): Instant | undefined {
  const last = new Map<string, Instant>();
  for (const sample of known.filter((each) => !isEnd(each))) {
    const life = incarnationKey(sample.incarnation);
    last.set(life, at(Math.max(last.get(life) ?? sample.at, sample.at)));
  }
  const instants = [...last.values()];
  const latest = Math.max(...instants);
  return instants.length === 0 ? undefined : at(Math.min(...instants.filter((each) => each >= latest - HOUR_MS)));
}

/** Of what is known of a series before a horizon, what decides its usage from an earlier hour on. */
export const decisiveFrom = <S extends Sample>(meter: Meter, known: readonly S[], from: Instant): S[] => [
  ...retained(meter, known, from),
  ...known.filter((sample) => sample.at >= from),
];

/** Whether what came after a horizon changes anything before the hour up to which its series was rolled up. */
export function reachesBack(
  meter: Meter,
  { decisive, from }: { readonly decisive: readonly Sample[]; readonly from: Instant },
  come: readonly Sample[],
  watch: Watch,
): boolean {
  if (come.length === 0) return false;
  const [first] = reach(meter, decisive, [...decisive, ...come], watch);
  return first !== undefined && first.start < from;
}
