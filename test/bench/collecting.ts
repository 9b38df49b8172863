import { cpus } from "node:os";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Bus } from "@raingauge/bus";
import { collect } from "@raingauge/collector";
import { silentLog } from "@raingauge/runtime";
import type { SampleStore } from "@raingauge/store";
import { type Figure, figure } from "./benchmark.ts";
import { type Busy, processors } from "./processors.ts";

/** As the collector is configured unless told otherwise. */
export const BATCH_MESSAGES = 1_024;

/** What waits on the bus. */
export interface Waiting {
  readonly messages: number;
  readonly samples: number;
}

/** How long it took, and how long processors were at it, which other work on the machine changes less. */
export interface Collected {
  readonly seconds: number;
  readonly processSeconds: number;
  readonly kernelSeconds: number;
  readonly busy: Busy | undefined;
}

/** The collector as its process runs it, from its first question to when the last message is committed; and all was stored. */
export async function collecting(bus: Bus, store: SampleStore, waiting: Waiting): Promise<Collected> {
  collectGarbage();
  const stop = new AbortController();
  const [whole, busy] = [process.cpuUsage(), processors()];
  const began = performance.now();
  let ended = began;
  let left = waiting.messages;
  let stored = 0;
  const counted: Pick<Bus, "consume"> = {
    consume: (handle, options) =>
      bus.consume(async (deliveries) => {
        const fates = await handle(deliveries);
        left -= deliveries.length;
        ended = performance.now();
        if (left <= 0) stop.abort();
        return fates;
      }, options),
  };
  const append: typeof store.append = async (arrivals) => {
    const result = await store.append(arrivals);
    stored += result.stored;
    return result;
  };
  await collect(
    { bus: counted, store: { append }, log: silentLog },
    { consumer: "collector", batchMessages: BATCH_MESSAGES, signal: stop.signal },
  );
  if (stored !== waiting.samples) throw new Error(`${waiting.samples} samples were published and ${stored} stored`);
  const { user, system } = process.cpuUsage(whole);
  return {
    seconds: (ended - began) / 1_000,
    processSeconds: (user + system) / 1e6,
    kernelSeconds: system / 1e6,
    busy: busy?.(),
  };
}

/** What was made before is no garbage of the collector's: hundreds of megabytes of it would cost more than all the rest. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const gc: unknown = runInNewContext("gc");
  if (typeof gc === "function") gc();
}

/**
 * Where the processors' time for a sample goes, and how many samples a second so much time allows: on these cores, were none of
 * them ever idle and nothing else at work. No rate can be above that, however the work is shared out.
 */
export function budget({ processSeconds, kernelSeconds, busy }: Collected, samples: number, of: string): Figure[] {
  const each = (what: string, seconds: number): Figure =>
    figure(`${what} time for a sample${of}`, "µs/sample", (seconds * 1e6) / samples);
  const process = [each("the whole process's", processSeconds), each("the kernel's part of that", kernelSeconds)];
  if (busy === undefined) return process;
  const { thread, helpers, others, servers } = busy;
  return [
    each("our thread's", thread),
    each("V8's helpers'", helpers),
    each("the process's other threads'", others),
    ...process,
    each("the servers'", servers),
    figure(
      `samples that so much time allows${of}`,
      "samples/s",
      (cpus().length * samples) / (processSeconds + servers),
    ),
  ].filter(({ value }) => value > 0); // A short run may have come by without one of them.
}
