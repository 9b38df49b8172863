import { type Instant, SECOND_MS, wholeSecond } from "@raingauge/domain";
import { ApiError } from "@raingauge/openstack";
import { WireError } from "@raingauge/wire";
import { isAbsent } from "./absence.ts";
import { dial, dialSample } from "./dials/reading.ts";
import { FORGETFUL, kept, recalled } from "./recall.ts";
import type { SeenFile } from "./seen-file.ts";
import type { Source } from "./source.ts";
import { type Seen, SweepIncomplete, type Sweeping, sweep } from "./sweep.ts";

/** Sweeps one source when asked. */
export interface Sweeper {
  readonly source: string;
  /** Never rejects for what an API can do; the next sweep goes on from what the last complete one saw. */
  once(): Promise<void>;
  /** Why the last sweep proved nothing; undefined where it did. */
  unready(): string | undefined;
}

export function sweeper(source: Source, sweeping: Sweeping, memory: SeenFile = FORGETFUL): Sweeper {
  const { log, metrics, now } = sweeping;
  let before: Seen | undefined;
  let isRecalled = false;
  let unready: string | undefined = "no sweep has finished yet";
  return {
    source: source.name,
    unready: () => unready,
    async once() {
      const began = now();
      if (!isRecalled) before = await recalled(memory, sweeping);
      isRecalled = true;
      try {
        before = await sweep(source, sweeping, before);
        await kept(memory, before, sweeping);
        unready = undefined;
        metrics.sweepsFinished.add(1, { source: source.name });
        metrics.lastSweep.set(began / SECOND_MS, { source: source.name });
        log.info("cloud swept", { source: source.name, resources: before.there.size });
      } catch (error) {
        const reason = expected(error);
        if (isAbsent(error, source.absence, before !== undefined)) {
          unready = undefined;
          log.debug("no such service", { source: source.name });
          return;
        }
        if (reason === "short" && before !== undefined) {
          before = { ...before, doubted: true };
          await kept(memory, before, sweeping);
        }
        unready = error instanceof Error ? error.message : reason;
        metrics.sweepsFailed.add(1, { source: source.name, reason });
        log.error("sweep failed", { source: source.name, reason, error });
        await down(source, sweeping, began);
      } finally {
        metrics.sweepSeconds.observe((now() - began) / SECOND_MS, { source: source.name });
      }
    },
  };
}

/** Why a sweep proves nothing. What is not expected is a bug, and ends the process. */
function expected(error: unknown): string {
  if (error instanceof ApiError) return error.code;
  if (error instanceof SweepIncomplete) return error.reason;
  if (error instanceof WireError) return error.code;
  throw error;
}

async function down(
  { name, dials }: Source,
  { dials: wanted, post, region, agent }: Sweeping,
  began: Instant,
): Promise<void> {
  if (dials?.isVoice !== true || wanted?.has(dials.collector) !== true) return;
  const dialled = { region, at: wholeSecond(began), message: `${name}/${agent}/${began}` };
  const samples = dial(`openstack_${dials.collector}_up`, {}, 0).map((each) => dialSample(each, dialled));
  await post({ samples, events: [], coverage: [] }, name.slice(0, name.indexOf(".")));
}
