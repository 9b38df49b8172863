import type { Payload } from "@raingauge/openstack";
import { ABSENT } from "./absence.ts";
import { items, label } from "./dials/said.ts";
import { needed, second } from "./fields.ts";
import { looks } from "./looks.ts";
import type { Claim, Listed } from "./resource.ts";
import type { Source } from "./source.ts";

export const leases: Source = {
  name: "blazar.sweep",
  resourceTypes: ["lease"],
  lists: () => [{ service: "reservation", version: "v1", path: "/leases", items: "leases" }],
  read: lease,
  absence: ABSENT,
};

/**
 * What is reserved is kept from others, used or not: a lease counts from its start to its end, to the second, whoever sweeps when. One that
 * is deleted before its end is gone from the list, and was there until then.
 */
function lease(said: Payload): Listed {
  const id = needed(said, "id");
  const status = needed(said, "status");
  const startedAt = second(said, "start_date");
  if (startedAt === undefined || !STARTED.has(status)) return { id };
  const kinds = items(said, "reservations").map((each) => label(each, "resource_type"));
  const began: Claim = { stance: "states", at: startedAt, state: "active" };
  return {
    id,
    resource: {
      source: "blazar",
      project: needed(said, "project_id"),
      amounts: [["lease", 1n]],
      dimensions: {
        kind: [...new Set(kinds)].toSorted().join(","),
        state: said["degraded"] === true ? "degraded" : "active",
      },
      looks: looks("lease", said, { name: "name", status: "status", user: "user_id" }),
      ...(ENDED.has(status) ? { known: [began, ...end(said)] } : { known: [began], now: "states" }),
    },
  };
}

const end = (said: Payload): Claim[] => {
  const endedAt = second(said, "end_date");
  return endedAt === undefined ? [] : [{ stance: "ends", at: endedAt, state: "active" }];
};

const ENDED: ReadonlySet<string> = new Set(["TERMINATED"]);
/** What waits for its start, or never came to it, keeps nothing from anybody. */
const STARTED: ReadonlySet<string> = new Set(["ACTIVE", "UPDATING", "TERMINATING", ...ENDED]);
