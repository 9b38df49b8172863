import {
  at,
  HOUR_MS,
  hourly,
  hourOf,
  type Instant,
  inOrder,
  isEnd,
  isFirm,
  type Meter,
  merged,
  type Period,
  reach,
  type Sample,
  type Usage,
  untilFinalEnd,
  type Watch,
} from "@raingauge/domain";
import { FOREVER } from "./forever.ts";

/** What the roll-ups of a series stand on: enough to tell, when something arrives, from which hour on they do not. */
export interface State {
  readonly since: Instant;
  readonly until: Instant;
  readonly lastAt: Instant;
  /** The last reading that no later one can refute. */
  readonly firmAt: Instant | undefined;
  readonly stated: boolean;
  /** Its last hold ends when the listener's coverage does: from that reading's hour on nothing is rolled up. */
  readonly open: boolean;
}

export interface Work<Series> {
  readonly series: Series;
  readonly period: Period;
  /** At least what decides the period. */
  readonly readings: readonly Sample[];
  /** As many as were known when it was rolled up last, deliveries that count no more among them. */
  readonly known: readonly Sample[];
  /** Its beginning, when it was rolled up last. */
  readonly since: Instant | undefined;
  /** Whatever is later must be recomputed, since the limits changed. */
  readonly staleFrom: Instant | undefined;
}

export interface Recomputed<Series> {
  readonly series: Series;
  /** Whole hours whose roll-ups are replaced … */
  readonly spans: readonly Period[];
  /** … by these. */
  readonly usages: readonly Usage[];
  readonly hours: number;
  readonly state: State;
}

/** Recomputes the hours of one series that what arrived since reaches, and no others. */
export function recompute<Series>(meter: Meter, work: Work<Series>, watch: Watch): Recomputed<Series> {
  const { series, period, readings, known, since, staleFrom } = work;
  const state = stateOf(meter, readings, since, watch);
  const stale = staleFrom === undefined ? [] : [{ start: staleFrom, end: at(FOREVER) }];
  const spans = merged([...reach(meter, known, readings, watch), ...stale].map(inHours)).map((span) =>
    common(span, period),
  );
  const settled = inHours({ start: state.since, end: state.open ? hourOf(state.firmAt ?? state.since) : state.until });
  const computed = spans.map((span) => common(span, settled)).filter(({ start, end }) => start < end);
  return {
    series,
    spans,
    usages: computed.flatMap((span) => hourly(meter, readings, span, watch)),
    hours: computed.reduce((sum, { start, end }) => sum + (end - start) / HOUR_MS, 0),
    state,
  };
}

const inHours = ({ start, end }: Period): Period => ({ start: hourOf(start), end: hourOf(at(end + HOUR_MS - 1)) });

const common = (a: Period, b: Period): Period => ({
  start: at(Math.max(a.start, b.start)),
  end: at(Math.min(a.end, b.end)),
});

function stateOf(meter: Meter, readings: readonly Sample[], known: Instant | undefined, watch: Watch): State {
  const counted = inOrder(meter.kind === "cumulative" ? readings.filter((sample) => !isEnd(sample)) : readings);
  const effect = reach(meter, [], readings, watch);
  const instants = readings.map((sample) => sample.at);
  const lastAt = at(instants.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY));
  const last = untilFinalEnd(counted).alive.findLast(isFirm);
  const open = meter.existence && last !== undefined && last.stance !== "ends" && !isConfirmed(watch, last.at);
  return {
    since: at(Math.min(known ?? FOREVER, effect[0]?.start ?? lastAt)),
    until: at(open ? FOREVER : (effect.at(-1)?.end ?? lastAt + 1)),
    lastAt,
    firmAt: counted.findLast(isFirm)?.at,
    stated: counted.some(({ stance }) => stance === "states"),
    open,
  };
}

/** Some source would have spoken again, and so the hold ends whether or not a listener was listening. */
const isConfirmed = ({ confirmations }: Watch, moment: Instant): boolean =>
  confirmations.some(({ since }) => since <= moment);
