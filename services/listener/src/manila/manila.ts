import type { Notification, Payload } from "@raingauge/openstack";
import { texts } from "../attributes.ts";
import { count, GIBIBYTE, needed, second, text } from "../fields.ts";
import { appears, ends, happening, looks, settles } from "../happening.ts";
import type { Translation } from "../heard.ts";
import type { Described } from "../resource.ts";

/** Every notification of Manila's; it tells none of a share's snapshots. */
export const manilaTranslations = (): ReadonlyMap<string, Translation> =>
  new Map([
    ["share.create.end", happening("create", share, appears)],
    ["share.extend.end", happening("extend", share, settles)],
    ["share.shrink.end", happening("shrink", share, settles)],
    ["share.update.end", happening("update", share, looks)],
    ["share.delete.end", happening("delete", share, ends)],
  ]);

/** A share. One whose making failed was never usable. Manila says `project_id` where Ceilometer looks for `tenant_id`. */
function share({ payload }: Notification): Described {
  const createdAt = second(payload, "created_at");
  const status = text(payload, "status");
  return {
    source: "manila",
    type: "manila_share",
    id: needed(payload, "share_id"),
    project: text(payload, "project_id") ?? needed(payload, "tenant_id"),
    amounts: [["manila.share.size", count(payload, "size") * GIBIBYTE]],
    dimensions: {
      share_type: text(payload, "share_type") ?? "",
      protocol: text(payload, "proto") ?? "",
      state: pricedState(payload),
      availability_zone: text(payload, "availability_zone") ?? "",
    },
    about: {
      ...texts(payload, ["name", "description", "host", "share_group_id", "snapshot_id"]),
      status,
      user: text(payload, "user_id"),
    },
    began: status !== "error",
    ...(createdAt === undefined ? {} : { beginning: { at: createdAt, state: "available" } }),
  };
}

/** It takes its room while it grows or shrinks, and Manila does not tell when that begins. */
const pricedState = (payload: Payload): string =>
  text(payload, "status")?.includes("error") === true ? "error" : "available";
