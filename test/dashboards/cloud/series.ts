export const END = Date.UTC(2026, 2, 15, 10) / 1000;
export const HOUR = 3600;
export const POLL = 300;
export const READINGS = 3 * 24 * HOUR;
export const COSTS = 10 * 24 * HOUR;

export const PROJECTS = ["acme", "bolt", "crane", "dune"] as const;
export const REGIONS = ["RegionOne", "RegionTwo"] as const;

export type Labels = Readonly<Record<string, string>>;
export type At = (second: number) => number | undefined;

export interface Series {
  readonly name: string;
  readonly labels: Labels;
  readonly from: number;
  readonly step: number;
  readonly at: At;
}

export const polled = (name: string, labels: Labels, at: At): Series => ({
  name,
  labels,
  from: END - READINGS,
  step: POLL,
  at,
});
const hourly = (name: string, labels: Labels, at: At): Series => ({
  name,
  labels,
  from: END - COSTS,
  step: HOUR,
  at,
});
export const scraped = (name: string, labels: Labels, at: At): Series => ({
  name,
  labels,
  from: END - 25 * HOUR,
  step: 60,
  at,
});
export const flat =
  (value: number): At =>
  () =>
    value;
/** So much more a second, from the first day on. */
export const growing =
  (perSecond: number): At =>
  (second) =>
    Math.floor((second - (END - COSTS)) * perSecond);
/** The same in the mean, and more at noon than at night; it never falls. */
export const working =
  (perSecond: number): At =>
  (second) => {
    const day = 86_400 / (2 * Math.PI);
    return Math.floor(perSecond * (second - (END - COSTS) + 0.4 * day * (1 - Math.cos(second / day - 1))));
  };
/** A working day: more at noon than at night. */
export const daily = (second: number): number => 1 + 0.5 * Math.sin((second / 86_400) * 2 * Math.PI);

/** What it was used and what it cost in each hour, stamped at the hour's end. */
export const rated = (
  of: Labels,
  service: string,
  meter: string,
  sku: string,
  unit: string,
  quantity: number,
  cost: number,
): Series[] => [
  hourly("raingauge_usage", { ...of, service, meter, unit }, flat(quantity)),
  ...(cost === 0 ? [] : [hourly("raingauge_cost", { ...of, service, meter, sku, currency: "EUR" }, flat(cost))]),
];
