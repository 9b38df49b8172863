import {
  at,
  type Batch,
  type Coverage,
  type Event,
  type Instant,
  MINUTE_MS,
  type Sample,
  SECOND_MS,
  wholeSecond,
} from "@raingauge/domain";
import type { Page } from "@raingauge/openstack";
import type { Log } from "@raingauge/runtime";
import { WireError } from "@raingauge/wire";
import type { Asking } from "./asking.ts";
import { dialledBy } from "./dials/dialled.ts";
import { MalformedAnswer } from "./fields.ts";
import { newsOf } from "./looks.ts";
import type { CentralMetrics } from "./metrics.ts";
import { type Described, type Hearing, type Listed, readings, samplesOf } from "./resource.ts";
import type { Source } from "./source.ts";

export interface Sweeping {
  readonly session: Asking;
  /** False if not all of it was taken. */
  readonly post: (batch: Batch, service: string) => Promise<boolean>;
  readonly log: Log;
  readonly metrics: CentralMetrics;
  readonly now: () => Instant;
  readonly region: string;
  readonly agent: string;
  readonly intervalSeconds: number;
  readonly pageItems: number;
  /** The collectors whose dials are read beside; none where absent. */
  readonly dials?: ReadonlySet<string>;
}

/** What the last complete sweep of a source saw. */
export interface Seen {
  readonly at: Instant;
  readonly there: ReadonlyMap<string, Described>;
  /** The sweep after it missed so much that it was not believed. */
  readonly doubted?: boolean;
}

export type Incomplete = "items_unreadable" | "late" | "unpublished" | "short";

/** All the lists were walked, and still not everything was seen. What was read is told; what is missing proves nothing. */
export class SweepIncomplete extends Error {
  override readonly name = "SweepIncomplete";
  readonly reason: Incomplete;

  constructor(reason: Incomplete, sentence: string) {
    super(sentence);
    this.reason = reason;
  }
}

/** A change is dated before its row can be read, by as long as its transaction takes. */
const OVERLAP_MS = 10 * MINUTE_MS;
/** How far back the first sweep of an agent looks for ends: a week's restart costs nothing, and the list stays short. */
const LOOKBACK_MS = 7 * 24 * 60 * MINUTE_MS;
/** A sweep may fail twice in a row before anything that is there is taken for gone. */
const LIMIT_INTERVALS = 3;

/**
 * Reads a source from end to end and publishes each page as it comes. Only when all of it was seen and told is there
 * coverage, and what has vanished since the sweep before. Throws SweepIncomplete or ApiError.
 */
export async function sweep(source: Source, sweeping: Sweeping, before: Seen | undefined): Promise<Seen> {
  const { session, pageItems, now } = sweeping;
  const began = now();
  const toLookAt = async (samples: readonly Sample[]): Promise<void> => {
    if (samples.length > 0) await sweeping.post({ samples, events: [], coverage: [] }, serviceOf(source));
  };
  const dialled = await dialledBy(source, sweeping, wholeSecond(began), messageOf(source, sweeping.agent, began));
  const walked = walk(source, sweeping, began, before);
  for (const list of source.lists(wholeSecond(at((before?.at ?? began - LOOKBACK_MS) - OVERLAP_MS)))) {
    for await (const page of session.pages({ ...list, pageItems })) {
      await walked.page(page);
      await toLookAt(dialled.items(page.items));
    }
  }
  await toLookAt(dialled.total());
  const { seen, there } = walked.complete(now());
  const gone = [...(before?.there ?? [])].filter(([id]) => !seen.has(id));
  doubt(gone.length, before);
  await close(source, sweeping, { began, before, gone });
  return { at: began, there };
}

interface Read extends Listed {
  readonly samples: readonly Sample[];
  readonly events: readonly Event[];
}

