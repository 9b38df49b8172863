import type { Watch } from "./coverage.ts";
import { at, HOUR_MS, type Period } from "./instant.ts";
import { countBefore } from "./line.ts";
import type { Meter } from "./meter.ts";
import type { Sample } from "./sample.ts";
import { inOrder, isEnd, isFirm, untilFinalEnd } from "./timeline.ts";
import { measure, type Usage } from "./usage.ts";
import { states } from "./voice.ts";

/**
 * The usage of each whole hour of a span, as `measure` gives it. One series, of a counter one incarnation: each hour is
 * measured from the few readings that decide it, so that a month costs a month and not seven hundred of them.
 */
export function hourly(meter: Meter, series: readonly Sample[], span: Period, watch: Watch): Usage[] {
  const decisive = windows(meter, series);
  return hoursOf(span).flatMap((hour) => measure(meter, decisive(hour), hour, watch));
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
    return statement === undefined || window.includes(statement)
      ? [...window, ...late]
      : [statement, ...window, ...late];
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
