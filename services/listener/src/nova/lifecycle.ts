import type { Event, Sample } from "@raingauge/domain";
import type { Notification } from "@raingauge/openstack";
import { heard, type Place, type Translation } from "../heard.ts";
import { told, transition } from "../telling.ts";
import type { Format } from "./format.ts";
import { aboutServer, type Claim, readings, type Server } from "./server.ts";

/** One thing that happens to a machine: what a telling of it implies for its meters, whichever format tells it. */
export type Happening = (telling: Telling) => Sample[];

export interface Telling {
  readonly notification: Notification;
  readonly place: Place;
  readonly server: Server;
  /** What happens, by a name that both formats share. */
  readonly name: string;
}

/** The event says what the machine looks like from now on; the happening says what that means for its meters. */
export const happening =
  (happens: Happening, name: string, { server: read }: Format): Translation =>
  (notification, place) => {
    const server = read(notification.payload);
    return heard(described({ notification, place, server }), happens({ notification, place, server, name }));
  };

export const described = ({ notification, place: { region }, server }: Omit<Telling, "name">): Event =>
  told(notification, {
    region,
    source: "nova",
    project: server.project,
    resource: server.id,
    resourceType: "instance",
    attributes: aboutServer(server),
  });

/** Its looks may have changed, its usage has not. */
export const looks: Happening = () => [];

/**
 * It begins to run anew, and Nova notes when: at its creation, and again at a resize and its revert, a rebuild (of which
 * an evacuation is one), a rescue and an unshelve. Both formats carry that time. Never active, never billed.
 */
export const launches: Happening = ({ notification, place, server }) =>
  server.launchedAt === undefined
    ? []
    : readings(notification, place, server, { stance: "states", at: server.launchedAt, state: server.state });

/** It enters a state, and nobody notes when: that counts from the second in which it was said. */
export const settles: Happening = (telling) =>
  claimed(telling, {
    stance: "states",
    ...transition(telling.notification, telling.name),
    state: telling.server.state,
  });

/** Soft-deleted from the second in which that was asked for, which both formats carry. */
export const softDeletes: Happening = (telling) => {
  const { deletedAt, state } = telling.server;
  return deletedAt === undefined ? settles(telling) : claimed(telling, { stance: "states", at: deletedAt, state });
};

/** It was there; what it looked like half way is left to the end of what is being done to it. */
export const sights: Happening = (telling) =>
  claimed(telling, {
    stance: "sights",
    ...transition(telling.notification, telling.name),
    state: telling.server.state,
  });

/**
 * The final end: when the hypervisor was done with it (Nova's own usage report says so too, and it is never the later
 * one, which favours the tenant), else when the database was.
 */
export const ends: Happening = (telling) => {
  const { terminatedAt, deletedAt } = telling.server;
  const end = terminatedAt ?? deletedAt;
  const moment = end === undefined ? transition(telling.notification, telling.name) : { at: end };
  return claimed(telling, { stance: "ends", ...moment, state: LAUNCHED });
};

/**
 * Whoever speaks of a machine also says since when it runs, so that one whose creation we missed is still billed to the
 * second. One that was never launched is not billed, whatever becomes of it.
 */
function claimed({ notification, place, server }: Telling, claim: Claim): Sample[] {
  if (server.launchedAt === undefined) return [];
  const launch: Claim = { stance: "sights", at: server.launchedAt, state: LAUNCHED };
  return [...readings(notification, place, server, launch), ...readings(notification, place, server, claim)];
}

/** What launching made of it; its state at the end is `deleted`, which nobody used. */
const LAUNCHED = "active";
