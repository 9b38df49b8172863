import { type Rational, rational, times } from "@raingauge/domain";

/** All digits of a fraction whose decimals end; undefined where they do not, because a cut-off figure is another figure. */
export function allDigits(value: Rational): string | undefined {
  const places = placesOf(value.denominator);
  if (places === undefined) return undefined;
  const { numerator } = times(value, rational(10n ** BigInt(places)));
  const digits = (numerator < 0n ? -numerator : numerator).toString().padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  return `${numerator < 0n ? "-" : ""}${whole}${places === 0 ? "" : `.${digits.slice(digits.length - places)}`}`;
}

/** What is left of a denominator when every 2 and 5 is taken out: by so much a fraction is multiplied for its decimals to end. */
export function recurring(denominator: bigint): bigint {
  let rest = denominator;
  for (const factor of [2n, 5n]) while (rest % factor === 0n) rest /= factor;
  return rest;
}

function placesOf(denominator: bigint): number | undefined {
  if (recurring(denominator) !== 1n) return undefined;
  let places = 0;
  for (let scale = 1n; scale % denominator !== 0n; scale *= 10n) places += 1;
  return places;
}
