import { setImmediate as turn } from "node:timers/promises";
import type { MessagePort, TransferListItem, Worker } from "node:worker_threads";
import { type Ledger, LedgerUnavailable } from "@raingauge/ledger";
import { type SampleStore, StoreUnavailable } from "@raingauge/store";

/** What a thread needs of the store and the ledger, which belong to the thread that opened them. */
export interface Lent {
  readonly store: Pick<
    SampleStore,
    "measure" | "watermark" | "projects" | "points" | "subjects" | "coverage" | "totals"
  >;
  readonly ledger: Pick<
    Ledger,
    | "bookAt"
    | "bookByDigest"
    | "accounts"
    | "accountByDigest"
    | "placements"
    | "books"
    | "invoices"
    | "heads"
    | "usages"
    | "events"
    | "budgets"
    | "credits"
  >;
}

const METHODS = {
  store: ["measure", "watermark", "projects", "points", "subjects", "coverage", "totals"],
  ledger: [
    "bookAt",
    "bookByDigest",
    "accounts",
    "accountByDigest",
    "placements",
    "books",
    "invoices",
    "heads",
    "usages",
    "events",
    "budgets",
    "credits",
  ],
} as const satisfies { readonly [of in keyof Lent]: readonly (keyof Lent[of])[] };

export interface LentCall {
  readonly kind: "call";
  readonly id: number;
  readonly of: keyof Lent;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** What comes back: a list in parts, the last of which says so. */
export type LentReply =
  | { readonly kind: "part"; readonly id: number; readonly items: readonly unknown[] }
  | { readonly kind: "value"; readonly id: number; readonly value: unknown }
  | { readonly kind: "failure"; readonly id: number; readonly name: string; readonly message: string };

/** So many items are copied at a time, so that a long list keeps nobody waiting. */
const PART_ITEMS = 500;

/** What a store can be told to stop, by a signal after its two arguments. */
const STOPPABLE: ReadonlySet<string> = new Set(["measure", "totals", "points", "subjects", "projects"]);

/**
 * Does what a thread asks of the store or the ledger, and tells it in parts between which others have their turn. When the signal
 * of the question aborts, the store is told to stop.
 */
export async function serveLent(
  lent: Lent,
  { id, of, method, args }: LentCall,
  to: Pick<Worker, "postMessage">,
  signal: AbortSignal | undefined,
): Promise<void> {
  const say = (reply: LentReply, moved: readonly TransferListItem[] = []): void => to.postMessage(reply, moved);
  try {
    const told = of === "store" && STOPPABLE.has(method) && signal !== undefined ? [...args, signal] : args;
    const value = await calledOf(lent, of, method, told);
    if (!Array.isArray(value)) return say({ kind: "value", id, value });
    for (let from = 0; from < value.length; from += PART_ITEMS) {
      const items = value.slice(from, from + PART_ITEMS);
      say({ kind: "part", id, items }, columnsOf(items));
      await turn();
    }
    say({ kind: "value", id, value: undefined });
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    say({ kind: "failure", id, name, message });
  }
}

function calledOf(lent: Lent, of: keyof Lent, method: string, args: readonly unknown[]): Promise<unknown> {
  if (!(METHODS[of] as readonly string[]).includes(method)) throw new RangeError(`${of}.${method} is not lent`);
  const owner = lent[of] as unknown as Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>;
  return owner[method]?.(...args) ?? Promise.resolve(undefined);
}

/** Columns of their own are handed over, not copied. */
function columnsOf(items: readonly unknown[]): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const item of items) {
    if (typeof item !== "object" || item === null || !("at" in item && "values" in item)) continue;
    for (const column of [item.at, item.values])
      if (
        column instanceof Float64Array &&
        column.buffer instanceof ArrayBuffer &&
        column.byteLength === column.buffer.byteLength
      )
        buffers.add(column.buffer);
  }
  return [...buffers];
}

interface Waiting {
  readonly items: unknown[];
  readonly isList: boolean;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export interface Borrowed {
  readonly lent: Lent;
  hear(reply: LentReply): void;
  /** From now on nothing may be asked, and what was asked is not waited for; undefined takes that back. */
  refuse(reason: Error | undefined): void;
}

/** The other side: store and ledger as they look from a thread that only borrows them. */
export function borrowed(port: MessagePort): Borrowed {
  const waiting = new Map<number, Waiting>();
  let calls = 0;
  let refused: Error | undefined;
  const ask = async (of: keyof Lent, method: string, args: readonly unknown[]): Promise<unknown> => {
    if (refused !== undefined) throw refused;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    calls += 1;
    waiting.set(calls, { items: [], isList: !SINGLE.has(method), resolve, reject });
    port.postMessage({ kind: "call", id: calls, of, method, args } satisfies LentCall);
    return promise;
  };
  const all = Object.fromEntries(
    Object.entries(METHODS).map(([of, methods]) => [
      of,
      Object.fromEntries(
        methods.map((method) => [method, (...args: readonly unknown[]) => ask(of as keyof Lent, method, args)]),
      ),
    ]),
  );
  return {
    // The same methods with the same arguments: `METHODS` is checked against the ports where it is declared.
    lent: all as unknown as Lent,
    hear(reply) {
      const call = waiting.get(reply.id);
      if (call === undefined) return;
      if (reply.kind === "part") return void call.items.push(...reply.items);
      waiting.delete(reply.id);
      if (reply.kind === "failure") return call.reject(errorOf(reply));
      call.resolve(call.isList ? call.items : reply.value);
    },
    refuse(reason) {
      refused = reason;
      if (reason === undefined) return;
      for (const { reject } of waiting.values()) reject(reason);
      waiting.clear();
    },
  };
}

/** What is no list. */
const SINGLE: ReadonlySet<string> = new Set(["watermark", "bookAt", "bookByDigest", "accountByDigest"]);

function errorOf({ name, message }: { readonly name: string; readonly message: string }): Error {
  if (name === "StoreUnavailable") return new StoreUnavailable(message);
  if (name === "LedgerUnavailable") return new LedgerUnavailable(message);
  return Object.assign(new Error(message), { name });
}
