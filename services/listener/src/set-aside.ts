import { hash } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Instant } from "@raingauge/domain";

/** A message that says nothing we can take, kept whole until somebody has looked at it. */
export interface Aside {
  /** Names the bytes, so that the same message coming again is kept once. */
  readonly digest: string;
  readonly reason: string;
  readonly exchange: string;
  readonly routingKey: string;
  readonly at: Instant;
  readonly body: Uint8Array;
}

/** There is no room for more; the message must stay with RabbitMQ. */
export class SetAsideFull extends Error {
  override readonly name = "SetAsideFull";
}

/**
 * Messages set aside, in files that only this user can read: a payload may hold what was meant for nobody else. Promises:
 * 1. What is kept is synced before `keep` resolves, and is there after any kind of end.
 * 2. The same bytes are kept once, with the reason given last.
 * 3. More than the limit is refused with SetAsideFull, and nothing kept is given up for something newer.
 */
export interface SetAside {
  keep(aside: Omit<Aside, "digest">): Promise<Aside>;
  /** In the order of their digests. */
  list(): AsyncIterable<Aside>;
  /** It has been dealt with. False if there was none. */
  remove(digest: string): Promise<boolean>;
  readonly held: { readonly messages: number; readonly bytes: number };
}

/** One file for each message; the folder is made if it is not there. */
export async function setAsideIn(folder: string, limitBytes: number): Promise<SetAside> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const sizes = await sizesIn(folder);
  const total = (): number => [...sizes.values()].reduce((sum, size) => sum + size, 0);
  /** The operator's tools remove what was dealt with, and are another process. */
  const recount = async (): Promise<void> => {
    const found = await sizesIn(folder);
    sizes.clear();
    for (const [digest, size] of found) sizes.set(digest, size);
  };
  const fileOf = (digest: string): string => join(folder, `${digest}${SUFFIX}`);
  const keepOne = async (said: Omit<Aside, "digest">): Promise<Aside> => {
    const aside = { ...said, digest: digestOf(said.body) };
    const bytes = encode(aside);
    const isFull = (): boolean => total() - (sizes.get(aside.digest) ?? 0) + bytes.length > limitBytes;
    if (isFull()) await recount();
    if (isFull()) throw new SetAsideFull(`the messages set aside fill ${limitBytes} bytes`);
    await writeSynced(fileOf(aside.digest), bytes);
    sizes.set(aside.digest, bytes.length);
    return aside;
  };
  let turn: Promise<unknown> = Promise.resolve();
  return {
    // One after the other: two brokers may say the same, and both must find the room that they were promised.
    keep(said) {
      const kept = turn.then(() => keepOne(said));
      turn = kept.catch(() => undefined);
      return kept;
    },
    async *list() {
      for (const digest of [...sizes.keys()].toSorted()) yield decode(await readFile(fileOf(digest)), digest);
    },
    async remove(digest) {
      await rm(fileOf(digest), { force: true });
      return sizes.delete(digest);
    },
    get held() {
      return { messages: sizes.size, bytes: total() };
    },
  };
}

const SUFFIX = ".aside";

const digestOf = (body: Uint8Array): string => hash("sha256", body, "hex").slice(0, 32);

async function sizesIn(folder: string): Promise<Map<string, number>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(SUFFIX));
  const sizes = names.map(async (name) => [name.slice(0, -SUFFIX.length), await sizeOf(join(folder, name))] as const);
  return new Map((await Promise.all(sizes)).filter((each): each is readonly [string, number] => each[1] !== undefined));
}

/** Undefined for a file that somebody removes just then. */
async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** A line of JSON that says why and whence, then the bytes as they came. */
function encode({ reason, exchange, routingKey, at, body }: Aside): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify({ reason, exchange, routingKey, at })}\n`), body]);
}

function decode(file: Buffer, digest: string): Aside {
  const end = file.indexOf("\n");
  return { ...JSON.parse(file.subarray(0, end).toString()), digest, body: file.subarray(end + 1) };
}

/** Written beside and renamed, so that a file is there whole or not at all; the folder is synced, so that it is there. */
async function writeSynced(file: string, bytes: Buffer): Promise<void> {
  const part = await open(`${file}.part`, "w", 0o600);
  try {
    await part.writeFile(bytes);
    await part.sync();
  } finally {
    await part.close();
  }
  await rename(`${file}.part`, file);
  const folder = await open(join(file, ".."), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
