import { at, type Incarnation, type Instant } from "@raingauge/domain";
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
  /** The last poll that named all disks and interfaces of this process. */
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

export const counterKey = (kind: Kind, device: string): string => `${kind} ${device}`;

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
  // A stopped domain counts nothing, but its interfaces may outlive its process.
  if (process === undefined) return { counters: before?.counters ?? {} };
  const isSame = before?.process === process;
  const absentAt = isSame ? before.absentAt : polledAt;
  const completeAt = found.domain.isComplete ? now : isSame ? before.completeAt : undefined;
  return {
    process,
    counters: counters(before, found, { isSame, absentAt, now }),
    ...(absentAt === undefined ? {} : { absentAt }),
    ...(completeAt === undefined ? {} : { completeAt }),
  };
}

interface Circumstances {
  /** The process is the one that was seen before. */
  readonly isSame: boolean;
  readonly absentAt: Instant | undefined;
  readonly now: Instant;
}

function counters(before: Life | undefined, found: Found, circumstances: Circumstances): Life["counters"] {
  const { domain } = found;
  const cpu: Device = { name: "", counters: domain.cpu === undefined ? {} : { cpu: domain.cpu } };
  const seen = [
    counter("cpu", cpu, before, found, circumstances),
    ...domain.disks.map((disk) => counter("disk", disk, before, found, circumstances)),
    ...domain.interfaces.map((each) => counter("interface", each, before, found, circumstances)),
  ];
  const isKept = !domain.isComplete && circumstances.isSame;
  return { ...(isKept ? before?.counters : {}), ...Object.fromEntries(seen) };
}

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
  return [key, { ...beginning(kind, before, found, circumstances), last: read }];
}

/**
 * An interface may be older than the process that uses it (a switch port that outlives a reboot). Only a counter that went
 * down proves that it began anew; one that did not is taken to have gone on, which costs us.
 */
const isLower = (read: Counters, last: Counters): boolean =>
  Object.entries(read).some(([meter, value]) => value < (last[meter] ?? 0n));

/**
 * A counter began after the last poll that would have shown it. A device that is new to a process we knew completely began
 * after that poll, any other counter with the process.
 */
function beginning(kind: Kind, before: Life | undefined, { writtenAt }: Found, circumstances: Circumstances) {
  const { isSame, absentAt, now } = circumstances;
  const lastWithout = kind !== "cpu" && isSame ? (before?.completeAt ?? absentAt) : absentAt;
  const started = writtenAt !== undefined && writtenAt < now ? writtenAt : undefined;
  if (lastWithout === undefined) return { startedAt: started ?? now, witnessed: false };
  const isPlausible = started !== undefined && started > lastWithout;
  return { startedAt: at(isPlausible ? started : lastWithout), witnessed: true };
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
