import { growths } from "./counter.ts";
import type { Watch } from "./coverage.ts";
import { holds } from "./hold.ts";
import { at, HOUR_MS, type Period } from "./instant.ts";
import { countBefore } from "./line.ts";
import type { Meter } from "./meter.ts";
import { accumulate, type Portion } from "./portion.ts";
import type { Sample } from "./sample.ts";
import { inOrder, isEnd, isFirm, untilFinalEnd } from "./timeline.ts";
import { deltas, type Usage } from "./usage.ts";
import { inForce, states } from "./voice.ts";

/** The usage of each whole hour of a span. */
export const hourly = (meter: Meter, series: readonly Sample[], span: Period, watch: Watch): Usage[] =>
  piecewise(meter, series, hoursOf(span), watch);

/**
 * The usage of each of some periods, as `measure` gives it. One series, of a counter one incarnation: each is measured from the
 * few readings that decide it, so that a month of hours costs a month and not seven hundred of them.
 */
export function piecewise(meter: Meter, series: readonly Sample[], periods: readonly Period[], watch: Watch): Usage[] {
  const [first] = series;
  if (first === undefined) return [];
  const { region, resource } = first;
  const decisive = windows(meter, series);
  return periods.flatMap((period) =>
    accumulate(portions(meter, decisive(period), period, watch), { region, meter: meter.name, resource, period }),
  );
}

/** What `measure` does with a series, of one that is in order already. */
function portions(meter: Meter, ordered: readonly Sample[], period: Period, watch: Watch): Portion[] {
  switch (meter.kind) {
    case "gauge":
      return holds(meter, ordered, period, watch);
    case "cumulative":
      return growths(inForce(ordered), period);
    case "delta":
      return deltas(ordered, period);
  }
}

const hoursOf = ({ start, end }: Period): Period[] =>
  Array.from({ length: Math.ceil((end - start) / HOUR_MS) }, (_, index) => ({
    start: at(start + index * HOUR_MS),
    end: at(start + (index + 1) * HOUR_MS),
  }));

/** What `slice` keeps, for many periods of one series. */
function windows(meter: Meter, series: readonly Sample[]): (period: Period) => Sample[] {
  const counted = meter.kind === "cumulative" ? series.filter((sample) => !isEnd(sample)) : series;
  const { alive, after } = untilFinalEnd(inOrder(counted));
  const statements = alive.filter(states);

  return ({ start, end }) => {
    const lead = firmFrom(alive, countBefore(alive, start) - 1, -1);
    const tail = firmFrom(alive, countBefore(alive, end), 1);
    const window = alive.slice(
      countBefore(alive, lead?.at ?? start),
      countBefore(alive, at((tail?.at ?? FOREVER) + 1)),
    );
    const statement = statements[Math.max(0, countBefore(statements, start) - 1)];
    const late = after.slice(countBefore(after, start), countBefore(after, end));
    if (statement === undefined || window.includes(statement)) return [...window, ...late];
    return statement.at < start ? [statement, ...window, ...late] : [...window, statement, ...late];
  };
}

function firmFrom(alive: readonly Sample[], index: number, step: 1 | -1): Sample | undefined {
  let here = index;
  while (here >= 0 && here < alive.length) {
    const sample = alive[here];
    if (sample !== undefined && isFirm(sample)) return sample;
    here += step;
  }
  return undefined;
}

const FOREVER = Number.MAX_SAFE_INTEGER - 1;
