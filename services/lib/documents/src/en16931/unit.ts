import { type Rational, rational, times } from "@raingauge/domain";
import { recurring } from "../digits.ts";

/** A quantity as an electronic invoice can state it exactly: a decimal number of a unit, and for how many of it the price is. */
export interface StatedQuantity {
  readonly quantity: Rational;
  /** UN/ECE recommendation 20. */
  readonly code: string;
  readonly base: Rational;
}

/**
 * An hour of something is counted in seconds, with the price for 3600 of them: hours cut off to some decimals would not come to
 * the amount. Anything else that does not end in time is counted in as small a part of its unit as makes it end.
 */
export function statedQuantity(units: Rational, label: string): StatedQuantity {
  const code = codeOf(label);
  const seconds = times(units, rational(HOUR_SECONDS));
  if (code === HOUR && ends(seconds)) return { quantity: seconds, code: SECOND, base: rational(HOUR_SECONDS) };
  return ends(units) && code !== HOUR ? { quantity: units, code, base: rational(1n) } : partsOfUnit(units);
}

const ends = ({ denominator }: Rational): boolean => recurring(denominator) === 1n;

const partsOfUnit = (units: Rational): StatedQuantity => {
  const base = rational(recurring(units.denominator));
  return { quantity: times(units, base), code: ONE, base };
};

const ONE = "C62";
const HOUR = "HUR";
const SECOND = "SEC";
const HOUR_SECONDS = 3_600n;

const CODES: Readonly<Record<string, string>> = {
  second: SECOND,
  hour: HOUR,
  day: "DAY",
  month: "MON",
  B: "AD",
  MB: "4L",
  GB: "E34",
  TB: "E35",
  MiB: "E63",
  GiB: "E62",
  TiB: "E61",
};

/** The code of a unit's words. `GB month` has none: it is one of something, and the words stand beside it. */
function codeOf(label: string): string {
  const words = label.split(" ");
  const last = words.at(-1) ?? "";
  const [first = ""] = words;
  if (/^\d+$/.test(first)) return ONE;
  if (words.length === 1) return CODES[first] ?? ONE;
  return last === "hour" && !(first in CODES) ? HOUR : ONE;
}
