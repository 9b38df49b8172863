import type { Notification } from "@raingauge/openstack";
import { count, MalformedNotification, needed, second, text } from "../fields.ts";
import { changes, ends, happening, looks } from "../happening.ts";
import { ignoring, type Translation } from "../heard.ts";
import type { Described } from "../resource.ts";
import { sent } from "./sent.ts";

/** Every notification of Glance's that comes to something, and those that knowingly do not. */
export const glanceTranslations = (): ReadonlyMap<string, Translation> =>
  new Map([
    ["image.create", owned(happening("create", image, looks))],
    ["image.activate", owned(happening("activate", image, changes))],
    ["image.update", owned(happening("update", image, changes))],
    ["image.delete", owned(happening("delete", image, ends))],
    ["image.prepare", ignoring("midway")],
    // `image.activate` says the same of the image, and comes however its data came.
    ["image.upload", ignoring("retold")],
    ["image.send", sent],
    ["image.member.create", ignoring("not_metered")],
    ["image.member.update", ignoring("not_metered")],
    ["image.member.delete", ignoring("not_metered")],
  ]);

/** An image without an owner belongs to the cloud itself, and is nobody's to pay for. */
const owned =
  (translation: Translation): Translation =>
  (notification, place) =>
    text(notification.payload, "owner") === undefined ? UNOWNED(notification, place) : translation(notification, place);

const UNOWNED = ignoring("not_metered");

/** An image as Glance describes it, with the time of its last change to the second. */
function image({ payload }: Notification): Described {
  const status = needed(payload, "status");
  const changedAt = second(payload, "updated_at");
  if (changedAt === undefined) throw new MalformedNotification("updated_at is missing");
  const endedAt = second(payload, "deleted_at");
  return {
    source: "glance",
    type: "image",
    id: needed(payload, "id"),
    project: needed(payload, "owner"),
    amounts: [["image.size", payload["size"] === null ? 0n : count(payload, "size")]],
    dimensions: { visibility: needed(payload, "visibility") },
    about: {
      name: text(payload, "name"),
      status,
      disk_format: text(payload, "disk_format"),
      container_format: text(payload, "container_format"),
    },
    began: STORED.includes(status),
    changedAt,
    ...(endedAt === undefined ? {} : { endedAt }),
  };
}

/** While it has data: before, it is queued or saving, and its size is not known. One that is deleted may have had some. */
const STORED: readonly string[] = ["active", "deactivated", "pending_delete", "deleted"];
