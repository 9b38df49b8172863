import { at, type Instant, instant, iso } from "@raingauge/domain";

const WRITTEN =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)? ?(Z|[+\- ]\d{2}:?\d{2})?$/;

/**
 * An instant as CloudKitty's callers write it: ISO 8601, only a date, a blank instead of the T, with a zone or without one
 * (then UTC), and with the plus of the zone lost on its way through a URL. Undefined for anything else.
 */
export function readMoment(text: string): Instant | undefined {
  const parts = WRITTEN.exec(text.trim());
  if (parts === null) return undefined;
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = "0", zone = "Z"] = parts;
  try {
    return at(instant(`${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction}Z`) - offsetMs(zone));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Whether only a day was named. */
export const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text.trim());

function offsetMs(zone: string): number {
  if (zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}

/** As v1 writes it: UTC, without saying so; six places where there are any. */
export const naive = (moment: Instant): string =>
  iso(moment).replace(/(\.\d{3})?Z$/, (_, ms: string | undefined) => (ms === undefined ? "" : `${ms}000`));

/** As v2 writes it. */
export const zoned = (moment: Instant): string => `${naive(moment)}+00:00`;

/** As Python prints it in a sentence. */
export const spoken = (moment: Instant): string => naive(moment).replace("T", " ");
