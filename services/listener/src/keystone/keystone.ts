import { CLOUD, meterNamed } from "@raingauge/domain";
import type { Notification } from "@raingauge/openstack";
import { audited, part } from "../cadf.ts";
import { done } from "../doing.ts";
import { text } from "../fields.ts";
import { type Heard, isIgnored, type Place } from "../heard.ts";
import { added, saidAt } from "../telling.ts";

/**
 * Everything that Keystone says, `identity.*`: who logged in, and what became of users, projects, roles and the rest. It is
 * the audit trail and nothing to bill, so that it comes to events only. What it is about is named by its id: of a
 * credential, that is no more than a digest.
 */
export function identity(notification: Notification, place: Place): Heard {
  const { payload } = notification;
  const { project, about } = audited(payload);
  const event = done(notification, place, {
    source: "keystone",
    project,
    about: {
      ...about,
      subject: text(payload, "resource_info"),
      role: text(payload, "role"),
      user: text(payload, "user"),
      group: text(payload, "group"),
      assigned_project: text(payload, "project"),
      domain: text(payload, "domain"),
    },
  });
  return notification.type === "identity.authenticate" ? counted(event, notification, place) : event;
}

/** Each who logged in, or tried to, is one. Nobody pays for it, so that it is the cloud's. */
function counted(event: Heard, notification: Notification, { region }: Place): Heard {
  const { payload } = notification;
  const { outcome } = audited(payload);
  const resource = text(part(payload, "initiator"), "id");
  const meter = `identity.authenticate.${outcome}`;
  if (isIgnored(event) || resource === undefined || meterNamed(meter) === undefined) return event;
  const said = { region, source: "keystone", project: CLOUD, resource, meter, value: 1n, dimensions: {} };
  return { ...event, samples: [added(notification, { ...said, at: saidAt(notification) })] };
}
