import type { Bus } from "@raingauge/bus";
import type { Sample } from "@raingauge/domain";
import type { Log } from "@raingauge/runtime";
import { packets } from "@raingauge/wire";
import type { RaterMetrics } from "../metrics.ts";
import { isRefused, readingOf } from "./reading.ts";
import type { Outside } from "./settings.ts";
import type { Refused, Told } from "./told.ts";

export interface Taking {
  readonly bus: Pick<Bus, "publish">;
  readonly metrics: Pick<RaterMetrics, "samplesTaken" | "samplesRefused" | "samplesPassedOver">;
  readonly log: Log;
  readonly outside: Outside;
}

export interface Taken {
  readonly accepted: number;
  readonly rejected: readonly (Refused & { readonly index: number })[];
}

/**
 * Puts all that makes sense on the bus; the rest is counted, and said one by one. Resolves once the bus has it. Throws
 * BusUnavailable or BusFull, and the same may then be sent again: what came twice counts once.
 */
export async function take(door: string, told: readonly (Told | Refused)[], by: Taking): Promise<Taken> {
  const read = told.map((each) => ("code" in each ? each : readingOf(each, by.outside.region)));
  const samples = read.filter((each): each is Sample => !isRefused(each));
  for (const packet of packets({ samples, events: [], coverage: [] }, SERVICE)) await by.bus.publish(packet);
  const rejected = read.flatMap((each, index) => (isRefused(each) ? [{ index, ...each }] : []));
  by.metrics.samplesTaken.add(samples.length, { door });
  for (const { code } of rejected) by.metrics.samplesRefused.add(1, { door, reason: code });
  const [first] = rejected;
  if (first !== undefined) by.log.warn("outside samples refused", { door, count: rejected.length, first: first.says });
  return { accepted: samples.length, rejected };
}

/** By this name the bus and the collector know what came through the API. */
const SERVICE = "outside";
