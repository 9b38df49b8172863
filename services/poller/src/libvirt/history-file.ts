import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { at, instant, iso } from "@raingauge/domain";
import { type Beginning, type History, type Life, strangerTo } from "./history.ts";

/**
 * Keeps an agent's history over its restarts. Without it, every counter would be a baseline again after a restart, and what
 * was used meanwhile would be lost to us.
 */
export interface HistoryFile {
  /** What is known of the host; nothing where there is no file, or one of another host. Throws HistoryUnreadable. */
  load(): Promise<History>;
  /** Throws HistoryUnwritable; the file then holds what it held. */
  save(history: History): Promise<void>;
}

export class HistoryUnreadable extends Error {
  override readonly name = "HistoryUnreadable";
}

export class HistoryUnwritable extends Error {
  override readonly name = "HistoryUnwritable";
}

export const historyFile = (file: string, host: string): HistoryFile => ({
  async load() {
    const text = await readFile(file, "utf8").catch(unlessMissing);
    const known = text === undefined ? undefined : parsed(text, file);
    return known?.host === host ? known : strangerTo(host);
  },
  async save(history) {
    try {
      await replace(file, encodeHistory(history));
    } catch (error) {
      throw new HistoryUnwritable(`${file} cannot be written`, { cause: error });
    }
  },
});

/** The old content or the new, whatever happens in between. */
async function replace(file: string, content: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(`${file}.part`, "w", 0o600);
  try {
    await handle.writeFile(content);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.part`, file);
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}

function parsed(text: string, file: string): History {
  try {
    return decodeHistory(text);
  } catch (error) {
    throw new HistoryUnreadable(`${file} cannot be read; without it every counter begins anew`, { cause: error });
  }
}

const VERSION = 1;

interface Saved {
  readonly v: number;
  readonly host: string;
  readonly polledAt?: string;
  readonly domains: Readonly<Record<string, SavedLife>>;
}

interface SavedLife extends Omit<Life, "absentAt" | "completeAt" | "counters"> {
  readonly absentAt?: string;
  readonly completeAt?: string;
  readonly counters: Readonly<Record<string, SavedBeginning>>;
}

interface SavedBeginning {
  readonly startedAt: string;
  readonly witnessed: boolean;
  readonly last: Readonly<Record<string, string>>;
}

/** Instants and numbers as people write them: an operator may have to look. */
export function encodeHistory({ host, polledAt, domains }: History): string {
  const saved: Saved = {
    v: VERSION,
    host,
    ...(polledAt === undefined ? {} : { polledAt: iso(polledAt) }),
    domains: mapped(domains, ({ process, absentAt, completeAt, counters }) => ({
      ...(process === undefined ? {} : { process }),
      ...(absentAt === undefined ? {} : { absentAt: iso(absentAt) }),
      ...(completeAt === undefined ? {} : { completeAt: iso(completeAt) }),
      counters: mapped(counters, ({ startedAt, witnessed, last }) => ({
        startedAt: iso(startedAt),
        witnessed,
        last: mapped(last, String),
      })),
    })),
  };
  return JSON.stringify(saved);
}

export function decodeHistory(text: string): History {
  const { v, host, polledAt, domains } = savedOf(text);
  if (v !== VERSION) throw new RangeError(`version ${v} is not ${VERSION}`);
  return {
    host,
    ...(polledAt === undefined ? {} : { polledAt: instant(polledAt) }),
    domains: mapped(domains, ({ process, absentAt, completeAt, counters }) => ({
      ...(process === undefined ? {} : { process }),
      ...(absentAt === undefined ? {} : { absentAt: instant(absentAt) }),
      ...(completeAt === undefined ? {} : { completeAt: instant(completeAt) }),
      counters: mapped(
        counters,
        ({ startedAt, witnessed, last }): Beginning => ({
          startedAt: at(instant(startedAt)),
          witnessed,
          last: mapped(last, BigInt),
        }),
      ),
    })),
  };
}

/** The one cast: nobody but `encodeHistory` writes this file, and what is cut short is no JSON. */
const savedOf = (text: string): Saved => JSON.parse(text) as Saved;

const mapped = <From, To>(record: Readonly<Record<string, From>>, to: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]));
