import type { Payload } from "@raingauge/openstack";
import { metadata } from "../attributes.ts";
import { count, needed, object, second, text } from "../fields.ts";
import { GIBIBYTE, MEBIBYTE, type Server } from "./server.ts";
import { lifeTimes } from "./times.ts";

/** What a versioned object of Nova's holds. */
export const unwrapped = (wrapped: Payload): Payload => object(wrapped, "nova_object.data");

/** A machine out of an `instance.*` notification, Nova's versioned format. */
export function versionedServer(payload: Payload): Server {
  const said = unwrapped(payload);
  const flavor = unwrapped(object(said, "flavor"));
  return {
    id: needed(said, "uuid"),
    project: needed(said, "tenant_id"),
    state: needed(said, "state"),
    busy: text(said, "task_state") !== undefined,
    flavor: needed(flavor, "name"),
    image: text(said, "image_uuid") ?? "",
    availabilityZone: text(said, "availability_zone") ?? "",
    vcpus: count(flavor, "vcpus"),
    memoryBytes: count(flavor, "memory_mb") * MEBIBYTE,
    rootBytes: count(flavor, "root_gb") * GIBIBYTE,
    ephemeralBytes: count(flavor, "ephemeral_gb") * GIBIBYTE,
    ...lifeTimes({
      launchedAt: second(said, "launched_at"),
      terminatedAt: second(said, "terminated_at"),
      deletedAt: second(said, "deleted_at"),
    }),
    about: {
      ...metadata(said["metadata"]),
      name: text(said, "display_name"),
      host: text(said, "host"),
      user: text(said, "user_id"),
      flavor_id: text(flavor, "flavorid"),
    },
  };
}
