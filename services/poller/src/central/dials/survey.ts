import type { Instant } from "@raingauge/domain";
import { ApiError, type Payload } from "@raingauge/openstack";
import type { Absence } from "../absence.ts";
import type { Asking } from "../asking.ts";
import type { MeterReading } from "./meter-reading.ts";
import type { DialReading } from "./reading.ts";

/** What is asked of a service to be looked at, or measured anew each time: agents, capacity, quotas, accounts. It proves no end. */
export interface Survey {
  /** `nova.survey`, … */
  readonly name: string;
  /** Whose `up` its success is, in the openstack-exporter's words. */
  readonly collector?: string;
  /** How a cloud says that it is without this service; one that has it always does not say so. */
  readonly absence?: Absence;
  /** Throws ApiError where the service itself does not answer. A project of which it does not tell is left out, and told of. */
  readonly read: (asking: Asking, skipped: Skipped, watch: Watched) => Promise<readonly (DialReading | MeterReading)[]>;
}

/** Since when the survey has been at it. */
export interface Watched {
  /** When the first one that told something began; undefined in that one itself. */
  readonly sinceAt: Instant | undefined;
}

/** Of one project, one hypervisor, … nothing was told; the rest goes on. */
export type Skipped = (what: string, error: ApiError) => void;

/** What the items that a sweep reads anyhow say to be looked at. Made anew for each sweep. */
export interface Dialling {
  item(said: Payload): readonly DialReading[];
  /** What can be said only when every item has been seen. */
  total(): readonly DialReading[];
}

/** So many are asked about at once unless told otherwise, and the next as soon as one is told: whoever waits in line would run out of time there. */
const TOGETHER = 4;

/** Of each of many; one that fails costs only itself. */
export async function ofEach<T extends { readonly id: string }, R>(
  many: readonly T[],
  read: (one: T) => Promise<readonly R[]>,
  skipped: Skipped,
  together = TOGETHER,
): Promise<R[]> {
  const found: R[][] = many.map(() => []);
  const left = many.entries();
  const work = async (): Promise<void> => {
    for (const [index, one] of left) {
      try {
        found[index] = [...(await read(one))];
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        skipped(one.id, error);
      }
    }
  };
  await Promise.all(Array.from({ length: together }, work));
  return found.flat();
}
