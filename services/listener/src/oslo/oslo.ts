import type { Notification } from "@raingauge/openstack";
import { audited } from "../cadf.ts";
import { done } from "../doing.ts";
import { text } from "../fields.ts";
import type { Heard, Place, Translation } from "../heard.ts";

/** What the audit middleware says of any service that it stands in front of. */
export const osloTranslations = (): ReadonlyMap<string, Translation> =>
  new Map(
    ["http.request", "http.response", "audit.http.request", "audit.http.response"].map((type) => [type, request]),
  );

/** A query may carry whatever its author put there, secrets too; only the path before it is kept. */
function request(notification: Notification, place: Place): Heard {
  const { payload } = notification;
  const { project, about } = audited(payload);
  const [path] = (text(payload, "requestPath") ?? "").split("?");
  return done(notification, place, { source: "http", project, about: { ...about, path } });
}
