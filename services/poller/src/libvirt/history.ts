import type { Incarnation, Instant } from "@raingauge/domain";
import type { Counters, Device, Domain } from "./domain.ts";
import type { DomainReport } from "./domstats.ts";

/**
 * What an agent knows of its host from earlier polls, so that it can say since when a counter counts. It decides money: a
 * counter that is known to have begun at zero is billed from zero, any other is a baseline worth nothing.
 */
export interface History {
  readonly host: string;
  /** The last poll that succeeded. */
  readonly polledAt?: Instant;
  /** By UUID. */
  readonly domains: Readonly<Record<string, Life>>;
}

/** One domain, and the counters of the process that it is now. */
export interface Life {
  readonly process?: number;
  /** The last poll that did not see this process yet; absent where it was there before the first poll. */
  readonly absentAt?: Instant;
  /** The last poll after which all its disks and interfaces on this host were known; it may be older than the process. */
  readonly completeAt?: Instant;
  /** By `counterKey`. */
  readonly counters: Readonly<Record<string, Beginning>>;
}

/** When a counter began, and where it stood when it was last read. */
export interface Beginning {
  readonly startedAt: Instant;
  readonly witnessed: boolean;
  readonly last: Counters;
}

export const strangerTo = (host: string): History => ({ host, domains: {} });

export type Kind = "cpu" | "disk" | "interface";

const counterKey = (kind: Kind, device: string): string => `${kind} ${device}`;

/** The poll's findings, as far as history is concerned. */
export interface Found {
  readonly report: DomainReport;
  readonly domain: Domain;
  /** When Nova says that the domain's XML was written, which is when it was last started hard. */
  readonly writtenAt?: Instant;
}

/** What is known after a poll. Domains that are gone are forgotten: wherever they run now, another agent counts. */
export const remembered = (history: History, now: Instant, found: readonly Found[]): History => ({
  host: history.host,
  polledAt: now,
  domains: Object.fromEntries(
    found.map((each) => [each.report.uuid, lived(history.domains[each.report.uuid], each, history.polledAt, now)]),
  ),
});

function lived(before: Life | undefined, found: Found, polledAt: Instant | undefined, now: Instant): Life {
  const { process } = found.report;
  const isRunning = process !== undefined;
  const isSame = isRunning && before?.process === process;
  const absentAt = isSame ? before?.absentAt : polledAt;
  // A domain that has just come to this host has brought nothing along.
  const knownAt = before === undefined ? polledAt : before.completeAt;
  const completeAt = isRunning && found.domain.isComplete ? now : knownAt;
  return {
    // A stopped domain counts nothing, but its interfaces may outlive its process.
    counters: isRunning ? counters(before, found, { isSame, absentAt, knownAt, now }) : (before?.counters ?? {}),
    ...(isRunning ? { process } : {}),
    ...(isRunning && absentAt !== undefined ? { absentAt } : {}),
    ...(completeAt === undefined ? {} : { completeAt }),
  };
}

interface Circumstances {
  /** The process is the one that was seen before. */
  readonly isSame: boolean;
  /** The last poll that did not see this process, and the last one after which all devices were known. */
  readonly absentAt: Instant | undefined;
  readonly knownAt: Instant | undefined;
  readonly now: Instant;
}

function counters(before: Life | undefined, found: Found, circumstances: Circumstances): Life["counters"] {
  const { domain } = found;
  const cpu: Device = { name: "", counters: domain.counters };
  const seen = [
    counter("cpu", cpu, before, found, circumstances),
    ...domain.disks.map((disk) => counter("disk", disk, before, found, circumstances)),
    ...domain.interfaces.map((each) => counter("interface", each, before, found, circumstances)),
  ];
  return { ...(domain.isComplete ? {} : unmentioned(before, circumstances)), ...Object.fromEntries(seen) };
}

/** What a busy domain did not mention may still be there; of an older process only the interfaces. */
const unmentioned = (before: Life | undefined, { isSame }: Circumstances): Life["counters"] =>
  Object.fromEntries(
    Object.entries(before?.counters ?? {}).filter(([key]) => isSame || key.startsWith(counterKey("interface", ""))),
  );

function counter(
  kind: Kind,
  { name, counters: read }: Device,
  before: Life | undefined,
  found: Found,
  circumstances: Circumstances,
): readonly [string, Beginning] {
  const key = counterKey(kind, name);
  const known = before?.counters[key];
  const goesOn = known !== undefined && (circumstances.isSame || (kind === "interface" && !isLower(read, known.last)));
  if (goesOn) return [key, { ...known, last: { ...known.last, ...read } }];
  const since = lastWithout(kind, known, circumstances);
  return [key, { ...beginning(since, found.writtenAt, circumstances.now), last: read }];
}

/**
 * An interface may be older than the process that uses it (a switch port that outlives a reboot). Only a counter that went
 * down proves that it began anew; one that did not is taken to have gone on, which costs us.
 */
const isLower = (read: Counters, last: Counters): boolean =>
  Object.entries(read).some(([meter, value]) => value < (last[meter] ?? 0n));

/** The last poll at which a counter that is new to us is known not to have been there. */
function lastWithout(
  kind: Kind,
  known: Beginning | undefined,
  { absentAt, knownAt }: Circumstances,
): Instant | undefined {
  switch (kind) {
    case "cpu":
      return absentAt;
    case "disk":
      return later(absentAt, knownAt);
    case "interface":
      return known === undefined ? knownAt : absentAt;
  }
}

const later = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  a === undefined || (b !== undefined && b > a) ? b : a;

/**
 * A counter of which nobody knows when it began is a life of its own from now on: under a beginning that it might share with
 * another life, what that one counted would be counted again.
 */
function beginning(since: Instant | undefined, writtenAt: Instant | undefined, now: Instant) {
  if (since === undefined) return { startedAt: now, witnessed: false };
  const isPlausible = writtenAt !== undefined && since < writtenAt && writtenAt < now;
  return { startedAt: isPlausible ? writtenAt : since, witnessed: true };
}

/** The incarnation of a counter that was read in this poll. */
export function incarnationOf(
  { host, domains }: History,
  uuid: string,
  kind: Kind,
  device: string,
): Incarnation | undefined {
  const known = domains[uuid]?.counters[counterKey(kind, device)];
  return known === undefined ? undefined : { host, device, startedAt: known.startedAt, witnessed: known.witnessed };
}
