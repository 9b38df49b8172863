import type { Instant } from "./instant.ts";
import type { Dimensions } from "./sample.ts";

/** Something happened to a resource. Identity: the notification's message id. */
export interface Event {
  readonly id: string;
  /** As the service calls it, e.g. `compute.instance.delete.end`. */
  readonly type: string;
  readonly region: string;
  /** The service whose exchange it came by: `nova`, `cinder`, … */
  readonly source: string;
  readonly at: Instant;
  readonly project?: string;
  readonly resource?: string;
  readonly resourceType?: string;
  /** What it says of the resource from `at` on: name, host, user, flavor, … Never a secret. */
  readonly attributes: Dimensions;
}

/** A resource as its events describe it at one instant. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly region: string;
  readonly project: string;
  readonly attributes: Dimensions;
  readonly firstSeen: Instant;
  readonly lastSeen: Instant;
}
