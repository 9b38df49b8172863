import {
  allMeters,
  at,
  type Batch,
  type Coverage,
  EVERYTHING,
  type Instant,
  instant,
  iso,
  type Period,
  type Sample,
  type Usage,
} from "@raingauge/domain";
import { usageDigest } from "@raingauge/wire";
import { compareText } from "./order.ts";
import type { SampleStore } from "./store.ts";

export interface Copying {
  readonly from: SampleStore;
  readonly to: SampleStore;
  /** The first and the last month, as `2026-01`. */
  readonly first: string;
  readonly last: string;
  /** Names this copy's positions; no other copy may have had it. */
  readonly name: string;
}

/** A month that was copied, and how what is used in it compares, project by project. */
export interface CopiedMonth {
  readonly month: string;
  /** Samples and events that the other store did not have, and those that it had. */
  readonly stored: number;
  readonly duplicates: number;
  readonly projects: readonly CopiedProject[];
}

export interface CopiedProject {
  readonly project: string;
  /** Of its usages in the month, from either store; empty where a store knows of none. */
  readonly from: string;
  readonly to: string;
}

/**
 * Copies whatever decides the usage of whole UTC months, month by month: readings with those before and after that hold into
 * them, events, and what is known of the sources. Copying again stores nothing again, so a copy that was broken off is simply
 * begun anew. Instants of storing are those of the copy: the other store cannot answer as of a watermark before it.
 */
export async function* copyMonths(copying: Copying): AsyncGenerator<CopiedMonth> {
  const put = appender(copying);
  await put({ samples: [], events: [], coverage: await newCoverage(copying) });
  const meters = await metersOf(copying.from);
  for (const month of monthsOf(copying.first, copying.last)) {
    let [stored, duplicates] = [0, 0];
    for await (const batch of batchesOf(copying.from, periodOf(month), meters)) {
      const result = await put(batch);
      stored += result.stored;
      duplicates += result.duplicates;
    }
    await copying.to.rollUp();
    yield { month, stored, duplicates, projects: await compared(copying, periodOf(month)) };
  }
}

export const ALWAYS: Period = { start: instant("2000-01-01T00:00:00Z"), end: instant("2100-01-01T00:00:00Z") };

function appender({ to, name }: Copying) {
  let sequence = 0n;
  return (batch: Batch) => {
    sequence += 1n;
    return to.append([{ position: { stream: `copy/${name}`, sequence }, batch }]);
  };
}

/** What the one knows of the sources and the other does not. */
async function newCoverage({ from, to }: Copying): Promise<Coverage[]> {
  const known = new Set((await to.coverage({ period: ALWAYS })).map(coverageKey));
  return (await from.coverage({ period: ALWAYS })).filter((each) => !known.has(coverageKey(each)));
}

export const coverageKey = ({ region, source, agent, period, confirms }: Coverage): string =>
  JSON.stringify([region, source, agent, period.start, period.end, confirms?.resourceTypes, confirms?.limitSeconds]);

/** As many as neither make a transaction slow nor a store's memory large. */
const LOT = 10_000;

/** All of some meters that decides a period, in lots. */
export async function* batchesOf(from: SampleStore, period: Period, meters: readonly string[]): AsyncGenerator<Batch> {
  for (const meter of meters) {
    for (const samples of lots<Sample>(await from.series({ meter, period }, EVERYTHING)))
      yield { samples, events: [], coverage: [] };
  }
  for (const events of lots(await from.events({ period }, EVERYTHING))) yield { samples: [], events, coverage: [] };
}

/**
 * The meters of which anything was ever read. Those that the catalogue does not know yet may be measured by a later version; of
 * most that it knows a cloud has nothing, and to ask for each of them in each month would take longer than to copy. No subject has
 * what an end alone speaks of, so that the others are asked for once.
 */
export async function metersOf(from: SampleStore): Promise<string[]> {
  const read = new Set((await from.subjects({ period: ALWAYS }, EVERYTHING)).map(({ meter }) => meter));
  for (const meter of allMeters()
    .map(({ name }) => name)
    .filter((name) => !read.has(name)))
    if ((await from.series({ meter, period: ALWAYS, limit: 1 }, EVERYTHING)).length > 0) read.add(meter);
  return [...read].toSorted(compareText);
}

function* lots<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += LOT) yield items.slice(start, start + LOT);
}

async function compared({ from, to }: Copying, period: Period): Promise<CopiedProject[]> {
  const [here, there] = await Promise.all([from, to].map((store) => digests(store, period)));
  const names = [...new Set([...(here?.keys() ?? []), ...(there?.keys() ?? [])])].toSorted(compareText);
  return names.map((project) => ({ project, from: here?.get(project) ?? "", to: there?.get(project) ?? "" }));
}

async function digests(store: SampleStore, period: Period): Promise<ReadonlyMap<string, string>> {
  const usages: readonly Usage[] = await store.measure({ period }, EVERYTHING);
  const byProject = Map.groupBy(usages, ({ project }) => project);
  return new Map([...byProject].map(([project, mine]) => [project, usageDigest(mine)]));
}

function monthsOf(first: string, last: string): string[] {
  const months: string[] = [];
  for (let month = first; month <= last; month = following(month)) months.push(month);
  return months;
}

export const periodOf = (month: string): Period => ({ start: startOf(month), end: startOf(following(month)) });

const startOf = (month: string) => instant(`${month}-01T00:00:00Z`);

/** The longest month has 31 days: 32 after its first is always in the next. */
const following = (month: string): string => monthOf(at(startOf(month) + 32 * 24 * 3_600_000));

/** The month of UTC, as `2026-01`. */
export const monthOf = (moment: Instant): string => iso(moment).slice(0, 7);
