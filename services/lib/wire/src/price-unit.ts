import type { Meter, PriceUnit } from "@raingauge/domain";

/**
 * Reads what one unit of a price is, in words: `instance hour`, `GB month`, `instance 15 minutes`, `1000 requests`. An accountant's GB is 10^9
 * bytes and an operator's GiB is 2^30; neither is ever taken for the other. Returns a sentence where the words make no sense.
 */
export function priceUnit(words: string, meter: Meter): PriceUnit | string {
  const parts = /^(?:(\d{1,12}) )?(\S+?)(?: ((?:\d{1,6} )?\S+))?$/.exec(words.trim().replace(/\s+/g, " "));
  const [label = "", count = "1", quantityWord = "", timeWords] = parts ?? [];
  const quantity = known(quantities(meter), quantityWord);
  if (quantity === undefined) return misunderstood(words, meter);
  if (timeWords === undefined) return { label, quantity: BigInt(count) * quantity };
  const time = timeOf(timeWords);
  return time === undefined ? misunderstood(words, meter) : { label, ...lasting(time, BigInt(count) * quantity) };
}

/** What one unit of a flat fee is: a time alone, whatever the size of what was there. */
export function flatUnit(words: string): PriceUnit | string {
  const label = words.trim().replace(/\s+/g, " ");
  const time = timeOf(label);
  return time === undefined
    ? `"${words}" is no unit of a flat fee: a flat fee is per ${Object.keys(TIMES).join(", ")}, or so many of them`
    : { label, ...lasting(time, 1n) };
}

/** A length of time as it is written, in milliseconds; a month and a year have none of their own. */
export function lengthOf(words: string): bigint | undefined {
  const time = timeOf(words.trim().replace(/\s+/g, " "));
  return time === undefined || time.unit === "month" ? undefined : time.count * time.unit;
}

/** So many of a unit of time. */
interface Time {
  readonly count: bigint;
  readonly unit: bigint | "month";
}

function timeOf(words: string): Time | undefined {
  const [, count = "1", word = ""] = /^(?:(\d{1,6}) )?(\S+)$/.exec(words) ?? [];
  const time = known(TIMES, word);
  return time === undefined ? undefined : { count: BigInt(count) * time.count, unit: time.unit };
}

/** Twelve months of one are as much as one month of twelve, whatever length a month has. */
const lasting = ({ count, unit }: Time, quantity: bigint): Pick<PriceUnit, "quantity" | "time"> =>
  unit === "month" ? { quantity: quantity * count, time: unit } : { quantity, time: count * unit };

const BYTES: Readonly<Record<string, bigint>> = {
  B: 1n,
  kB: 10n ** 3n,
  MB: 10n ** 6n,
  GB: 10n ** 9n,
  TB: 10n ** 12n,
  KiB: 2n ** 10n,
  MiB: 2n ** 20n,
  GiB: 2n ** 30n,
  TiB: 2n ** 40n,
};

/** By the base unit of a meter, the words in which its prices are told, where they are not the unit itself. */
const QUANTITIES: Readonly<Record<string, Readonly<Record<string, bigint>>>> = {
  vcpu: { vCPU: 1n },
  B: BYTES,
  ns: { "CPU-second": 10n ** 9n, "CPU-hour": 3_600n * 10n ** 9n },
};

const quantities = ({ unit }: Meter): Readonly<Record<string, bigint>> => QUANTITIES[unit] ?? { [unit]: 1n };

/** A day is 24 hours of seconds, whatever the clocks do; a month is what the book says it is, and a year twelve of them. */
const TIMES: Readonly<Record<string, Time>> = {
  second: { count: 1n, unit: 1_000n },
  minute: { count: 1n, unit: 60_000n },
  hour: { count: 1n, unit: 3_600_000n },
  day: { count: 1n, unit: 86_400_000n },
  week: { count: 7n, unit: 86_400_000n },
  month: { count: 1n, unit: "month" },
  year: { count: 12n, unit: "month" },
};

/** The word as it stands, or its plural. */
function known<T>(words: Readonly<Record<string, T>>, word: string): T | undefined {
  const found = Object.entries(words).find(([name]) => word === name || word === `${name}s`);
  return found?.[1];
}

function misunderstood(words: string, meter: Meter): string {
  const known = Object.keys(quantities(meter)).join(", ");
  const times = meter.kind === "gauge" ? `, then ${Object.keys(TIMES).join(", ")}` : "";
  return `"${words}" is no unit of ${meter.name}: write ${known}${times}`;
}
