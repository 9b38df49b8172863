import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { type Instant, instant, iso } from "@raingauge/domain";
import type { Described, Looks } from "./resource.ts";
import type { Seen } from "./sweep.ts";

/**
 * Keeps what the last complete sweep of a source saw over a restart of the poller: what vanished meanwhile is then missed by the
 * first sweep, and not by nobody.
 */
export interface SeenFile {
  /** Undefined where there is none. Throws SeenUnreadable for one that is cut short, or is another version's. */
  load(): Promise<Seen | undefined>;
  /** Throws SeenUnwritable; the file then holds what it held. */
  save(seen: Seen): Promise<void>;
}

export class SeenUnreadable extends Error {
  override readonly name = "SeenUnreadable";
}

export class SeenUnwritable extends Error {
  override readonly name = "SeenUnwritable";
}

export const seenFile = (folder: string, source: string): SeenFile => {
  const file = join(folder, `${source}.jsonl.gz`);
  return {
    async load() {
      try {
        return await read(file);
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
        throw new SeenUnreadable(`${file} cannot be read; what vanished since is not missed`, { cause: error });
      }
    },
    async save(seen) {
      try {
        await mkdir(dirname(file), { recursive: true, mode: 0o700 });
        const written = createWriteStream(`${file}.part`, { mode: 0o600, flush: true });
        // A page at a time: of a large cloud it is a hundred thousand lines.
        await pipeline(Readable.from(paragraphs(seen)), createGzip({ level: 1 }), written);
        await rename(`${file}.part`, file);
      } catch (error) {
        throw new SeenUnwritable(`${file} cannot be written`, { cause: error });
      }
    },
  };
};

const VERSION = 1;
const LINES_TOGETHER = 1_000;

interface Head {
  readonly v: number;
  readonly at: string;
  readonly doubted?: boolean;
  /** So many lines follow. */
  readonly count: number;
}

/** What ends and what is news need of a resource; the rest is asked anew. */
interface Line extends Pick<Described, "source" | "project" | "dimensions"> {
  readonly id: string;
  readonly amounts: readonly (readonly [string, string])[];
  readonly looks?: Omit<Looks, "changedAt">;
}

function* paragraphs({ at, there, doubted }: Seen): Generator<string> {
  const head: Head = { v: VERSION, at: iso(at), count: there.size, ...(doubted === true ? { doubted } : {}) };
  let lines = [JSON.stringify(head)];
  for (const [id, { source, project, amounts, dimensions, looks }] of there) {
    const kept: Line = {
      ...{ id, source, project, dimensions, amounts: amounts.map(([meter, value]) => [meter, String(value)]) },
      ...(looks === undefined ? {} : { looks: { type: looks.type, attributes: looks.attributes } }),
    };
    lines.push(JSON.stringify(kept));
    if (lines.length < LINES_TOGETHER) continue;
    yield `${lines.join("\n")}\n`;
    lines = [];
  }
  if (lines.length > 0) yield `${lines.join("\n")}\n`;
}

async function read(file: string): Promise<Seen> {
  const unpacked = createGunzip();
  const filled = pipeline(createReadStream(file), unpacked);
  const lines = createInterface({ input: unpacked });
  let head: Head | undefined;
  const there = new Map<string, Described>();
  const readLines = async (): Promise<void> => {
    for await (const line of lines) {
      if (head === undefined) head = headOf(line);
      else there.set(...described(line));
    }
  };
  await Promise.all([filled, readLines()]);
  if (head === undefined || head.count !== there.size) throw new RangeError("it is cut short");
  return { at: atOf(head), there, ...(head.doubted === true ? { doubted: true } : {}) };
}

const atOf = ({ at }: Head): Instant => instant(at);

/** The one cast of each line: nobody but `save` writes this file, and what is cut short is no JSON. */
function headOf(line: string): Head {
  const head = JSON.parse(line) as Head;
  if (head.v !== VERSION) throw new RangeError(`version ${head.v} is not ${VERSION}`);
  return head;
}

function described(line: string): readonly [string, Described] {
  const { id, amounts, ...rest } = JSON.parse(line) as Line;
  return [id, { ...rest, known: [], amounts: amounts.map(([meter, value]) => [meter, BigInt(value)]) }];
}
