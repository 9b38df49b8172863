import type { Dimensions, Instant, Sample } from "@raingauge/domain";
import type { Notification } from "@raingauge/openstack";
import { attributes } from "../attributes.ts";
import type { Place } from "../heard.ts";
import { implied } from "../telling.ts";

/** A machine as Nova describes it, the same from either format of its notifications. */
export interface Server {
  readonly id: string;
  readonly project: string;
  /** Nova's word: `active`, `stopped`, `resized`, `soft-delete`, … */
  readonly state: string;
  /** Something is being done to it right now, and what is said of it may be half done. */
  readonly busy: boolean;
  readonly flavor: string;
  /** The image's id; empty for a machine that boots from a volume. */
  readonly image: string;
  readonly availabilityZone: string;
  readonly vcpus: bigint;
  readonly memoryBytes: bigint;
  readonly rootBytes: bigint;
  readonly ephemeralBytes: bigint;
  /** Since when it runs; set anew by a resize, a rebuild, a rescue and an unshelve. Absent: it was never active. */
  readonly launchedAt?: Instant;
  /** When its hypervisor was done with it. */
  readonly terminatedAt?: Instant;
  /** When Nova's database was done with it; for a soft-deleted machine, when that was asked for. */
  readonly deletedAt?: Instant;
  /** What it is besides, for people to recognise it by. */
  readonly about: Readonly<Record<string, string | undefined>>;
}

export const MEBIBYTE = 1024n ** 2n;
export const GIBIBYTE = 1024n ** 3n;

/** A machine that waits for its resize to be confirmed works as before, and is priced as before. */
export const pricedState = (state: string): string => (state === "resized" ? "active" : state);

export const dimensionsOf = ({ flavor, image, availabilityZone }: Server, state: string): Dimensions => ({
  flavor,
  state: pricedState(state),
  image,
  availability_zone: availabilityZone,
});

export const aboutServer = (server: Server): Dimensions =>
  attributes({
    state: server.state,
    flavor: server.flavor,
    image: server.image,
    availability_zone: server.availabilityZone,
    ...server.about,
  });

/** What is claimed of a machine at one instant. */
export interface Claim {
  readonly stance: Sample["stance"];
  readonly at: Instant;
  readonly state: string;
  readonly transition?: string;
}

/** One reading for each existence meter of a machine. */
export function readings(notification: Notification, { region }: Place, server: Server, claim: Claim): Sample[] {
  const { stance, at, state, transition } = claim;
  const dimensions = dimensionsOf(server, state);
  return amounts(server).map(([meter, value]) =>
    implied(notification, {
      region,
      project: server.project,
      resource: server.id,
      source: "nova",
      meter,
      value,
      stance,
      at,
      dimensions,
      ...(transition === undefined ? {} : { transition }),
    }),
  );
}

const amounts = (server: Server): readonly (readonly [meter: string, value: bigint])[] => [
  ["instance", 1n],
  ["vcpus", server.vcpus],
  ["memory", server.memoryBytes],
  ["disk.root.size", server.rootBytes],
  ["disk.ephemeral.size", server.ephemeralBytes],
];
