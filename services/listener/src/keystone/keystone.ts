import type { Notification } from "@raingauge/openstack";
import { audited } from "../cadf.ts";
import { done } from "../doing.ts";
import { text } from "../fields.ts";
import type { Heard, Place } from "../heard.ts";

/**
 * Everything that Keystone says, `identity.*`: who logged in, and what became of users, projects, roles and the rest. It is
 * the audit trail and nothing to bill, so that it comes to events only. What it is about is named by its id: of a
 * credential, that is no more than a digest.
 */
export function identity(notification: Notification, place: Place): Heard {
  const { payload } = notification;
  const { project, about } = audited(payload);
  return done(notification, place, {
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
}
