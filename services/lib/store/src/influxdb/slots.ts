import { at, type Instant } from "@raingauge/domain";

/** InfluxDB counts nanoseconds and we milliseconds: the rest of the timestamp is room for a million points of one series. */
const SLOTS = 1_000_000;

/** The nanosecond that an identity asks for. What is written again asks for the same, and so overwrites itself. */
export function slotOf(identity: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < identity.length; index++) {
    hash = Math.imul(hash ^ identity.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % SLOTS;
}

/** The nanoseconds of each series that are taken. */
export interface Slots {
  occupy(series: string, time: bigint): void;
  /** The next free nanosecond of the millisecond from the one that the identity asks for; it is taken from now on. */
  take(series: string, moment: Instant, identity: string): bigint;
}

export function slots(): Slots {
  const taken = new Set<string>();
  const key = (series: string, time: bigint): string => `${series} ${time}`;

  return {
    occupy: (series, time) => taken.add(key(series, time)),
    take(series, moment, identity) {
      const wanted = slotOf(identity);
      for (let step = 0; step < SLOTS; step++) {
        const time = nanoseconds(moment) + BigInt((wanted + step) % SLOTS);
        if (taken.has(key(series, time))) continue;
        taken.add(key(series, time));
        return time;
      }
      throw new RangeError(`more than ${SLOTS} points of one series in one millisecond: ${series}`);
    },
  };
}

export const nanoseconds = (moment: Instant): bigint => BigInt(moment) * BigInt(SLOTS);

export const momentOf = (time: bigint): Instant => at(Number(time / BigInt(SLOTS)));

/** The same of nanoseconds as they are written. */
export const momentWritten = (time: string): Instant => at(Number(time.slice(0, -6)));
