import { readFileSync } from "node:fs";

/** A meter of Ceilometer's by one of its origins. */
export interface CeilometerMeter {
  readonly name: string;
  readonly kind: string;
  readonly unit: string;
  readonly service: string;
}

const FILE = new URL("../reference/ceilometer-meters.csv", import.meta.url);

/** Every row but one that has no name: Magnum's notifications once brought meters of whatever name they liked. */
export const ceilometerMeters = (): CeilometerMeter[] =>
  readFileSync(FILE, "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((row) => row.split(","))
    .map(([name = "", kind = "", unit = "", , service = ""]) => ({ name, kind, unit, service }))
    .filter(({ name }) => !name.startsWith("$"));
