import type { Notification } from "@raingauge/openstack";
import { done } from "../doing.ts";
import { text } from "../fields.ts";
import type { Heard, Place } from "../heard.ts";

/** What Aodh says of its alarms, `alarm.*`: events only. The `detail` of an alarm may hold the address and key of a webhook. */
export function alarm(notification: Notification, place: Place): Heard {
  const { payload } = notification;
  return done(notification, place, {
    source: "aodh",
    project: text(payload, "project_id"),
    about: {
      alarm: text(payload, "alarm_id"),
      kind: text(payload, "type"),
      severity: text(payload, "severity"),
      user: text(payload, "user_id"),
    },
  });
}
