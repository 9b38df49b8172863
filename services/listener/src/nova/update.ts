import { heard, ignoring, type Translation } from "../heard.ts";
import type { Format } from "./format.ts";
import { described, looks, settles, type Telling } from "./lifecycle.ts";

/**
 * `update` is sent whenever Nova saves a machine, some thirty times for one resize. Every state has a notification of its
 * own but one: `error`, which comes and goes by `update` alone, and is therefore stated from here. Of the others only
 * the settled looks count (a new name, another host); what is said half way may never come to be.
 */
export const update =
  (name: string, format: Format): Translation =>
  (notification, place) => {
    const server = format.server(notification.payload);
    const before = format.stateBefore(notification.payload) ?? server.state;
    const telling: Telling = { notification, place, server, name: `${name} ${before} ${server.state}` };
    const broke = before !== server.state && (before === ERROR || server.state === ERROR);
    if (server.busy && !broke) return MIDWAY(notification, place);
    return heard(described(telling), (broke ? settles : looks)(telling));
  };

const ERROR = "error";
const MIDWAY = ignoring("midway");
