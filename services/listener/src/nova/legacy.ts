import type { Payload } from "@raingauge/openstack";
import { metadata } from "../attributes.ts";
import { count, needed, second, text } from "../fields.ts";
import { type Server, server } from "./server.ts";

/** A machine out of a `compute.instance.*` notification, Nova's default format. */
export const legacyServer = (payload: Payload): Server =>
  server({
    id: needed(payload, "instance_id"),
    project: needed(payload, "tenant_id"),
    state: needed(payload, "state"),
    task: text(payload, "state_description"),
    flavor: needed(payload, "instance_type"),
    image: imageOf(text(payload, "image_ref_url") ?? ""),
    availabilityZone: text(payload, "availability_zone"),
    vcpus: count(payload, "vcpus"),
    memoryMebibytes: count(payload, "memory_mb"),
    rootGibibytes: count(payload, "root_gb"),
    ephemeralGibibytes: count(payload, "ephemeral_gb"),
    launchedAt: second(payload, "launched_at"),
    terminatedAt: second(payload, "terminated_at"),
    deletedAt: second(payload, "deleted_at"),
    about: {
      ...metadata(payload["metadata"]),
      name: text(payload, "display_name"),
      host: text(payload, "host"),
      user: text(payload, "user_id"),
      flavor_id: text(payload, "instance_flavor_id"),
    },
  });

/** The last part of the image's address; a machine that boots from a volume has an address that ends in a slash. */
const imageOf = (url: string): string => url.slice(url.lastIndexOf("/") + 1);
