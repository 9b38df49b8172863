import { join } from "node:path";
import type { Hearing, Pool } from "@raingauge/openstack";
import { type Collaborators, type ListenOptions, listen } from "./listen.ts";
import type { Source } from "./source.ts";

export interface Everywhere extends Pool {
  readonly brokers: readonly Source[];
  readonly region: string;
  readonly prefetch: number;
  /** Where it is remembered until when nothing was missed. */
  readonly folder: string;
  readonly confirmEveryMs?: number;
  readonly tellAway?: (reason: string | undefined) => void;
}

/** Listens in every region that a broker was named for; the brokers of one region belong together. */
export async function listenEverywhere(
  collaborators: Collaborators,
  { tellAway = () => undefined, ...options }: Everywhere,
  signal: AbortSignal,
): Promise<void> {
  const away = new Map<string, string>();
  const listening = regions(options).map((region) => {
    const tell = (reason: string | undefined): void => {
      if (reason === undefined) away.delete(region.region);
      else away.set(region.region, reason);
      tellAway([...away.values()][0]);
    };
    return listen(collaborators, { ...region, tellAway: tell }, signal);
  });
  await Promise.all(listening);
}

/** A listener of one region remembers where it always has. */
export function regions({
  brokers,
  region,
  prefetch,
  folder,
  confirmEveryMs,
  ...said
}: Everywhere): readonly ListenOptions[] {
  const { queueType, exchanges, exchangesDurable, routingKeys } = said;
  const pool = { queueType, exchanges, exchangesDurable, routingKeys };
  const byRegion = Map.groupBy(brokers, (source) => source.region ?? region);
  return [...byRegion].map(([name, sources]) => ({
    region: name,
    hearings: sources.map(
      ({ broker, queue = said.queue }): Hearing => ({ broker, pool: { ...pool, queue }, prefetch }),
    ),
    ...(confirmEveryMs === undefined ? {} : { confirmEveryMs }),
    attendanceFile: join(folder, name === region ? "attendance.json" : `attendance-${encodeURIComponent(name)}.json`),
  }));
}
