import { setTimeout as rest } from "node:timers/promises";
import { type Bus, BusUnavailable, type Delivery, type Fate } from "@raingauge/bus";
import type { Log } from "@raingauge/runtime";
import { type Arrival, type SampleStore, StoreUnavailable } from "@raingauge/store";
import { columnsDecoder, WireError } from "@raingauge/wire";
import type { Arrived } from "./arrived.ts";

export interface Collaborators {
  readonly bus: Pick<Bus, "consume">;
  readonly store: Pick<SampleStore, "append">;
  readonly log: Log;
  readonly arrived?: Arrived;
}

export interface Collecting {
  /** Collectors of one name share the work. */
  readonly consumer: string;
  /** What is handed over at once is one transaction: many messages make it cheap, few make a retry cheap. */
  readonly batchMessages: number;
  readonly signal: AbortSignal;
}

const REST_MS = 1_000;

/** While one batch is being committed, which is DuckDB's work and the disk's, the next is decoded. More would only hold more. */
const HANDS_AT_ONCE = 2;

/**
 * Moves everything that is on the bus into the store, in effect exactly once: a message is done only when its rows are
 * committed, and the store knows positions that come again. Resolves once the signal aborts and what is in hand is settled.
 */
export async function collect(by: Collaborators, collecting: Collecting): Promise<void> {
  const { bus, log } = by;
  const decode = columnsDecoder();
  const handle = (deliveries: readonly Delivery[]): Promise<Fate[]> => settle(deliveries, by, decode);
  const { signal } = collecting;
  while (!signal.aborted) {
    try {
      await bus.consume(handle, { ...collecting, handsAtOnce: HANDS_AT_ONCE });
    } catch (error) {
      if (!(error instanceof BusUnavailable)) throw error;
      log.warn("bus lost", { reason: error.message });
      await rest(REST_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** One message that cannot be decoded, or that wakes a bug in the store, costs the others nothing. */
async function settle(
  deliveries: readonly Delivery[],
  { store, log, arrived }: Collaborators,
  decode: Decode,
): Promise<Fate[]> {
  const read = deliveries.map((delivery) => readOf(delivery, decode));
  const outcomes = await appended(read.filter(isArrival), store, log);
  const fates = fatesOf(outcomes, deliveries);
  return read.map((each, index) => {
    const fate = isArrival(each) ? (fates.get(each) ?? "retry") : each;
    const delivery = deliveries[index];
    if (fate === "done" && isArrival(each) && delivery !== undefined) arrived?.(delivery, each.batch);
    if (typeof fate !== "string") log.warn("message rejected", { message: delivery?.message.id, ...fate });
    return fate;
  });
}

type Refusal = Exclude<Fate, string>;

type Decode = ReturnType<typeof columnsDecoder>;

function readOf({ position, message }: Delivery, decode: Decode): Arrival | Refusal {
  try {
    return { position, batch: decode(message.body) };
  } catch (error) {
    if (error instanceof WireError) return { reject: `${error.code}: ${error.message}` };
    throw error;
  }
}

const isArrival = (read: Arrival | Refusal): read is Arrival => "batch" in read;

/** What became of an arrival: stored, not now, or never because of what was thrown. */
type Outcome = "done" | "retry" | { readonly bug: unknown };

/**
 * Stores all at once, and where that fails for another reason than that the store is away, either half by itself, down to the
 * arrivals that it fails on.
 */
async function appended(
  arrivals: readonly Arrival[],
  store: Collaborators["store"],
  log: Log,
): Promise<Map<Arrival, Outcome>> {
  const outcome = await append(arrivals, store, log);
  if (typeof outcome === "string" || arrivals.length <= 1) return new Map(arrivals.map((each) => [each, outcome]));
  const middle = Math.ceil(arrivals.length / 2);
  const first = await appended(arrivals.slice(0, middle), store, log);
  return new Map([...first, ...(await appended(arrivals.slice(middle), store, log))]);
}

async function append(arrivals: readonly Arrival[], store: Collaborators["store"], log: Log): Promise<Outcome> {
  if (arrivals.length === 0) return "done";
  try {
    const { stored, duplicates } = await store.append(arrivals);
    log.debug("batches stored", { batches: arrivals.length, stored, duplicates });
    return "done";
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) return { bug: error };
    log.warn("store unavailable", { reason: error.message });
    return "retry";
  }
}

/** How often a message that nothing else can be compared with may stop the collector before it is set aside. */
const BUG_ATTEMPTS = 3;

/**
 * A bug that some messages wake and others do not belongs to those messages: they rest among the rejects, to be replayed after
 * a fix. One that every message wakes is ours alone: it stops the process, and the bus keeps everything. Of a message that
 * came by itself nobody knows which it is, until it was handed over a few times.
 */
function fatesOf(outcomes: ReadonlyMap<Arrival, Outcome>, deliveries: readonly Delivery[]): ReadonlyMap<Arrival, Fate> {
  const bugs = [...outcomes.values()].filter((outcome) => typeof outcome !== "string");
  const [first] = bugs;
  const isEverywhere = first !== undefined && bugs.length === outcomes.size;
  const isAlone = outcomes.size === 1 && deliveries.every(({ attempt }) => attempt > BUG_ATTEMPTS);
  if (isEverywhere && !isAlone) throw first.bug;
  return new Map(
    [...outcomes].map(([arrival, outcome]) => [
      arrival,
      typeof outcome === "string" ? outcome : { reject: `store_failed: ${String(outcome.bug)}` },
    ]),
  );
}
