import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { BusFull, BusUnavailable, type Message } from "../bus.ts";
import { decodeRecords, encodeRecord } from "./record.ts";

export type Tell = (fact: string, fields: Readonly<Record<string, unknown>>) => void;

export interface JournalOptions {
  readonly folder: string;
  /** How many bytes all segments together may take; above, an append throws BusFull. */
  readonly limitBytes: number;
  readonly segmentBytes: number;
  readonly tell: Tell;
}

/** One file of records. Only the newest is written to; the oldest is removed once all it holds is on the bus. */
interface Segment {
  readonly file: string;
  /** Bytes that are synced; what stands behind them was never acknowledged. */
  bytes: number;
}

interface Waiting {
  readonly message: Message;
  readonly record: Buffer;
  readonly stored: PromiseWithResolvers<void>;
}

/**
 * Messages on disk, first in, first out. Promises:
 * 1. `append` resolves after the message is synced, and everything that was, is there again after any kind of end.
 * 2. A message is `next` until it is `dropped`; one that was dropped may come back after a crash, never one be lost.
 * 3. A record that was not written whole is never handed out.
 */
export class Journal {
  readonly #options: JournalOptions;
  readonly #segments: Segment[] = [];
  /** What is held, by its id; resolves once it is synced. */
  readonly #held = new Map<string, Promise<void>>();
  #number = 0;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> | undefined;
  /** Resolves when the messages that are being written are synced, or have failed. */
  #group: Promise<void> = Promise.resolve();
  #active: { readonly segment: Segment; readonly handle: FileHandle } | undefined;
  /** The oldest segment's records that have been read and not dropped yet, and where in it they end. */
  readonly #ahead: Message[] = [];
  #readTo = 0;

  private constructor(options: JournalOptions) {
    this.#options = options;
  }

  /** The caller holds the folder's lock. */
  static async open(options: JournalOptions): Promise<Journal> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    const journal = new Journal(options);
    const names = (await readdir(options.folder)).filter((name) => SEGMENT.test(name)).toSorted();
    for (const name of names) await journal.#recover(name);
    return journal;
  }

  get messages(): number {
    return this.#held.size;
  }

  get bytes(): number {
    return this.#segments.reduce((total, { bytes }) => total + bytes, this.#waitingBytes);
  }

  /** Throws BusFull when there is no room and BusUnavailable when the disk fails; the message is then not kept. */
  async append(message: Message): Promise<"stored" | "duplicate"> {
    const held = this.#held.get(message.id);
    if (held !== undefined) return held.then(() => "duplicate"); // Nobody may be told before it is on the disk.
    const record = encodeRecord(message);
    if (this.bytes + record.length > this.#options.limitBytes)
      throw new BusFull("the bus is away and the spool is full");
    const stored = Promise.withResolvers<void>();
    this.#held.set(message.id, stored.promise);
    this.#waiting.push({ message, record, stored });
    this.#waitingBytes += record.length;
    this.#writing ??= this.#write();
    await stored.promise;
    return "stored";
  }

  /** The oldest message, once it is synced; undefined when there is none, and then nothing is left on disk either. */
  async next(): Promise<Message | undefined> {
    for (;;) {
      const [message] = this.#ahead;
      if (message !== undefined) return message;
      const [oldest] = this.#segments;
      if (oldest !== undefined && this.#readTo < oldest.bytes) await this.#readAhead(oldest);
      else if (this.#writing !== undefined && this.#segments.length < 2) await this.#group;
      else if (oldest !== undefined) await this.#remove(oldest);
      else return undefined;
    }
  }

  /** The message that was `next` is on the bus. */
  dropped(): void {
    const message = this.#ahead.shift();
    if (message !== undefined) this.#held.delete(message.id);
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#active?.handle.close();
    this.#active = undefined;
  }

  /** Whatever waits is written and synced together: the more wait, the less a sync costs each. */
  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      this.#group = this.#writeGroup(group);
      await this.#group;
    }
    this.#writing = undefined;
  }

  async #writeGroup(group: readonly Waiting[]): Promise<void> {
    const bytes = group.reduce((total, { record }) => total + record.length, 0);
    try {
      const { segment, handle } = await this.#writable();
      await writeAll(handle, Buffer.concat(group.map(({ record }) => record)), segment.bytes);
      await handle.datasync();
      segment.bytes += bytes;
      for (const { stored } of group) stored.resolve();
    } catch (error) {
      await this.#abandon();
      for (const { message, stored } of group) {
        this.#held.delete(message.id);
        stored.reject(
          new BusUnavailable(`the bus is away and the spool cannot be written: ${String(error)}`, { cause: error }),
        );
      }
    } finally {
      this.#waitingBytes -= bytes;
    }
  }

  async #writable(): Promise<{ segment: Segment; handle: FileHandle }> {
    if (this.#active !== undefined && this.#active.segment.bytes < this.#options.segmentBytes) return this.#active;
    await this.#active?.handle.close();
    this.#active = undefined;
    this.#number += 1;
    const segment = { file: join(this.#options.folder, segmentName(this.#number)), bytes: 0 };
    const handle = await open(segment.file, "wx", 0o600);
    await syncFolder(this.#options.folder);
    this.#segments.push(segment);
    this.#active = { segment, handle };
    return this.#active;
  }

  /** After a failed write nobody knows what stands at the end of the file: nothing is ever appended to it again. */
  async #abandon(): Promise<void> {
    const active = this.#active;
    this.#active = undefined;
    await active?.handle.close().catch(() => undefined);
  }

  async #readAhead(segment: Segment): Promise<void> {
    const to = segment.bytes;
    const bytes = await readFile(segment.file);
    this.#ahead.push(...decodeRecords(bytes.subarray(this.#readTo, to)).messages);
    this.#readTo = to;
  }

  async #remove(segment: Segment): Promise<void> {
    this.#segments.shift();
    this.#readTo = 0;
    if (segment === this.#active?.segment) await this.#abandon();
    await rm(segment.file, { force: true });
  }

  async #recover(name: string): Promise<void> {
    const file = join(this.#options.folder, name);
    const content = await readFile(file);
    const { messages, bytes, tail } = decodeRecords(content);
    this.#number = Number.parseInt(name, 10);
    for (const { id } of messages) this.#held.set(id, SYNCED);
    if (tail !== "clean") this.#options.tell("spool record dropped", { file, tail, bytes: content.length - bytes });
    if (tail === "damaged") await keepForInspection(file, content);
    if (messages.length > 0) this.#segments.push({ file, bytes });
    else await rm(file);
  }
}

const SYNCED: Promise<void> = Promise.resolve();

const SEGMENT = /^\d{12}\.spool$/;

const segmentName = (number: number): string => `${String(number).padStart(12, "0")}.spool`;

/** Bytes that a disk changed after they were synced are a loss, and a person may want to see them. */
async function keepForInspection(file: string, content: Buffer): Promise<void> {
  const copy = await open(`${file}.damaged.part`, "w", 0o600);
  await copy.writeFile(content);
  await copy.close();
  await rename(`${file}.damaged.part`, `${file}.damaged`);
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}

/** A new file is only there after a power cut if its folder was synced too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
