import {
  type Event,
  type Instant,
  instant,
  type Meter,
  meterNamed,
  parseDecimal,
  rational,
  roundHalfUp,
  type Sample,
  times,
} from "@raingauge/domain";
import { sampleOf } from "@raingauge/wire";

/** A resource of Gnocchi's, as it was from one change of its attributes to the next. */
export interface Revision {
  readonly id: string;
  readonly type: string;
  readonly project_id: string | null;
  readonly started_at?: string | null;
  readonly ended_at?: string | null;
  readonly revision_start: string;
  readonly metrics: Readonly<Record<string, string>>;
  readonly [attribute: string]: unknown;
}

/** When, over how many seconds, and what. */
export type Measure = readonly [string, number, number];

/** Meters that each measure of a metric speaks of. Gnocchi has no metric for an instance's being there, but for its size. */
export function metersOf(metric: string): Meter[] {
  const meter = meterNamed(metric);
  const instance = metric === "vcpus" ? meterNamed("instance") : undefined;
  return [meter, instance].filter((each) => each !== undefined && each.kind !== "delta") as Meter[];
}

/**
 * The finest measures that there are of each time: an archive keeps the last days by the minute and the last year by the
 * hour, and the coarse ones say again what the fine ones said. Pure.
 */
export function finest(measures: readonly Measure[]): Measure[] {
  const byGranularity = Map.groupBy(measures, ([, seconds]) => seconds);
  let until = Number.POSITIVE_INFINITY;
  const kept: Measure[] = [];
  for (const seconds of [...byGranularity.keys()].toSorted((a, b) => a - b)) {
    const own = (byGranularity.get(seconds) ?? []).filter(([at]) => Date.parse(at) + seconds * 1_000 <= until);
    kept.push(...own);
    until = Math.min(until, ...own.map(([at]) => Date.parse(at)));
  }
  return kept.toSorted(([a], [b]) => Date.parse(a) - Date.parse(b));
}

/**
 * What Gnocchi kept of one metric, as readings. A measure is a mean over its granularity, stamped with its beginning: what
 * happened inside is lost, and so is the second at which it did. Pure.
 */
export function samplesOf(
  meter: Meter,
  revisions: readonly Revision[],
  measures: readonly Measure[],
  region: string,
): Sample[] {
  const [first, last] = [measures[0], measures.at(-1)];
  if (first === undefined || last === undefined) return [];
  const startedAt = momentOf(first[0]);
  const read = (at: Instant, value: number, stance: Sample["stance"]): Sample[] => {
    const revision = revisions.findLast(({ revision_start: start }) => Date.parse(utc(start)) <= at) ?? revisions[0];
    if (revision === undefined || revision.project_id === null || !Number.isFinite(value) || value < 0) return [];
    const { resource, device } = subjectOf(revision);
    return [
      sampleOf({
        region,
        project: revision.project_id,
        meter: meter.name,
        resource,
        at,
        value: meter.name === "instance" ? 1n : baseUnits(value, meter),
        origin: "poll",
        source: "gnocchi",
        stance: meter.kind === "cumulative" && stance === "states" ? "sights" : stance,
        dimensions: dimensionsOf(meter, revision),
        sequence: at * 1_000,
        message: `gnocchi ${revision.id}`,
        ...(meter.kind === "cumulative"
          ? { incarnation: { host: "gnocchi", device, startedAt, witnessed: false } }
          : {}),
      }),
    ];
  };
  const endedAt = revisions.at(-1)?.ended_at;
  return [
    ...measures.flatMap(([at, , value]) => read(momentOf(at), value, "states")),
    ...(endedAt === undefined || endedAt === null ? [] : read(momentOf(endedAt), last[2], "ends")),
  ];
}

/** What was known of the resource, so that it can be looked at. Pure. */
export const eventsOf = (revisions: readonly Revision[], region: string): Event[] =>
  revisions.flatMap((revision): Event[] => {
    if (revision.project_id === null) return [];
    return [
      {
        id: `gnocchi ${revision.id} ${revision.revision_start}`,
        type: "gnocchi.resource.revision",
        region,
        source: "gnocchi",
        at: momentOf(revision.revision_start),
        project: revision.project_id,
        resource: nameOf(revision),
        resourceType: revision.type,
        attributes: textsOf(revision),
      },
    ];
  });

/** A counter of a disk or an interface is its instance's here. */
function subjectOf(revision: Revision): { readonly resource: string; readonly device: string } {
  const instance = revision["instance_id"];
  const isPart = revision.type === "instance_network_interface" || revision.type === "instance_disk";
  return isPart && typeof instance === "string"
    ? { resource: instance, device: String(revision["name"] ?? revision.id) }
    : { resource: nameOf(revision), device: "" };
}

/** Gnocchi makes a UUID out of an id that is none, and remembers what it was. */
const nameOf = ({ id, original_resource_id: original }: Revision): string =>
  typeof original === "string" && original !== "" ? original : id;

const CALLED: Readonly<Record<string, string>> = { flavor: "flavor_name", image: "image_ref" };

function dimensionsOf(meter: Meter, revision: Revision): Record<string, string> {
  return Object.fromEntries(
    meter.dimensions.flatMap((name) => {
      const value = revision[CALLED[name] ?? name];
      if (typeof value === "string" && value !== "") return [[name, value]];
      // Gnocchi was told of no state; what it measured was running.
      return name === "state" && meter.resourceType === "instance" ? [[name, "active"]] : [];
    }),
  );
}

const UNSHOWN = new Set([
  "metrics",
  "id",
  "type",
  "project_id",
  "original_resource_id",
  "created_by_user_id",
  "created_by_project_id",
  "creator",
  "revision_start",
  "revision_end",
]);

const textsOf = (revision: Revision): Record<string, string> =>
  Object.fromEntries(
    Object.entries(revision).flatMap(([name, value]) =>
      typeof value === "string" && value !== "" && !UNSHOWN.has(name) ? [[name, value]] : [],
    ),
  );

/** Gnocchi keeps floats; a reading is a whole number of the meter's base unit. */
const baseUnits = (value: number, { shown }: Meter): bigint =>
  roundHalfUp(times(Number.isSafeInteger(value) ? rational(BigInt(value)) : parseDecimal(plain(value)), shown.factor));

const plain = (value: number): string => (value >= 1e21 ? BigInt(Math.round(value)).toString() : value.toFixed(9));

const momentOf = (text: string): Instant => instant(utc(text));

/** With its zone, which Gnocchi writes as an offset of nothing. */
const utc = (text: string): string => text.replace(/(\+00:00|Z)?$/, "Z").replace(" ", "T");
