import { type Instant, iso, type Period, type Rational } from "@raingauge/domain";
import { writer } from "./canonical.ts";

/** The fields of `field.ts`, written without a codec: as JSON, to the byte what the codec and `canonical` make of them. */
export const textual = (text: string): string => JSON.stringify(text);

export const wholeDigits = (value: bigint): string => `"${value}"`;

export const fractionDigits = ({ numerator, denominator }: Rational): string => `"${numerator}/${denominator}"`;

export function counted(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a count: ${value}`);
  return String(value);
}

export const momentText = (moment: Instant): string => `"${iso(moment)}"`;

export const listOf =
  <T>(write: (member: T) => string) =>
  (members: readonly T[]): string =>
    `[${members.map(write).join(",")}]`;

const writePeriod = writer<Period>({ start: momentText, end: momentText });

/** Nearly everything that is written in a row has the same period. */
export function periodWriter(): (period: Period) => string {
  let last: { readonly start: Instant; readonly end: Instant; readonly text: string } | undefined;
  return (period) => {
    if (last === undefined || last.start !== period.start || last.end !== period.end)
      last = { start: period.start, end: period.end, text: writePeriod(period) };
    return last.text;
  };
}
