import type { Incarnation, Instant } from "@raingauge/domain";
import { ApiError, type Payload } from "@raingauge/openstack";
import { type Asking, everyItem } from "../asking.ts";
import { MalformedAnswer, second } from "../fields.ts";
import type { MeterReading } from "./meter-reading.ts";
import { label, part } from "./said.ts";
import { ofEach, type Skipped } from "./survey.ts";

const OCTAVIA = { service: "load-balancer", version: "v2" } as const;

/** What each load balancer has passed. Of one that is gone between the list and the question nothing is to be told. */
export async function loadBalancerTraffic(
  asking: Asking,
  skipped: Skipped,
  sinceAt: Instant | undefined,
): Promise<MeterReading[]> {
  const balancers = await everyItem(asking, { ...OCTAVIA, path: "/lbaas/loadbalancers", items: "loadbalancers" });
  return ofEach(
    balancers.map((said) => ({ id: label(said, "id"), said })).filter(({ id, said }) => id !== "" && isThere(said)),
    async ({ id, said }) => {
      try {
        const { body } = await asking.get({ ...OCTAVIA, path: `/lbaas/loadbalancers/${id}/stats` });
        return readings(id, said, part(body, "stats"), sinceAt);
      } catch (error) {
        if (error instanceof ApiError && error.code === "not_found") return [];
        if (error instanceof MalformedAnswer) throw new ApiError("unreadable", error.message, { cause: error });
        throw error;
      }
    },
    skipped,
  );
}

const isThere = (said: Payload): boolean =>
  label(said, "project_id") !== "" && !["PENDING_CREATE", "DELETED"].includes(label(said, "provisioning_status"));

const COUNTERS = {
  bytes_in: "network.services.lb.incoming.bytes",
  bytes_out: "network.services.lb.outgoing.bytes",
  total_connections: "network.services.lb.total.connections",
  request_errors: "network.services.lb.request.errors",
} as const;

function readings(id: string, said: Payload, stats: Payload, sinceAt: Instant | undefined): MeterReading[] {
  const of = { source: "octavia", resource: id, project: label(said, "project_id"), dimensions: {} } as const;
  const incarnation = incarnationOf(said, sinceAt);
  const counted = Object.entries(COUNTERS).flatMap(([field, meter]): MeterReading[] => {
    const value = whole(stats, field);
    return value === undefined || incarnation === undefined ? [] : [{ ...of, meter, value, incarnation }];
  });
  const active = whole(stats, "active_connections");
  return active === undefined
    ? counted
    : [...counted, { ...of, meter: "network.services.lb.active.connections", value: active }];
}

/**
 * Octavia keeps what its amphorae counted, over their replacement too, since the load balancer was made: that is the counter's
 * beginning. It counts from zero only where we had asked before then, and else from the first reading. An older Octavia forgets
 * what a replaced amphora had counted: the counter drops, and what it shows then is a new baseline.
 */
function incarnationOf(said: Payload, sinceAt: Instant | undefined): Incarnation | undefined {
  const startedAt = second(said, "created_at");
  if (startedAt === undefined) return undefined;
  return { host: "octavia", device: "", startedAt, witnessed: sinceAt !== undefined && sinceAt < startedAt };
}

/** A number that JSON rounded on its way would count what nobody sent. */
function whole(stats: Payload, field: string): bigint | undefined {
  const value = stats[field];
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : undefined;
}
