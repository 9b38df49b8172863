import { setTimeout as rest } from "node:timers/promises";
import { type Bus, BusUnavailable, type Delivery, type Fate } from "@raingauge/bus";
import type { Log } from "@raingauge/runtime";
import { type Arrival, type SampleStore, StoreUnavailable } from "@raingauge/store";
import { decodeInColumns, WireError } from "@raingauge/wire";

export interface Collaborators {
  readonly bus: Pick<Bus, "consume">;
  readonly store: Pick<SampleStore, "append">;
  readonly log: Log;
}

export interface Collecting {
  /** Collectors of one name share the work. */
  readonly consumer: string;
  /** What is handed over at once is one transaction: many messages make it cheap, few make a retry cheap. */
  readonly batchMessages: number;
  readonly signal: AbortSignal;
}

const REST_MS = 1_000;

/**
 * Moves everything that is on the bus into the store, in effect exactly once: a message is done only when its rows are
 * committed, and the store knows positions that come again. Resolves once the signal aborts and what is in hand is settled.
 */
export async function collect({ bus, store, log }: Collaborators, collecting: Collecting): Promise<void> {
  const handle = (deliveries: readonly Delivery[]): Promise<Fate[]> => settle(deliveries, store, log);
  const { signal } = collecting;
  while (!signal.aborted) {
    try {
      await bus.consume(handle, collecting);
    } catch (error) {
      if (!(error instanceof BusUnavailable)) throw error;
      log.warn("bus lost", { reason: error.message });
      await rest(REST_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** One undecodable message costs the others nothing. */
async function settle(deliveries: readonly Delivery[], store: Collaborators["store"], log: Log): Promise<Fate[]> {
  const read = deliveries.map(arrivalOf);
  const stored = await append(read.filter(isArrival), store, log);
  for (const [index, each] of read.entries()) {
    if (!isArrival(each)) log.warn("message rejected", { message: deliveries[index]?.message.id, ...each });
  }
  return read.map((each) => (isArrival(each) ? stored : each));
}

type Refusal = Exclude<Fate, string>;

function arrivalOf({ position, message }: Delivery): Arrival | Refusal {
  try {
    return { position, batch: decodeInColumns(message.body) };
  } catch (error) {
    if (error instanceof WireError) return { reject: `${error.code}: ${error.message}` };
    throw error;
  }
}

const isArrival = (read: Arrival | Refusal): read is Arrival => "batch" in read;

async function append(
  arrivals: readonly Arrival[],
  store: Collaborators["store"],
  log: Log,
): Promise<"done" | "retry"> {
  if (arrivals.length === 0) return "done";
  try {
    const { stored, duplicates } = await store.append(arrivals);
    log.debug("batches stored", { batches: arrivals.length, stored, duplicates });
    return "done";
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    log.warn("store unavailable", { reason: error.message });
    return "retry";
  }
}
