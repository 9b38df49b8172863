import { writtenReading } from "@raingauge/openstack/sensor-reading";
import {
  CURRENT,
  FAN,
  FAN_DUTY,
  type Measure,
  POWER,
  type SensorReading,
  sensorReading,
  TEMPERATURE,
  VOLTAGE,
} from "./sensor.ts";

/** What `ipmitool -v sdr list full` says: a paragraph for each sensor, whether or not it reads anything. */
export function sensorsIn(said: string): SensorReading[] {
  return said.split(/\n\s*\n/).flatMap((paragraph) => {
    const line = (name: string): string | undefined =>
      new RegExp(`^ ?${name}[^:\\n]*: (.*)$`, "m").exec(paragraph)?.[1]?.trim();
    const [sensor, text] = [line("Sensor ID"), line("Sensor Reading")];
    const read = text === undefined ? undefined : writtenReading(text);
    const measure = read === undefined ? undefined : measureOf(read.unit, line("Sensor Type") ?? "");
    if (sensor === undefined || read === undefined || measure === undefined) return [];
    return [sensorReading(measure, sensor, read.thousandths)];
  });
}

/** A percentage is anything's, and only a fan's has a meter. */
const measureOf = (unit: string, type: string): Measure | undefined =>
  unit === "percent" && !type.startsWith("Fan") ? undefined : MEASURES.get(unit);

/** By the units of IPMI's own table, in the words of `ipmitool`. */
const MEASURES: ReadonlyMap<string, Measure> = new Map([
  ["degrees C", TEMPERATURE],
  ["Volts", VOLTAGE],
  ["Amps", CURRENT],
  ["Watts", POWER],
  ["RPM", FAN],
  ["percent", FAN_DUTY],
]);

/** What `ipmitool dcmi power reading` says of the whole machine. Undefined where the board does not measure now. */
export function powerIn(said: string): SensorReading | undefined {
  const [, watts] = /^ *Instantaneous power reading: +(\d{1,7}) Watts$/m.exec(said) ?? [];
  const isMeasuring = /^ *Power reading state is: +activated$/m.test(said);
  return watts === undefined || !isMeasuring ? undefined : sensorReading(POWER, "DCMI", BigInt(watts) * 1_000n);
}
