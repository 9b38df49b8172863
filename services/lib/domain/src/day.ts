/** A calendar day, `2026-03-29`, in whichever zone it is meant. Days sort as their names do. */
export type Day = string;

export interface DateParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

export const isDay = (text: string): boolean => {
  const [, year, month, day] = DAY.exec(text) ?? [];
  return day !== undefined && daysSinceEpoch(Number(year), Number(month), Number(day)) !== undefined;
};

/** How many days lie from one day to another. */
export const daysBetween = (from: Day, to: Day): number => numberOf(to) - numberOf(from);

export const daysAfter = (day: Day, count: number): Day => nameOf(dateOf(numberOf(day) + count));

/**
 * So many months after a day; where the month is too short, its last day. Always counted from the same day, so that the 31st
 * comes back after a 28th.
 */
export function monthsAfter(anchor: Day, count: number): Day {
  const { year, month, day } = partsOf(anchor);
  const months = year * 12 + month - 1 + count;
  const [inYear, inMonth] = [Math.floor(months / 12), (months % 12) + 1];
  return nameOf({ year: inYear, month: inMonth, day: Math.min(day, monthDays(inYear, inMonth)) });
}

/** In which month since the beginning of the calendar a day lies. */
export function monthNumber(day: Day): number {
  const { year, month } = partsOf(day);
  return year * 12 + month - 1;
}

function partsOf(day: Day): DateParts {
  const [, year, month, inMonth] = DAY.exec(day) ?? [];
  return { year: Number(year), month: Number(month), day: Number(inMonth) };
}

const numberOf = (day: Day): number => {
  const { year, month, day: inMonth } = partsOf(day);
  const days = daysSinceEpoch(year, month, inMonth);
  if (days === undefined) throw new RangeError(`not a day: ${day}`);
  return days;
};

const nameOf = ({ year, month, day }: DateParts): Day =>
  `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;

/** Days from 1970-01-01 in the proleptic Gregorian calendar; undefined for a day that no month has. */
export function daysSinceEpoch(year: number, month: number, day: number): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > monthDays(year, month)) return undefined;
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

export function dateOf(days: number): DateParts {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}

function monthDays(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
