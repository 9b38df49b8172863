import { chance } from "@raingauge/test/generators/chance.ts";

/** The generated data's names and labels; what the shapes ask for is there. */
const GAUGE = ["m_gauge", 'm_gauge{job="a"}', 'm_gauge{inst=~"i[0-2]"}', 'm_gauge{job!="b"}', 'm_gauge{inst!~"i1|i2"}'];
const COUNTER = ["m_total", 'm_total{job="b"}', 'm_total{inst=~"i.*"}'];
const WINDOW = ["7m", "10m", "33m", "1h"];
const OF_WINDOW = [
  ..."avg_over_time min_over_time max_over_time sum_over_time count_over_time last_over_time".split(" "),
  ..."present_over_time stddev_over_time stdvar_over_time changes resets delta idelta deriv".split(" "),
];
const OF_VALUE =
  "abs ceil floor exp sqrt ln log2 log10 sgn sin cos atan sinh deg rad minute hour day_of_week day_of_month days_in_month month year".split(
    " ",
  );
const AGGREGATES = ["sum", "avg", "min", "max", "count", "group", "stddev", "stdvar"];
const BY = ["", " by (job)", " by (job, inst)", " without (inst)", " by (nothing)"];

/** One query of every kind, varied by a seed. The same seed gives the same queries. */
export function shapes(seed: number, count: number): string[] {
  const below = chance(seed);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  const whole = (from: number, to: number): number => from + below(to - from + 1);
  const gauge = (): string => pick(GAUGE) + pick(["", "", " offset 5m", " offset -3m", " @ end()", " @ start()"]);
  const range = (from: readonly string[]): string =>
    `${pick(from)}[${pick(WINDOW)}]${pick(["", "", " offset 4m", " @ end()"])}`;
  const rate = (): string => `${pick(["rate", "increase", "irate"])}(${range(COUNTER)})`;
  const windowed = (): string => `${pick(OF_WINDOW)}(${range(GAUGE)})`;
  const aggregated = (): string => `${pick(AGGREGATES)}${pick(BY)} (${pick([gauge, rate, windowed])()})`;
  const number = (): string => String(whole(1, 9) / 2);
  const kinds: readonly (() => string)[] = [
    gauge,
    rate,
    windowed,
    aggregated,
    () => `${pick(OF_VALUE)}(${gauge()})`,
    () => `${gauge()} ${pick(["+", "-", "*", "/", "%", "^"])} ${number()}`,
    () => `${number()} ${pick(["+", "-", "*", "/"])} ${gauge()}`,
    () => `${pick(GAUGE)} ${pick([">", "<", ">=", "<=", "==", "!="])}${pick(["", " bool"])} ${number()}0`,
    () => `m_gauge ${pick(["+", "*", "/", ">", "<= bool"])} on (job, inst) m_total`,
    () => `m_gauge ${pick(["+", "-", "/"])} on (job) group_left (team) m_info`,
    () => `m_info ${pick(["+", "-", "/"])} on (job) group_right () m_gauge`,
    () =>
      `${pick(GAUGE)} ${pick(["and", "or", "unless"])} ${pick(["", "on (job) ", "ignoring (inst) "])}${pick(COUNTER)}`,
    () => `${pick(["topk", "bottomk"])}${pick(BY)} (${whole(1, 4)}, ${gauge()})`,
    () => `quantile${pick(BY)} (0.${whole(1, 9)}, ${gauge()})`,
    () => `count_values${pick(BY)} ("value", round(m_gauge / 20))`,
    () => `quantile_over_time(0.${whole(1, 9)}, ${range(GAUGE)})`,
    // Not with `@ end()`, where 2.42 moves the window on with the steps: asked step by step below.
    () => `predict_linear(${pick(GAUGE)}[${pick(WINDOW)}]${pick(["", " offset 4m"])}, ${whole(60, 7200)})`,
    () => `holt_winters(${range(GAUGE)}, 0.${whole(1, 9)}, 0.${whole(1, 9)})`,
    () =>
      `histogram_quantile(0.${whole(1, 9)}, ${pick(["m_bucket", "sum by (le, job) (rate(m_bucket[10m]))", "sum by (le) (m_bucket)"])})`,
    () => `label_replace(m_gauge, "to", "$1-x", "inst", "i(${pick(["0", ".", "(.)"])})")`,
    () => `label_join(m_gauge, "to", "${pick(["", "-"])}", "job", "inst")`,
    () => `absent(${pick(["m_nothing", 'm_nothing{job="a", inst=~"x"}', "m_gauge"])})`,
    () => `absent_over_time(${pick(["m_nothing", 'm_gaps{job="a"}'])}[${pick(["2m", "5m"])}])`,
    () =>
      `${pick(["max", "avg", "sum", "last", "count"])}_over_time(rate(m_total[10m])[${pick(["30m", "1h"])}:${pick(["3m", "7m", ""])}])`,
    () => `clamp(${gauge()}, 20, ${whole(30, 70)})`,
    () => `${pick(["clamp_min", "clamp_max", "round"])}(${gauge()}, ${whole(3, 50)})`,
    () => `scalar(m_gauge{job="a", inst="i1"}) + vector(${number()})`,
    () => `timestamp(${pick(["m_gauge", "m_gauge * 1", "m_gaps"])})`,
    () => `-${pick(GAUGE)} ^ 2`,
    () => `sum(m_gauge) / count(m_gauge) > ${number()}`,
    () => "vector(time()) - timestamp(m_gauge)",
    () => `m_gaps ${pick(["", "offset 7m", "* 2"])}`,
    () => `sum by (job) (m_gaps) or sum by (job) (m_gauge)`,
    () => `sort_desc(${gauge()})`,
  ];
  return Array.from({ length: count }, (_, index) => (kinds[index % kinds.length] ?? gauge)());
}
