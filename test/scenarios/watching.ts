import { type Coverage, type Incarnation, type Instant, type Meter, type Sample, SECOND_MS } from "@raingauge/domain";
import { sampleOf } from "@raingauge/wire";
import { bad, readDuration, readTime } from "./clock.ts";
import { type Cloud, meterOf, readQuantity, statement, truthAt } from "./cloud.ts";

/** Who looks, how often, and from when on. */
export interface Round {
  readonly kind: "poll" | "sweep" | "audit";
  readonly everyMs: number;
  readonly from: Instant;
}

/** Reads `libvirt confirms instance within 15m from 12:00` and `listener listens 12:00 .. 13:00`. */
export function readSource(line: string, day: string): Coverage {
  const [, source = "", type = "", within = "", since = ""] =
    /^(\S+) confirms (\S+) within (\S+) from (\S+)$/.exec(line) ?? [];
  if (source !== "") {
    const from = readTime(since, day);
    const confirms = { resourceTypes: [type], limitSeconds: readDuration(within) / SECOND_MS };
    return { region: "RegionOne", source, agent: source, period: { start: from, end: from }, confirms };
  }
  const [, start = "", end = ""] = /^listener listens (\S+) \.\. (\S+)$/.exec(line) ?? bad(line);
  return {
    region: "RegionOne",
    source: "listener",
    agent: "listener",
    period: { start: readTime(start, day), end: readTime(end, day) },
  };
}

/**
 * Reads what was read of a resource, one word a round: `vm-1 seen x4 - gone`, or the values of a meter:
 * `vm-1 network.outgoing.bytes on compute-01 since 11:50: 0GB 10GB x2`. A `-` is a round in which nothing was read.
 */
export function readSeries(line: string, round: Round, cloud: Cloud, day: string): Sample[] {
  const [, head = "", words = ""] =
    /^(\S+ \S+(?: on \S+)?(?: since \S+)?(?: witnessed)?): (.+)$/.exec(line) ?? /^(\S+) (.+)$/.exec(line) ?? bad(line);
  const [resource = "", meterName] = head.split(" ");
  const readings = repeated(words, line).map((word, index) => ({
    word,
    at: (round.from + index * round.everyMs) as Instant,
  }));
  return readings
    .filter(({ word }) => word !== "-")
    .map(({ word, at }) =>
      meterName === undefined
        ? sighted(word, resource, round, cloud, at, line)
        : counted(
            word,
            resource,
            meterOf(meterName, line),
            incarnationOf(head, resource, cloud, at, day),
            cloud,
            at,
            line,
          ),
    );
}

/** `seen x3 gone` is `seen seen seen gone`. */
function repeated(words: string, line: string): string[] {
  const all: string[] = [];
  for (const word of words.split(" ")) {
    const times = /^x(\d+)$/.exec(word)?.[1];
    const told = times === undefined ? word : (all.at(-1) ?? bad(line));
    for (let count = times === undefined ? 1 : Number(times) - 1; count > 0; count--) all.push(told);
  }
  return all;
}

function sighted(word: string, resource: string, { kind }: Round, cloud: Cloud, at: Instant, line: string): Sample {
  const truth = truthAt(cloud, resource, at) ?? bad(line);
  if (kind === "audit") return word === "seen" ? statement(resource, truth, at, "states") : bad(line);
  const stance = word === "seen" ? "sights" : word === "gone" ? "vanishes" : bad(line);
  const heard = statement(resource, truth, at, stance);
  return sampleOf({ ...heard, origin: kind === "poll" ? "poll" : "api", source: kind, message: `${kind}/${at}` });
}

function counted(
  word: string,
  resource: string,
  meter: Meter,
  incarnation: Incarnation,
  cloud: Cloud,
  at: Instant,
  line: string,
): Sample {
  const truth = truthAt(cloud, resource, at) ?? bad(line);
  const seen = {
    ...statement(resource, truth, at, "sights"),
    meter: meter.name,
    dimensions: {},
    value: readQuantity(word, meter, line),
  };
  return sampleOf({
    ...seen,
    origin: "poll",
    source: "libvirt",
    message: `poll/${at}`,
    ...(meter.kind === "cumulative" ? { incarnation } : {}),
  });
}

/** Where a counter is, and since when; without a word, it began with its machine. */
function incarnationOf(head: string, resource: string, cloud: Cloud, at: Instant, day: string): Incarnation {
  const host = / on (\S+)/.exec(head)?.[1] ?? "compute-01";
  const since = / since (\S+)/.exec(head)?.[1];
  const startedAt = since === undefined ? (truthAt(cloud, resource, at)?.since ?? at) : readTime(since, day);
  return { host, device: "tap1", startedAt, witnessed: head.endsWith(" witnessed") };
}
