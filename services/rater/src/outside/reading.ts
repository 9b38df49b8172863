import {
  type Dimensions,
  type Incarnation,
  type Instant,
  instant,
  at as instantAt,
  type Meter,
  MINUTE_MS,
  meterNamed,
  type Rational,
  type Sample,
  SECOND_MS,
  times,
} from "@raingauge/domain";
import { deltaOf, sampleOf, WireError } from "@raingauge/wire";
import type { RefusalCode, Refused, Told } from "./told.ts";

/** What a reading from outside comes to: a sample, or the reason why none. Pure; throws nothing that a reading can cause. */
export function readingOf(told: Told, region: string): Sample | Refused {
  const unfit = textsOf(told).find((text) => text.length > TEXT_CHARACTERS_MAX || text.includes("\0"));
  if (unfit !== undefined) {
    return unfit.includes("\0")
      ? refused("malformed", "a text holds the character NUL")
      : refused("too_large", `a text of ${unfit.length} characters; ${TEXT_CHARACTERS_MAX} are the most`);
  }
  const meter = meterNamed(told.meter);
  if (meter === undefined)
    return refused("meter_unknown", `no meter is called ${told.meter}; GET /v1/meters lists them`);
  const factor = factorOf(told.unit, meter);
  if (factor === undefined) {
    return refused(
      "unit_unknown",
      `${meter.name} is told in ${meter.unit} or ${meter.shown.unit}, not in ${told.unit}`,
    );
  }
  const value = wholeOf(times(told.value, factor), meter);
  if (value === undefined) {
    return refused("value_not_whole", `${meter.name} is kept in whole ${meter.unit}, and a price may hang on it`);
  }
  const moment = momentOf(told.at);
  if (moment === undefined) return refused("instant_malformed", "not an RFC 3339 time with its zone");
  if (meter.kind === "delta" && told.id === undefined) {
    return refused(
      "id_missing",
      `${meter.name} is a difference: without an id it would count again each time it is sent`,
    );
  }
  const startedAt = told.counter?.startedAt;
  const since = startedAt === undefined ? SINCE_EVER : momentOf(startedAt);
  if (since === undefined) {
    return refused("instant_malformed", "since when it counts is not an RFC 3339 time with its zone");
  }
  try {
    return (meter.kind === "delta" ? deltaOf : sampleOf)({
      region: told.region ?? region,
      project: told.project,
      meter: meter.name,
      resource: told.resource,
      at: moment,
      value,
      origin: "poll",
      source: told.source,
      ...claimOf(told, meter),
      sequence: moment * 1_000,
      message: told.id ?? `${told.source} ${told.resource} ${moment}`,
      ...(meter.kind === "cumulative" ? { incarnation: incarnationOf(told, since) } : {}),
    });
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return refused(codeOf(error), error.message);
  }
}

export const isRefused = (read: Sample | Refused): read is Refused => "code" in read;

const refused = (code: RefusalCode, says: string): Refused => ({ code, says });

const codeOf = ({ code }: WireError): RefusalCode => {
  if (code === "value_out_of_range" || code === "instant_out_of_range" || code === "name_missing") return code;
  return code === "too_large" ? code : "malformed";
};

/** Units go by several names: Ceilometer says GB where it means GiB, and MB where it means MiB. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  GiB: ["GB"],
  MiB: ["MB"],
  percent: ["%"],
  s: ["sec", "second", "seconds"],
};

/** How many base units one of it is. */
function factorOf(unit: string | undefined, meter: Meter): Rational | undefined {
  const { shown } = meter;
  if (unit === undefined || unit === meter.unit) return ONE;
  return unit === shown.unit || SAME[shown.unit]?.includes(unit) === true ? shown.factor : undefined;
}

const ONE: Rational = { numerator: 1n, denominator: 1n };

/**
 * What measures the use of a guest's memory comes with decimals, and is rounded down; what a price hangs on and is no
 * measurement does not.
 */
function wholeOf({ numerator, denominator }: Rational, { kind, existence }: Meter): bigint | undefined {
  const rest = numerator % denominator;
  if (rest !== 0n && (existence || kind === "delta")) return undefined;
  return numerator / denominator - (rest < 0n ? 1n : 0n);
}

/** RFC 3339 with any offset, or UTC milliseconds; what is finer than a millisecond is cut off. */
function momentOf(at: string | number): Instant | undefined {
  if (typeof at === "number") return instantAt(at);
  const [, local = "", sign = "+", hours = "00", minutes = "00"] = RFC_3339.exec(at) ?? [];
  try {
    const ahead = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS * (sign === "-" ? -1 : 1);
    return instantAt(instant(`${local.replace(" ", "T")}Z`) - ahead);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
}

const RFC_3339 = /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,3})?)\d*(?:[Zz]|([+-])(\d\d):?(\d\d))$/;

/** A counter's reading states nothing, as an agent's own does not: its project is its resource's. */
function claimOf({ dimensions = {}, stance }: Told, meter: Meter): Pick<Sample, "stance" | "dimensions"> {
  const known: Dimensions = Object.fromEntries(
    meter.dimensions.flatMap((name) => {
      const value = dimensions[name];
      return value === undefined || value === "" ? [] : [[name, value]];
    }),
  );
  const states = meter.kind !== "cumulative" && Object.keys(known).length > 0;
  return { stance: stance ?? (states ? "states" : "sights"), dimensions: known };
}

const incarnationOf = ({ counter = {}, source }: Told, since: Instant): Incarnation => ({
  host: counter.host ?? source,
  device: counter.device ?? "",
  startedAt: instantAt(Math.floor(since / SECOND_MS) * SECOND_MS),
  witnessed: false,
});

/** Longer than every name of OpenStack's; a reading of these alone is far from filling a message. */
const TEXT_CHARACTERS_MAX = 1_000;

const textsOf = ({ meter, resource, project, region, unit, dimensions, source, id, counter }: Told): string[] =>
  [meter, resource, project, region, unit, source, id, counter?.host, counter?.device]
    .concat(Object.entries(dimensions ?? {}).flat())
    .filter((text) => text !== undefined);

/**
 * Where nobody says since when a counter counts, it has counted for ever: its first reading is a baseline worth nothing, and a
 * drop is a new one.
 */
const SINCE_EVER = instant("2000-01-01T00:00:00Z");
