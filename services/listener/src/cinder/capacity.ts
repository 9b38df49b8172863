import { needed } from "../fields.ts";
import type { Translation } from "../heard.ts";
import { measured } from "../measured.ts";

const ROOMS = ["total", "free", "allocated", "provisioned", "virtual_free"];

/** How much room a back end has, or one pool of it, as Cinder's scheduler was told last. */
export const capacity =
  (of: "volume.provider.capacity" | "volume.provider.pool.capacity"): Translation =>
  (notification, place) => {
    const { payload } = notification;
    const resource = needed(payload, "name_to_id");
    const samples = ROOMS.flatMap((room) =>
      measured(notification, place, { meter: `${of}.${room}`, source: "cinder", resource, value: payload[room] }),
    );
    return { samples, events: [], coverage: [] };
  };
