import { CLOUD } from "@raingauge/domain";
import type { Notification } from "@raingauge/openstack";
import { audited } from "../cadf.ts";
import { done } from "../doing.ts";
import { text } from "../fields.ts";
import { type Heard, isIgnored, type Place, type Translation } from "../heard.ts";
import { added, saidAt } from "../telling.ts";

/** What the audit middleware says of any service that it stands in front of. */
export const osloTranslations = (): ReadonlyMap<string, Translation> =>
  new Map(
    ["http.request", "http.response", "audit.http.request", "audit.http.response"].map((type) => [type, request]),
  );

/** Each is one, of the service that was asked. A query may carry whatever its author put there, secrets too; only the path before it is kept. */
function request(notification: Notification, place: Place): Heard {
  const { payload } = notification;
  const { project, target, about } = audited(payload);
  const [path] = (text(payload, "requestPath") ?? "").split("?");
  const event = done(notification, place, { source: "http", project, about: { ...about, path } });
  const meter = notification.type.replace(/^audit\./, "");
  if (isIgnored(event) || target === undefined) return event;
  const said = { region: place.region, source: "http", project: project ?? CLOUD, resource: target, meter };
  const one = added(notification, { ...said, value: 1n, dimensions: {}, at: saidAt(notification) });
  return { ...event, samples: [one] };
}
