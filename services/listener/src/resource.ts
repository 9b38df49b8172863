import type { Dimensions, Event, Instant, Sample, Stance } from "@raingauge/domain";
import type { Notification } from "@raingauge/openstack";
import { attributes } from "./attributes.ts";
import type { Place } from "./heard.ts";
import { implied, told } from "./telling.ts";

/** A resource as a notification describes it, whichever service it belongs to. */
export interface Described {
  /** The service: `nova`, `cinder`, … */
  readonly source: string;
  readonly type: string;
  readonly id: string;
  readonly project: string;
  readonly amounts: readonly (readonly [meter: string, value: bigint])[];
  /** What prices may ask for, in full. */
  readonly dimensions: Dimensions;
  /** What it is besides, for people to recognise it by. */
  readonly about: Readonly<Record<string, string | undefined>>;
  /** False for one that never came to be, such as a machine that never became active: it is not billed. */
  readonly began: boolean;
  /** What the payload itself says of times; what it leaves out counts from the second in which it was said. */
  readonly beginning?: Beginning;
  readonly changedAt?: Instant;
  readonly endedAt?: Instant;
}

/** Since when it is there, and what it was like then. */
export interface Beginning {
  readonly at: Instant;
  /** Where its price may ask for one. */
  readonly state?: string;
}

/** What is claimed of a resource at one instant; without a state, what it is described as now. */
export interface Claim {
  readonly stance: Stance;
  readonly at: Instant;
  readonly transition?: string;
  readonly state?: string;
}

/** One reading for each of its meters. */
export function readings(notification: Notification, { region }: Place, resource: Described, claim: Claim): Sample[] {
  const { state, ...claimed } = claim;
  const dimensions = state === undefined ? resource.dimensions : { ...resource.dimensions, state };
  const { source, project, id } = resource;
  return resource.amounts.map(([meter, value]) =>
    implied(notification, { region, source, project, resource: id, meter, value, dimensions, ...claimed }),
  );
}

/** The event: what the resource looks like from now on. */
export const described = (notification: Notification, { region }: Place, resource: Described): Event =>
  told(notification, {
    region,
    source: resource.source,
    project: resource.project,
    resource: resource.id,
    resourceType: resource.type,
    attributes: attributes({ ...resource.dimensions, ...resource.about }),
  });
