import type { Payload } from "@raingauge/openstack";
import { imageDials } from "./dials/glance.ts";
import { count, needed, second, text } from "./fields.ts";
import { looks } from "./looks.ts";
import type { Claim, Listed } from "./resource.ts";
import type { Source } from "./source.ts";

const IMAGES = { service: "image", version: "v2", path: "/images", items: "images" } as const;

/** Neither community images nor hidden ones are listed unless they are asked for. */
export const glanceImages: Source = {
  name: "glance.sweep",
  resourceTypes: ["image"],
  lists: () => [
    { ...IMAGES, query: { visibility: "all" } },
    { ...IMAGES, query: { visibility: "all", os_hidden: "true" } },
  ],
  read: image,
  dials: { collector: "glance", isVoice: true, make: imageDials },
};

function image(said: Payload): Listed {
  const id = needed(said, "id");
  const project = text(said, "owner");
  // An image without an owner belongs to the cloud itself, and is nobody's to pay for; one without data weighs nothing yet.
  if (project === undefined || !STORED.has(needed(said, "status"))) return { id };
  const updatedAt = second(said, "updated_at");
  const known: Claim[] = updatedAt === undefined ? [] : [{ stance: "states", at: updatedAt }];
  return {
    id,
    resource: {
      source: "glance",
      project,
      amounts: [["image.size", said["size"] === null ? 0n : count(said, "size")]],
      dimensions: { visibility: needed(said, "visibility") },
      looks: looks("image", said, {
        ...{ name: "name", status: "status", disk_format: "disk_format", container_format: "container_format" },
      }),
      known,
      now: "states",
    },
  };
}

const STORED: ReadonlySet<string> = new Set(["active", "deactivated", "pending_delete"]);
