import { texts } from "../attributes.ts";
import { done } from "../doing.ts";
import type { Translation } from "../heard.ts";

/** Whether a volume was copied from one that was made of the same image before; nobody's but the cloud's own. */
export const cached: Translation = (notification, place) =>
  done(notification, place, { source: "cinder", about: texts(notification.payload, ["image_id", "host"]) });
