import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { isIgnored, translate } from "@raingauge/listener";
import { type Notification, openEnvelope } from "@raingauge/openstack";
import type { Pairing } from "./compared.ts";
import { microsecondsOf, type Theirs } from "./theirs.ts";

const RECORDED = new URL("../../captures/notifications.jsonl.gz", import.meta.url);

export const recordedNotifications = (): Notification[] =>
  gunzipSync(readFileSync(RECORDED))
    .toString()
    .trim()
    .split("\n")
    .map((line) => openEnvelope(JSON.parse(line).body));

/** What we make of the very message of which they made a sample. */
export function besideNotification(): (theirs: Theirs, meter: string) => Pairing {
  const byMoment = Map.groupBy(recordedNotifications(), ({ microseconds }) => microseconds);
  return (theirs, meter) => {
    const said = (byMoment.get(microsecondsOf(theirs)) ?? []).filter(({ payload }) =>
      JSON.stringify(payload).includes(theirs.resource_id),
    );
    const [message] = said;
    if (message === undefined) return { from: "notification", ours: [] };
    const heard = translate(message, { region: "one" });
    const told = { from: "notification", type: message.type } as const;
    if (isIgnored(heard)) return { ...told, ours: [], ignored: heard.ignored };
    return {
      ...told,
      ours: heard.samples.filter((each) => each.meter === meter && each.resource === theirs.resource_id),
    };
  };
}
