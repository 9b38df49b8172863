import type { Meter } from "../meter.ts";
import { rational } from "../rational.ts";

/** The unit in which a meter is stored, and the one in which it is shown. */
export type Unit = Pick<Meter, "unit" | "shown">;

export const unitOf = (base: string, shown: string, factor: bigint): Unit => ({
  unit: base,
  shown: { unit: shown, factor: rational(factor) },
});

/** What is counted one by one. */
export const each = (what: string): Unit => unitOf(what, what, 1n);

export const BYTES = each("B");
export const KIBIBYTES = unitOf("B", "KiB", 2n ** 10n);
export const MEBIBYTES = unitOf("B", "MiB", 2n ** 20n);
/** What Cinder, Nova and Manila call a GB. */
export const GIBIBYTES = unitOf("B", "GiB", 2n ** 30n);

export const NANOSECONDS = each("ns");
export const SECONDS = each("s");
export const MEGAHERTZ = unitOf("Hz", "MHz", 10n ** 6n);

/** A reading is a whole number, so what comes with decimals is kept in a unit fine enough for all that a source can tell. */
export const PERCENT = unitOf("ppm", "percent", 10n ** 4n);
export const CELSIUS = unitOf("mC", "C", 1_000n);
export const VOLTS = unitOf("mV", "V", 1_000n);
export const AMPERES = unitOf("mA", "A", 1_000n);
export const WATTS = unitOf("mW", "W", 1_000n);

/** By what others call it. Ceilometer and Cinder say GB and MB where they mean GiB and MiB. */
export const unitNamed = (written: string): Unit | undefined => UNITS.get(written);

const UNITS: ReadonlyMap<string, Unit> = new Map([
  ["B", BYTES],
  ...["KiB", "KB"].map((name) => [name, KIBIBYTES] as const),
  ...["MiB", "MB"].map((name) => [name, MEBIBYTES] as const),
  ...["GiB", "GB"].map((name) => [name, GIBIBYTES] as const),
  ["ns", NANOSECONDS],
  ...["s", "sec", "second", "seconds"].map((name) => [name, SECONDS] as const),
  ["MHz", MEGAHERTZ],
  ...["percent", "%"].map((name) => [name, PERCENT] as const),
  ["C", CELSIUS],
  ["V", VOLTS],
  ["A", AMPERES],
  ["W", WATTS],
]);
