import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Sample } from "@raingauge/domain";
import { type Notification, openEnvelope } from "@raingauge/openstack";
import { isIgnored } from "./heard.ts";
import { translate } from "./translate.ts";

/** A message as it stood in a real RabbitMQ's queue. For tests. */
export interface Captured {
  readonly exchange: string;
  readonly routing_key: string;
  readonly body: string;
}

/** Every notification that a real cloud sent in half an hour; see `test/captures`. */
export function captured(): readonly Captured[] {
  const file = new URL("../../../test/captures/notifications.jsonl.gz", import.meta.url);
  const lines = gunzipSync(readFileSync(file)).toString().split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
}

/** Finds one notification of a type, to be bent into what was not captured. */
export function finder(): (type: string, suits?: (notification: Notification) => boolean) => Notification {
  const notifications = captured().map(({ body }) => openEnvelope(body));
  return (type, suits = () => true) => {
    const found = notifications.find((notification) => notification.type === type && suits(notification));
    if (found === undefined) throw new Error(`no such notification was captured: ${type}`);
    return found;
  };
}

/** All readings that messages imply. */
export const samplesOf = (messages: readonly Captured[]): Sample[] =>
  messages.flatMap(({ body }) => {
    const heard = translate(openEnvelope(body), { region: "one" });
    return isIgnored(heard) ? [] : heard.samples;
  });
