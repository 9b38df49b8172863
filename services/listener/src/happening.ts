import type { Instant, Sample } from "@raingauge/domain";
import type { Notification } from "@raingauge/openstack";
import { heard, type Place, type Translation } from "./heard.ts";
import { type Claim, type Described, described, readings } from "./resource.ts";
import { transition } from "./telling.ts";

/** What happens to a resource, and what that means for its meters. */
export type Happening = (telling: Telling) => Sample[];

export interface Telling {
  readonly notification: Notification;
  readonly place: Place;
  readonly resource: Described;
  /** What happens, by a name that all tellings of it share. */
  readonly name: string;
}

/** Reads the resource out of the notification; the event says what it looks like from now on, the happening the rest. */
export const happening =
  (name: string, read: (notification: Notification) => Described, happens: Happening): Translation =>
  (notification, place) => {
    const resource = read(notification);
    return heard(described(notification, place, resource), happens({ notification, place, resource, name }));
  };

/** Its looks may have changed, its usage has not. */
export const looks: Happening = () => [];

/** It begins, or begins anew, at a time that its payload gives. */
export const begins: Happening = (telling) =>
  telling.resource.beginning === undefined
    ? []
    : claimed(telling, { stance: "states", at: telling.resource.beginning.at });

/** It begins when its payload says, or else in the second in which that was said. */
export const appears: Happening = (telling) => (telling.resource.beginning === undefined ? settles : begins)(telling);

/** It becomes what it is now, and nobody notes when: that counts from the second in which it was said. */
export const settles: Happening = (telling) => [
  ...beginning(telling),
  ...claimed(telling, { stance: "states", ...said(telling) }),
];

/** It becomes what it is now, at a time that its payload gives. */
export const changes: Happening = (telling) => [
  ...beginning(telling),
  ...claimed(telling, { stance: "states", ...(when(telling.resource.changedAt) ?? said(telling)) }),
];

/** It was there; what it looked like half way is left to the end of what is being done to it. */
export const sights: Happening = (telling) => [
  ...beginning(telling),
  ...claimed(telling, { stance: "sights", ...said(telling) }),
];

/** It is gone for good. Nobody used the state that it is in now, so it ends as it began. */
export const ends: Happening = (telling) => {
  const { beginning: began, endedAt } = telling.resource;
  const as = began?.state === undefined ? {} : { state: began.state };
  return [...beginning(telling), ...claimed(telling, { stance: "ends", ...(when(endedAt) ?? said(telling)), ...as })];
};

/**
 * Whoever speaks of a resource says since when it is there, so that one whose creation we missed is still billed to the
 * second.
 */
export const beginning: Happening = (telling) =>
  telling.resource.beginning === undefined ? [] : claimed(telling, { stance: "sights", ...telling.resource.beginning });

const claimed = ({ notification, place, resource }: Telling, claim: Claim): Sample[] =>
  resource.began ? readings(notification, place, resource, claim) : [];

const said = ({ notification, name }: Telling) => transition(notification, name);

const when = (at: Instant | undefined) => (at === undefined ? undefined : { at });
