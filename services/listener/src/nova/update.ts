import { looks, settles } from "../happening.ts";
import { heard, ignoring, type Translation } from "../heard.ts";
import { described } from "../resource.ts";
import type { Format } from "./format.ts";

/**
 * `update` is sent whenever Nova saves a machine, some thirty times for one resize. Every state has a notification of its
 * own but one: `error`, which comes and goes by `update` alone, and is therefore stated from here. Of the others only
 * the settled looks count (a new name, another host); what is said half way may never come to be.
 */
export const update =
  (name: string, format: Format): Translation =>
  (notification, place) => {
    const server = format.server(notification);
    const { state, busy } = server;
    const before = format.stateBefore(notification.payload) ?? state;
    const broke = before !== state && (before === ERROR || state === ERROR);
    if (busy && !broke) return MIDWAY(notification, place);
    const means = broke ? settles : looks;
    const telling = { notification, place, resource: server, name: `${name} ${before} ${state}` };
    return heard(described(notification, place, server), means(telling));
  };

const ERROR = "error";
const MIDWAY = ignoring("midway");
