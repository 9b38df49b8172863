import { type Alert, secondsOf } from "./alert.ts";

/**
 * What shows that an alert is right: its series run first just below the threshold, then just above it, then below again.
 * promtool must see nothing in the first phase, nothing before `for` has passed, the alert in the second, nothing in the third.
 */
export interface Proof {
  readonly courses: readonly Course[];
  /** The labels that the alert must carry, beside its severity and team. */
  readonly labels: Readonly<Record<string, string>>;
  /** Between two samples; a minute. */
  readonly step?: string;
  /** How long each phase lasts; long enough for the expression's windows and for `for`. Two hours. */
  readonly phase?: string;
  /** When promtool looks, where it is not the ends of the phases but the calendar that decides. */
  readonly checks?: readonly [none: string, fires: string, gone: string];
}

export interface Course {
  readonly series: string;
  readonly below: Line;
  readonly above: Line;
}

/** A value in each sample, so much more with each; or nothing at all. A counter goes on from where it was. */
export type Line =
  | { readonly kind: "gauge"; readonly value: number; readonly slope: number }
  | { readonly kind: "counter"; readonly slope: number }
  | { readonly kind: "absent" };

export const steady = (value: number): Line => ({ kind: "gauge", value, slope: 0 });
export const climbing = (value: number, perSample: number): Line => ({ kind: "gauge", value, slope: perSample });
export const counting = (perSample: number): Line => ({ kind: "counter", slope: perSample });
export const absent: Line = { kind: "absent" };
/** A timestamp that stays so many seconds behind the clock. */
export const behind = (seconds: number): Line => ({ kind: "gauge", value: -seconds, slope: Number.NaN });

export const always = (series: string, line: Line): Course => ({ series, below: line, above: line });

/** One test of promtool's, as its YAML has it. */
export function promtoolTest(
  alert: Alert,
  annotations: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): object {
  const { courses, step = "1m", phase = "2h" } = alert.proof;
  const stepSeconds = secondsOf(step);
  const samples = secondsOf(phase) / stepSeconds;
  const at = (sample: number) => `${sample * stepSeconds}s`;
  const waits =
    secondsOf(alert.for) > stepSeconds
      ? [{ eval_time: `${samples * stepSeconds + secondsOf(alert.for)}s`, exp_alerts: [] }]
      : [];
  const [none, fires, gone] = alert.proof.checks ?? [at(samples), at(2 * samples), at(3 * samples)];
  const checks = [
    { eval_time: none, exp_alerts: [] },
    ...(alert.proof.checks === undefined ? waits : []),
    { eval_time: fires, exp_alerts: [{ exp_labels: labels, exp_annotations: annotations }] },
    { eval_time: gone, exp_alerts: [] },
  ];
  return {
    name: alert.name,
    interval: step,
    input_series: courses.map((course) => ({ series: course.series, values: valuesOf(course, samples, stepSeconds) })),
    alert_rule_test: checks.map((check) => ({ ...check, alertname: alert.name })),
  };
}

/** promtool's notation: `start+slope x count` is count + 1 samples. The first phase has one sample more, the one at zero. */
function valuesOf({ below, above }: Course, samples: number, stepSeconds: number): string {
  let counted = 0;
  const segment = (line: Line, first: number, count: number): string => {
    if (line.kind === "absent") return `_x${count}`;
    if (line.kind === "counter") {
      const start = counted + (first === 0 ? 0 : line.slope);
      counted = start + line.slope * (count - 1);
      return `${start}+${line.slope}x${count - 1}`;
    }
    const [start, slope] = Number.isNaN(line.slope)
      ? [line.value + first * stepSeconds, stepSeconds]
      : [line.value, line.slope];
    return `${start}${slope < 0 ? "" : "+"}${slope}x${count - 1}`;
  };
  return [
    segment(below, 0, samples + 1),
    segment(above, samples + 1, samples),
    segment(below, 2 * samples + 1, samples),
  ].join(" ");
}
