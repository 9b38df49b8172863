import type { Meter } from "../meter.ts";
import { rational } from "../rational.ts";

/** The unit in which a meter is stored, and the one in which it is shown. */
export type Unit = Pick<Meter, "unit" | "shown">;

const unit = (base: string, shown: string, factor: bigint): Unit => ({
  unit: base,
  shown: { unit: shown, factor: rational(factor) },
});

/** What is counted one by one. */
export const each = (what: string): Unit => unit(what, what, 1n);

export const BYTES = each("B");
export const MEBIBYTES = unit("B", "MiB", 2n ** 20n);
/** What Cinder, Nova and Manila call a GB. */
export const GIBIBYTES = unit("B", "GiB", 2n ** 30n);

export const NANOSECONDS = each("ns");
export const SECONDS = each("s");
export const MEGAHERTZ = unit("Hz", "MHz", 10n ** 6n);

/** A reading is a whole number, so what comes with decimals is kept in a unit fine enough for all that a source can tell. */
export const PERCENT = unit("ppm", "percent", 10n ** 4n);
export const CELSIUS = unit("mC", "C", 1_000n);
export const VOLTS = unit("mV", "V", 1_000n);
export const AMPERES = unit("mA", "A", 1_000n);
export const WATTS = unit("mW", "W", 1_000n);