function walk(source: Source, sweeping: Sweeping, began: Instant, before: Seen | undefined) {
  const { region, agent, metrics, log, post, intervalSeconds } = sweeping;
  const seen = new Set<string>();
  const there = new Map<string, Described>();
  const lost = { refused: 0, unpublished: 0 };
  const read = (said: Page["items"][number], hearing: Hearing): Read[] => {
    try {
      const listed = source.read(said);
      const events = newsOf(listed, there.get(listed.id) ?? before?.there.get(listed.id), hearing);
      return [{ ...listed, samples: samplesOf(listed, hearing), events }];
    } catch (error) {
      if (!(error instanceof MalformedAnswer || error instanceof WireError)) throw error;
      if (lost.refused === 0) log.warn("item refused", { source: source.name, id: said["id"], reason: error.message });
      lost.refused += 1;
      metrics.itemsRefused.add(1, { source: source.name });
      return [];
    }
  };
  return {
    async page({ items, askedAt }: Page): Promise<void> {
      const hearing: Hearing = {
        ...{ region, message: messageOf(source, agent, began), askedAt: at(askedAt) },
        newsFrom: at(before === undefined ? 0 : before.at - OVERLAP_MS),
      };
      metrics.itemsRead.add(items.length, { source: source.name });
      const understood = items.flatMap((item) => read(item, hearing));
      for (const { id, resource } of understood) {
        seen.add(id);
        if (resource?.now === undefined) there.delete(id);
        else there.set(id, resource);
      }
      const samples = understood.flatMap((each) => each.samples);
      const events = understood.flatMap((each) => each.events);
      if (!(await post({ samples, events, coverage: [] }, serviceOf(source)))) lost.unpublished += 1;
    },
    complete(ended: Instant) {
      const seconds = (ended - began) / SECOND_MS;
      if (lost.refused > 0) throw new SweepIncomplete("items_unreadable", `${lost.refused} items made no sense`);
      if (lost.unpublished > 0)
        throw new SweepIncomplete("unpublished", "neither the bus nor the spool took all of it");
      if (seconds > intervalSeconds) throw new SweepIncomplete("late", `it took ${Math.ceil(seconds)} s`);
      return { seen, there };
    },
  };
}

const FEW = 10;

/**
 * An API that suddenly does not know half of what it knew has more likely lost a database, or our role, than its customers.
 * It is believed when it says so again.
 */
function doubt(gone: number, before: Seen | undefined): void {
  if (before === undefined || before.doubted === true || gone <= FEW || gone * 2 <= before.there.size) return;
  throw new SweepIncomplete("short", `${gone} of ${before.there.size} resources were missing`);
}

interface Closing {
  readonly began: Instant;
  readonly before: Seen | undefined;
  readonly gone: readonly (readonly [id: string, resource: Described])[];
}

/** What is gone had gone when this sweep began, or will be seen to be there: an inferred end yields to any later reading. */
async function close(source: Source, sweeping: Sweeping, { began, before, gone }: Closing): Promise<void> {
  const { region, agent, metrics, post } = sweeping;
  const hearing = { region, message: messageOf(source, agent, began), askedAt: began };
  const samples = gone.flatMap(([id, resource]): Sample[] =>
    readings(id, resource, { stance: "vanishes", at: wholeSecond(began) }, hearing),
  );
  metrics.resourcesLost.add(gone.length, { source: source.name });
  const told = await post({ samples, events: [], coverage: [] }, serviceOf(source));
  const proof = { samples: [], events: [], coverage: [coverageOf(source, sweeping, began, before)] };
  if (!told || !(await post(proof, serviceOf(source))))
    throw new SweepIncomplete("unpublished", "neither the bus nor the spool took all of it");
}

/** From the last complete sweep to this one, if that was not too long ago to speak for the time between. */
function coverageOf(
  { name, resourceTypes }: Source,
  { region, agent, intervalSeconds }: Sweeping,
  began: Instant,
  before: Seen | undefined,
): Coverage {
  const limitSeconds = LIMIT_INTERVALS * intervalSeconds;
  const isUnbroken = before !== undefined && before.at < began && began - before.at <= limitSeconds * SECOND_MS;
  return {
    region,
    source: name,
    agent,
    period: { start: isUnbroken ? before.at : began, end: began },
    confirms: { resourceTypes, limitSeconds },
  };
}

const messageOf = ({ name }: Source, agent: string, began: Instant): string => `${name}/${agent}/${began}`;

const serviceOf = ({ name }: Source): string => name.slice(0, name.indexOf("."));
