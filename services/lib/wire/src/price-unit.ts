import type { Meter, PriceUnit } from "@raingauge/domain";

/**
 * Reads what one unit of a price is, in words: `instance hour`, `GB month`, `1000 requests`. An accountant's GB is 10^9
 * bytes and an operator's GiB is 2^30; neither is ever taken for the other. Returns a sentence where the words make no sense.
 */
export function priceUnit(words: string, meter: Meter): PriceUnit | string {
  const parts = /^(?:(\d{1,12}) )?(\S+)(?: (\S+))?$/.exec(words.trim().replace(/\s+/g, " "));
  const [label = "", count = "1", quantityWord = "", timeWord] = parts ?? [];
  const quantity = known(quantities(meter), quantityWord);
  const time = timeWord === undefined ? undefined : known(TIMES, timeWord);
  if (quantity === undefined || (timeWord !== undefined && time === undefined)) return misunderstood(words, meter);
  return { label, quantity: BigInt(count) * quantity, ...(time === undefined ? {} : { time }) };
}

/** What one unit of a flat fee is: a time alone, whatever the size of what was there. */
export function flatUnit(words: string): PriceUnit | string {
  const time = known(TIMES, words.trim());
  return time === undefined
    ? `"${words}" is no unit of a flat fee: a flat fee is per second, hour, day or month`
    : { label: words.trim(), quantity: 1n, time };
}

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

/** A day is 24 hours of seconds, whatever the clocks do; a month is what the book says it is. */
const TIMES: Readonly<Record<string, bigint | "month">> = {
  second: 1_000n,
  hour: 3_600_000n,
  day: 86_400_000n,
  month: "month",
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
