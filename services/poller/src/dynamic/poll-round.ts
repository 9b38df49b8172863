import {
  identified,
  type PolledReading,
  type PollsterDefinition,
  polledOf,
  type Question,
} from "@raingauge/definitions";
import { CLOUD, type Instant, instant, meterNamed, type Origin, type Sample } from "@raingauge/domain";
import { isObject } from "@raingauge/openstack";
import { deltaOf, sampleOf, WireError } from "@raingauge/wire";
import type { Ask } from "./askers.ts";
import { type furtherQuestions, isExpected } from "./further.ts";
import type { Round } from "./round.ts";
import { walk } from "./walk.ts";

export interface Asked {
  readonly ask: Ask;
  readonly further: ReturnType<typeof furtherQuestions>;
  readonly region: string;
  readonly at: Instant;
  /** Names the poll, for whoever asks where a reading came from. */
  readonly message: string;
  readonly origin: Extract<Origin, "api" | "poll">;
}

export interface Polled {
  readonly samples: readonly Sample[];
  /** How many entries came to nothing, by pollster and reason. */
  readonly dropped: ReadonlyMap<string, number>;
  /** Why the answer broke off; what was read before it is told all the same. */
  readonly failed?: Error;
}

/** So many entries are asked more about at once. */
const TOGETHER = 4;

/** Asks once, and says what each of the round's pollsters makes of every entry. Never rejects for what an answer can do. */
export async function pollRound({ pollsters }: Round, asked: Asked): Promise<Polled> {
  const readings: PolledReading[] = [];
  const dropped = new Map<string, number>();
  const drop = ({ name }: PollsterDefinition, why: string): void => {
    const reason = `${name}: ${why}`;
    dropped.set(reason, (dropped.get(reason) ?? 0) + 1);
  };
  const one = async (said: unknown): Promise<void> => {
    for (const pollster of pollsters) {
      if (!isObject(said)) {
        drop(pollster, "an entry is no object");
        continue;
      }
      const entry = identified(pollster, said);
      const { further, unknown } = await asked.further(pollster.extras, entry);
      if (unknown !== undefined) drop(pollster, `less is known than was asked for: ${unknown}`);
      for (const read of polledOf(pollster, meterNamed, entry, further)) {
        if ("nothing" in read) drop(pollster, read.nothing);
        else readings.push(read);
      }
    }
  };
  let failed: Error | undefined;
  try {
    const [{ question }] = pollsters;
    for await (const entries of walk(question, placeOf(question), asked.ask)) await each(entries, one);
  } catch (error) {
    if (!isExpected(error)) throw error;
    failed = error;
  }
  const samples = summed(readings).flatMap((reading) => sampled(reading, pollsters[0], asked, drop));
  return { samples, dropped, ...(failed === undefined ? {} : { failed }) };
}

async function each(entries: readonly unknown[], one: (entry: unknown) => Promise<void>): Promise<void> {
  const left = entries.values();
  const work = async (): Promise<void> => {
    for (const entry of left) await one(entry);
  };
  await Promise.all(Array.from({ length: TOGETHER }, work));
}

const placeOf = ({ asks }: Question): string => {
  switch (asks.by) {
    case "catalog":
      return asks.path({});
    case "address":
      return asks.url;
    case "command":
      return asks.command;
  }
};

/** Differences of one resource in one poll are one reading, or two equal ones would be taken for one told twice. */
function summed(readings: readonly PolledReading[]): readonly PolledReading[] {
  const sums = new Map<string, PolledReading>();
  const others = readings.filter((reading) => {
    const { meter, resource, project, dimensions, value } = reading;
    if (meter.kind !== "delta") return true;
    const key = JSON.stringify([meter.name, resource, project, dimensions]);
    sums.set(key, { ...reading, value: value + (sums.get(key)?.value ?? 0n) });
    return false;
  });
  return [...others, ...sums.values()];
}

/** Since when an API's counter counts, nobody says: its first reading is a baseline worth nothing. */
const SINCE_EVER = instant("2000-01-01T00:00:00Z");

function sampled(
  { meter, value, resource, project = CLOUD, dimensions, isWhole }: PolledReading,
  pollster: PollsterDefinition,
  { region, at, message, origin }: Asked,
  drop: (pollster: PollsterDefinition, why: string) => void,
): readonly Sample[] {
  const source = sourceOf(pollster.question);
  const stance = meter.kind === "cumulative" || !isWhole ? "sights" : "states";
  const incarnation = { host: source, device: "", startedAt: SINCE_EVER, witnessed: false };
  const reading = {
    ...({ region, at, message, origin, meter: meter.name, value, resource, project, source, stance } as const),
    ...{ dimensions: stance === "sights" ? {} : dimensions, sequence: at * 1_000 },
    ...(meter.kind === "cumulative" ? { incarnation } : {}),
  };
  try {
    return [meter.kind === "delta" ? deltaOf(reading) : sampleOf(reading)];
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    drop(pollster, error.message);
    return [];
  }
}

/** Who said it: the service, by its type in the catalog. */
const sourceOf = ({ asks }: Question): string => (asks.by === "catalog" ? asks.service : asks.by);
