import { at, CLOUD, isDial, METERS, meterNamed, type PriceBook, parseDecimal, type Sample } from "@raingauge/domain";
import { meterOfMetric } from "@raingauge/promql";
import { sampleOf } from "@raingauge/wire";
import { END, type Series } from "./cloud/series.ts";
import { allSeries } from "./cloud.ts";

const HOUR = 3600;
/** What was there is told each hour for ten days, and at each poll in the last day; what a poll counts, in the last day alone. */
const DAYS = 10 * 24 * HOUR;
const LAST_DAY = 25 * HOUR;
const POLL = 600;

/**
 * The readings of the made-up cloud, as agents would have read them; what the rater computes of them is not among them. Moved,
 * so that the cloud's last moment is another, in whole hours of the day.
 */
export function livedCloud(end = END): Sample[] {
  const moved = (end - END) * 1000;
  const all = [...february(), ...allSeries().flatMap(samplesOf)];
  return moved === 0 ? all : all.map((sample) => movedBy(sample, moved));
}

/** A reading is named by its instant, too. */
function movedBy({ id: _, ...told }: Sample, ms: number): Sample {
  const { incarnation } = told;
  return sampleOf({
    ...told,
    at: at(told.at + ms),
    ...(incarnation && { incarnation: { ...incarnation, startedAt: at(incarnation.startedAt + ms) } }),
  });
}

function february(): Sample[] {
  // What February was billed for: each project had a machine for a week.
  return ["acme", "bolt", "crane", "dune"].flatMap((project, index) =>
    (["states", "ends"] as const).map((stance, end) =>
      reading(
        { meter: "instance", project, resource: `old-${index}`, region: "RegionOne" },
        FEBRUARY + end * 7 * 24 * HOUR,
        1n,
        {
          stance,
          dimensions: { flavor: "medium", state: "ACTIVE" },
        },
      ),
    ),
  );
}

const FEBRUARY = Date.UTC(2026, 1, 3) / 1000;

function samplesOf({ name, labels, at: valueAt }: Series): Sample[] {
  const meter = meterOfMetric(name);
  const dial = isDial(name);
  if (meter === undefined && !dial) return [];
  const { project = "", resource = "", region = "", host = "", device = "", unit: _, ...said } = labels;
  const factor = Number(meter?.shown.factor.numerator ?? 1n) / Number(meter?.shown.factor.denominator ?? 1n);
  const of = {
    meter: meter?.name ?? name,
    project: project === "" ? CLOUD : project,
    region,
    resource: dial ? JSON.stringify(labels) : resource,
  };
  const dimensions = dial && host !== "" ? { ...said, host } : said;
  const more =
    meter?.kind === "cumulative"
      ? {
          stance: "sights" as const,
          incarnation: { host, device, startedAt: at((END - DAYS) * 1000), witnessed: true },
        }
      : { stance: "states" as const, dimensions };
  return secondsOf(meter?.existence === true).flatMap((second) => {
    const value = valueAt(second);
    return value === undefined ? [] : [reading(of, second, BigInt(Math.round(value * factor)), more)];
  });
}

const ticks = (from: number, step: number): number[] =>
  Array.from({ length: Math.floor((END - from) / step) + 1 }, (_, index) => from + index * step);

const secondsOf = (isThereAllAlong: boolean): number[] =>
  isThereAllAlong
    ? [...ticks(END - DAYS, HOUR).filter((second) => second < END - LAST_DAY), ...ticks(END - LAST_DAY, POLL)]
    : ticks(END - LAST_DAY, POLL);

const reading = (
  of: Pick<Sample, "meter" | "project" | "resource" | "region">,
  second: number,
  value: bigint,
  more: Partial<Sample>,
): Sample =>
  sampleOf({
    ...of,
    at: at(second * 1000),
    value,
    origin: "poll",
    source: "libvirt",
    stance: "states",
    dimensions: {},
    sequence: second * 1_000_000,
    message: `poll-${second}`,
    ...more,
  });

const perHour = (sku: string, meter: string, amount: string, where: Readonly<Record<string, string>> = {}) => ({
  sku,
  description: sku,
  meter,
  where,
  per: { label: "hour", quantity: 1n, time: BigInt(HOUR) * 1000n },
  scope: "project" as const,
  tiers: [{ amount: parseDecimal(amount) }],
});

/** Prices by which an hour costs what the made-up cloud says; each a multiple of 1/64, so that sums of floats are exact. */
export const BOOK: PriceBook = {
  name: "standard",
  version: "1",
  currency: "EUR",
  month: "calendar",
  free: METERS.filter(
    ({ name, isPriceable }) => isPriceable && !["instance", "volume.size", "ip.floating"].includes(name),
  ).map(({ name }) => name),
  prices: [
    perHour("small", "instance", "0.03125", { flavor: "small" }),
    perHour("medium", "instance", "0.0625", { flavor: "medium" }),
    perHour("large", "instance", "0.25", { flavor: "large" }),
    perHour("address", "ip.floating", "0.015625"),
    {
      ...perHour("storage", "volume.size", "0.0015625"),
      per: {
        label: "GiB hour",
        quantity: meterNamed("volume.size")?.shown.factor.numerator ?? 1n,
        time: BigInt(HOUR) * 1000n,
      },
    },
  ],
};
