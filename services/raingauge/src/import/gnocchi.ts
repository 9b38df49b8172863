import { type Instant, iso } from "@raingauge/domain";
import { type Packet, packets } from "@raingauge/wire";
import { eventsOf, finest, type Measure, metersOf, type Revision, samplesOf } from "./gnocchi-resource.ts";
import type { ProgressFile } from "./progress-file.ts";
import { fetched, type Source } from "./source.ts";

export interface GnocchiImport {
  readonly source: Source;
  readonly span: { readonly begin: Instant; readonly end: Instant };
  readonly region: string;
  /** Absent where it is only to be said what would be done. */
  readonly publish?: ((packet: Packet) => Promise<void>) | undefined;
  readonly progress: ProgressFile;
  readonly tell: (text: string) => void;
  /** How many resources are asked for at once; Gnocchi gives no more than 1,000. */
  readonly page?: number;
}

export interface GnocchiReport {
  readonly dryRun: boolean;
  readonly resources: number;
  readonly measures: number;
  readonly readings: number;
  /** Metrics that no meter of ours stands for, and how many resources have them. */
  readonly unknown: Readonly<Record<string, number>>;
  /** Metrics of which nothing is kept that says what was read, and how many resources have them. */
  readonly unaveraged: Readonly<Record<string, number>>;
  /** Resources of nobody's: no project can be billed for them. */
  readonly ownerless: number;
}

const PAGE = 500;

/** Takes over resources and measures, resource by resource. Doing it again changes nothing: a reading is known by what it says. */
export async function importGnocchi({
  source,
  span,
  region,
  publish,
  progress,
  tell,
  page = PAGE,
}: GnocchiImport): Promise<GnocchiReport> {
  const counts = { resources: 0, measures: 0, readings: 0, ownerless: 0 };
  const unknown: Record<string, number> = {};
  const unaveraged: Record<string, number> = {};
  for await (const resource of resources(source, page)) {
    if (publish !== undefined && progress.isDone(resource.id)) continue;
    if (!overlaps(resource, span)) continue;
    counts.resources += 1;
    if (resource.project_id === null) counts.ownerless += 1;
    const revisions = await revisionsOf(source, resource);
    const samples = [];
    for (const [name, metric] of Object.entries(resource.metrics)) {
      const meters = metersOf(name);
      if (meters.length === 0) {
        unknown[name] = (unknown[name] ?? 0) + 1;
        continue;
      }
      const told = await measuresOf(source, metric, span);
      if (told === undefined) unaveraged[name] = (unaveraged[name] ?? 0) + 1;
      const measures = finest(told ?? []);
      counts.measures += measures.length;
      samples.push(...meters.flatMap((meter) => samplesOf(meter, revisions, measures, region)));
    }
    counts.readings += samples.length;
    if (publish !== undefined) {
      for (const packet of packets({ samples, events: eventsOf(revisions, region), coverage: [] }, "gnocchi"))
        await publish(packet);
      progress.done(resource.id);
    }
    tell(`${counts.resources} resources, ${counts.readings} readings`);
  }
  return { dryRun: publish === undefined, ...counts, unknown, unaveraged };
}

/** Of every type, each with its own attributes. */
async function* resources(source: Source, size: number): AsyncGenerator<Revision> {
  const types = (await fetched<readonly { readonly name: string }[]>(source, "/v1/resource_type")) ?? [];
  for (const { name } of types.filter((type) => type.name !== "generic")) {
    let marker: string | undefined;
    do {
      const after: string = marker === undefined ? "" : `&marker=${encodeURIComponent(marker)}`;
      const page: readonly Revision[] =
        (await fetched<readonly Revision[]>(
          source,
          `/v1/resource/${encodeURIComponent(name)}?limit=${size}&sort=id:asc${after}`,
        )) ?? [];
      yield* page;
      marker = page.length < size ? undefined : page.at(-1)?.id;
    } while (marker !== undefined);
  }
}

async function revisionsOf(source: Source, resource: Revision): Promise<readonly Revision[]> {
  const path = `/v1/resource/${encodeURIComponent(resource.type)}/${encodeURIComponent(resource.id)}/history?sort=revision_start:asc&limit=1000`;
  const revisions = await fetched<readonly Revision[]>(source, path);
  return revisions === undefined || revisions.length === 0 ? [resource] : revisions;
}

/** Of what its archive policy keeps, whichever is nearest to a reading; undefined where it keeps sums, counts and rates alone. */
async function measuresOf(
  source: Source,
  metric: string,
  { begin, end }: GnocchiImport["span"],
): Promise<readonly Measure[] | undefined> {
  for (const aggregation of ["mean", "last", "max", "min"]) {
    const measures = await fetched<readonly Measure[]>(
      source,
      // What its workers have not come to yet is reckoned now: it would be missing, and nobody would know.
      `/v1/metric/${encodeURIComponent(metric)}/measures?aggregation=${aggregation}&start=${iso(begin)}&stop=${iso(end)}&refresh=true`,
    );
    if (measures !== undefined) return measures;
  }
  return undefined;
}

const overlaps = ({ started_at, ended_at }: Revision, { begin, end }: GnocchiImport["span"]): boolean =>
  (started_at == null || Date.parse(started_at) < end) && (ended_at == null || Date.parse(ended_at) >= begin);
