import type { Instant } from "@raingauge/domain";
import type { List, Payload } from "@raingauge/openstack";
import type { Absence } from "./absence.ts";
import type { Asking } from "./asking.ts";
import type { Dialling } from "./dials/survey.ts";
import type { Listed } from "./resource.ts";

/** What is swept: lists of an API that together name every resource of their types, and what one item of them means. */
export interface Source {
  /** `nova.sweep`, `cinder.volumes.sweep`, …; its coverage goes by it. */
  readonly name: string;
  readonly resourceTypes: readonly string[];
  /** To be walked in this order. What changed or ended before `since` was told by the sweep before. */
  readonly lists: (since: Instant) => readonly List[];
  /** Pure. Throws MalformedAnswer. */
  readonly read: (said: Payload) => Listed;
  /** How a cloud says that it is without this service; one that has it always does not say so. */
  readonly absence?: Absence;
  /** What the same items say to be looked at. */
  readonly dials?: {
    readonly collector: string;
    /** Whether the collector's `up` is this sweep's success, for there is no survey. */
    readonly isVoice?: boolean;
    readonly make: (asking: Asking) => Promise<Dialling>;
  };
}
