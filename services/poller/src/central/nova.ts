import { type Instant, iso } from "@raingauge/domain";
import { isObject, type Payload } from "@raingauge/openstack";
import { novaDials } from "./dials/nova.ts";
import { count, GIBIBYTE, MEBIBYTE, needed, object, second, text } from "./fields.ts";
import { looks } from "./looks.ts";
import type { Claim, Described, Listed } from "./resource.ts";
import type { Source } from "./source.ts";

/**
 * 2.47 puts the flavor into the machine. 2.69 names the machines of a cell that does not answer, half empty; before, they
 * were left out as if they were gone.
 */
const SERVERS = {
  service: "compute",
  path: "/servers/detail",
  items: "servers",
  microversion: "compute 2.69",
} as const;

/**
 * The living first, so that whatever is deleted meanwhile is among the deleted ones. Nova counts a soft-deleted machine among
 * those, and lists it with them alone.
 */
export const novaServers: Source = {
  name: "nova.sweep",
  resourceTypes: ["instance"],
  lists: (since) => [
    { ...SERVERS, query: { all_tenants: "1" } },
    { ...SERVERS, query: { all_tenants: "1", deleted: "true", status: "SOFT_DELETED" } },
    { ...SERVERS, query: { all_tenants: "1", deleted: "true", "changes-since": iso(since) } },
  ],
  read: server,
  dials: { collector: "nova", make: novaDials },
};

function server(said: Payload): Listed {
  const id = needed(said, "id");
  const state = needed(said, "OS-EXT-STS:vm_state");
  const launchedAt = second(said, "OS-SRV-USG:launched_at");
  // It was never active.
  if (launchedAt === undefined) return { id };
  const flavor = object(said, "flavor");
  const resource = {
    source: "nova",
    project: needed(said, "tenant_id"),
    amounts: amounts(flavor),
    dimensions: {
      flavor: needed(flavor, "original_name"),
      // A machine that waits for its resize to be confirmed works as before, and is priced as before.
      state: state === "resized" ? "active" : state,
      image: isObject(said["image"]) ? needed(said["image"], "id") : "",
      availability_zone: text(said, "OS-EXT-AZ:availability_zone") ?? "",
    },
    looks: looks("instance", said, ABOUT, "updated"),
  };
  return { id, resource: { ...resource, ...times(said, state, launchedAt) } };
}

const ABOUT = {
  name: "name",
  host: "OS-EXT-SRV-ATTR:host",
  user: "user_id",
  state: "OS-EXT-STS:vm_state",
};

const amounts = (flavor: Payload): Described["amounts"] => [
  ["instance", 1n],
  ["vcpus", count(flavor, "vcpus")],
  ["memory", count(flavor, "ram") * MEBIBYTE],
  ["disk.root.size", count(flavor, "disk") * GIBIBYTE],
  ["disk.ephemeral.size", count(flavor, "ephemeral") * GIBIBYTE],
];

/**
 * Whatever gives a machine another flavor or image launches it anew, so what it has now it has had since then. Half way
 * through such a change it shows the new one and the old time: while something is being done to it, it is only there.
 */
function times(said: Payload, state: string, launchedAt: Instant): Pick<Described, "known" | "now"> {
  const launched = { at: launchedAt, state: state === "rescued" ? state : "active" };
  if (state === "deleted") return { known: [{ ...launched, stance: "states" }, ...end(said)] };
  const stance = text(said, "OS-EXT-STS:task_state") === undefined ? "states" : "sights";
  return { known: [{ ...launched, stance }], now: stance };
}

/** A machine that was deleted while its host was away has no time but that of its last change, by which it was gone. */
function end(said: Payload): Claim[] {
  const terminatedAt = second(said, "OS-SRV-USG:terminated_at");
  if (terminatedAt !== undefined) return [{ stance: "ends", at: terminatedAt, state: "active" }];
  const updatedAt = second(said, "updated");
  return updatedAt === undefined ? [] : [{ stance: "vanishes", at: updatedAt, state: "active" }];
}
