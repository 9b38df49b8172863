import { HOUR_MS, meterNamed, type Usage } from "@raingauge/domain";

/** A usage in the unit in which people read the meter, with its name; of gauges in unit hours. */
export function shownUsage({ meter, quantity }: Pick<Usage, "meter" | "quantity">): [number, string] {
  const known = meterNamed(meter);
  const { unit = "", factor = { numerator: 1n, denominator: 1n } } = known?.shown ?? {};
  const whole = (Number(quantity) * Number(factor.denominator)) / Number(factor.numerator);
  return known?.kind === "gauge" ? [whole / HOUR_MS, `${unit} h`] : [whole, unit];
}
