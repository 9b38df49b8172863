import type { Instant } from "@raingauge/domain";
import { GIBIBYTE, MEBIBYTE } from "../fields.ts";
import type { Described } from "../resource.ts";

/** A machine as Nova describes it, the same from either format of its notifications. */
export interface Server extends Described {
  /** Nova's word: `active`, `stopped`, `resized`, `soft-delete`, … */
  readonly state: string;
  /** Something is being done to it right now, and what is said of it may be half done. */
  readonly busy: boolean;
}

/** What both formats say of a machine, each in its own words. */
export interface ServerSaid {
  readonly id: string;
  readonly project: string;
  readonly state: string;
  readonly task: string | undefined;
  readonly flavor: string;
  /** The image's id; empty for a machine that boots from a volume. */
  readonly image: string;
  readonly availabilityZone: string | undefined;
  readonly vcpus: bigint;
  readonly memoryMebibytes: bigint;
  readonly rootGibibytes: bigint;
  readonly ephemeralGibibytes: bigint;
  /** Since when it runs; set anew by a resize, a rebuild, a rescue and an unshelve. Without it, it was never active. */
  readonly launchedAt: Instant | undefined;
  /** When its hypervisor was done with it. */
  readonly terminatedAt: Instant | undefined;
  /** When Nova's database was done with it; for a soft-deleted machine, when that was asked for. */
  readonly deletedAt: Instant | undefined;
  readonly about: Described["about"];
}

export function server(said: ServerSaid): Server {
  const { id, project, state, task, flavor, image, availabilityZone = "", launchedAt, terminatedAt, deletedAt } = said;
  return {
    source: "nova",
    type: "instance",
    id,
    project,
    state,
    busy: task !== undefined,
    amounts: amounts(said),
    dimensions: { flavor, state: pricedState(state), image, availability_zone: availabilityZone },
    about: { ...said.about, state },
    began: launchedAt !== undefined,
    ...(launchedAt === undefined ? {} : { beginning: { at: launchedAt, state: "active" } }),
    ...(deletedAt === undefined ? {} : { changedAt: deletedAt }),
    ...ended(terminatedAt ?? deletedAt),
  };
}

/** Nova's own usage report ends with the hypervisor too; it is never the later of the two, which favours the tenant. */
const ended = (endedAt: Instant | undefined) => (endedAt === undefined ? {} : { endedAt });

/** A machine that waits for its resize to be confirmed works as before, and is priced as before. */
const pricedState = (state: string): string => (state === "resized" ? "active" : state);

const amounts = (said: ServerSaid): Described["amounts"] => [
  ["instance", 1n],
  ["vcpus", said.vcpus],
  ["memory", said.memoryMebibytes * MEBIBYTE],
  ["disk.root.size", said.rootGibibytes * GIBIBYTE],
  ["disk.ephemeral.size", said.ephemeralGibibytes * GIBIBYTE],
];
