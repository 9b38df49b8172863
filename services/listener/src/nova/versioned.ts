import type { Payload } from "@raingauge/openstack";
import { metadata } from "../attributes.ts";
import { count, needed, object, second, text } from "../fields.ts";
import { type Server, server } from "./server.ts";

/** What a versioned object of Nova's holds. */
export const unwrapped = (wrapped: Payload): Payload => object(wrapped, "nova_object.data");

/** A machine out of an `instance.*` notification, Nova's versioned format. */
export function versionedServer(payload: Payload): Server {
  const said = unwrapped(payload);
  const flavor = unwrapped(object(said, "flavor"));
  return server({
    id: needed(said, "uuid"),
    project: needed(said, "tenant_id"),
    state: needed(said, "state"),
    task: text(said, "task_state"),
    flavor: needed(flavor, "name"),
    image: text(said, "image_uuid") ?? "",
    availabilityZone: text(said, "availability_zone"),
    vcpus: count(flavor, "vcpus"),
    memoryMebibytes: count(flavor, "memory_mb"),
    rootGibibytes: count(flavor, "root_gb"),
    ephemeralGibibytes: count(flavor, "ephemeral_gb"),
    launchedAt: second(said, "launched_at"),
    terminatedAt: second(said, "terminated_at"),
    deletedAt: second(said, "deleted_at"),
    about: {
      ...metadata(said["metadata"]),
      name: text(said, "display_name"),
      host: text(said, "host"),
      user: text(said, "user_id"),
      flavor_id: text(flavor, "flavorid"),
    },
  });
}
