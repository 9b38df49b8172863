/** What one sensor of a host read. */
export interface SensorReading {
  readonly meter: string;
  /** As its board calls it; of a host each name is one sensor. */
  readonly sensor: string;
  /** In the meter's base unit; below zero a meter has none, and whoever tells refuses it. */
  readonly value: bigint;
}

/** What is measured, by the unit in which it is read: how many of the meter's base units are a thousandth of one. */
export interface Measure {
  readonly meter: string;
  readonly perThousandth: readonly [multiply: bigint, divide: bigint];
}

const THOUSANDTHS = [1n, 1n] as const;
const ONES = [1n, 1_000n] as const;
const MILLIONTHS_OF_PERCENT = [10n, 1n] as const;

export const TEMPERATURE: Measure = { meter: "hardware.ipmi.temperature", perThousandth: THOUSANDTHS };
export const VOLTAGE: Measure = { meter: "hardware.ipmi.voltage", perThousandth: THOUSANDTHS };
export const CURRENT: Measure = { meter: "hardware.ipmi.current", perThousandth: THOUSANDTHS };
export const POWER: Measure = { meter: "hardware.ipmi.power", perThousandth: THOUSANDTHS };
export const FAN: Measure = { meter: "hardware.ipmi.fan", perThousandth: ONES };
/** How hard a fan is driven, by boards that do not tell how fast it turns. */
export const FAN_DUTY: Measure = { meter: "hardware.ipmi.fan.duty", perThousandth: MILLIONTHS_OF_PERCENT };

export function sensorReading({ meter, perThousandth }: Measure, sensor: string, thousandths: bigint): SensorReading {
  const [multiply, divide] = perThousandth;
  return { meter, sensor, value: (thousandths * multiply + divide / 2n) / divide };
}

/** A name that occurs again is another sensor, counted as the board counts. */
export function numbered<T extends { readonly name: string }>(named: readonly T[]): T[] {
  const seen = new Map<string, number>();
  return named.map((each) => {
    const times = (seen.get(each.name) ?? 0) + 1;
    seen.set(each.name, times);
    return times === 1 ? each : { ...each, name: `${each.name} ${times}` };
  });
}
