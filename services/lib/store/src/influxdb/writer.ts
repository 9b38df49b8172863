import { hostname } from "node:os";
import { at, type Instant } from "@raingauge/domain";
import { StoreUnavailable } from "../store.ts";

/** A process that appends, as the bucket's books name it. */
export interface Writer {
  readonly host: string;
  readonly pid: number;
  /** When the process began: a number of a process comes again. */
  readonly began: number;
  readonly seen: Instant;
}

export type WriterName = Pick<Writer, "host" | "pid" | "began">;

export const thisProcess = (): WriterName => ({
  host: hostname(),
  pid: process.pid,
  began: Math.round(performance.timeOrigin),
});

/** Another process appends to this bucket, or did until just now. */
class BucketTaken extends StoreUnavailable {
  override readonly name = "BucketTaken";
}

/** So long after its last append a writer that cannot be seen from here is taken for gone. */
const SILENCE_MS = 60_000;

/**
 * One process appends to a bucket at a time: another would take its appends for torn ones. InfluxDB has no lock, so the
 * writer signs the books with each append, and whoever finds another's fresh name there does not begin. A process of the same
 * machine that is not there any more is known to be gone at once.
 */
export function refuseOther(writer: Writer | undefined, me: WriterName, now: Instant): void {
  if (writer === undefined || isSame(writer, me) || isGone(writer, me)) return;
  if (now - writer.seen >= SILENCE_MS) return;
  throw new BucketTaken(sentence(writer));
}

/** What was begun in my name is still mine to commit. */
export function refuseLoss(writer: Writer | undefined, me: WriterName): void {
  if (writer === undefined || !isSame(writer, me)) throw new BucketTaken(sentence(writer));
}

const isSame = (a: WriterName, b: WriterName): boolean => a.host === b.host && a.pid === b.pid && a.began === b.began;

function isGone({ host, pid }: Writer, me: WriterName): boolean {
  if (host !== me.host) return false;
  if (pid === me.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}

const sentence = (writer: Writer | undefined): string =>
  `The bucket is written to by process ${writer?.pid ?? "?"} on ${writer?.host ?? "?"}: one collector appends to it at a time. Stop that one; a minute after its last append this one takes over.`;

export const writtenWriter = (writer: Writer | undefined): string =>
  writer === undefined ? "" : JSON.stringify([writer.host, writer.pid, writer.began, writer.seen]);

/** Empty in the books of a bucket that nobody has signed. */
export function readWriter(written: string): Writer | undefined {
  if (written === "") return undefined;
  const [host, pid, began, seen] = JSON.parse(written);
  return { host, pid, began, seen: at(seen) };
}
