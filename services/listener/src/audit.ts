import { AUDIT_LIMIT_SECONDS, type Coverage, HOUR_MS, hourOf, type Period } from "@raingauge/domain";
import type { Notification, Payload } from "@raingauge/openstack";
import { MalformedNotification, second } from "./fields.ts";
import type { Place } from "./heard.ts";
import { saidAt } from "./telling.ts";

/** The period that an `exists` reports on. */
export function auditPeriod(payload: Payload): Period {
  const start = second(payload, "audit_period_beginning");
  const end = second(payload, "audit_period_ending");
  if (start === undefined || end === undefined) throw new MalformedNotification("the audit period is missing");
  return { start, end };
}

/** An audit that looks more rarely would bind every machine to a limit that it cannot keep; it confirms nothing. */
const AUDIT_PERIOD_MS_MAX = 24 * HOUR_MS;

/**
 * An `exists` of the periodic audit reports on a whole hour or day that is over. The ones that come with an action report
 * on a period that has just been cut short; they prove no audit, and without one nobody may be held to its limit.
 */
export function isPeriodic(notification: Notification, { start, end }: Period): boolean {
  const length = end - start;
  const whole = hourOf(start) === start && hourOf(end) === end;
  return whole && length > 0 && length <= AUDIT_PERIOD_MS_MAX && end < saidAt(notification);
}

/** The audit was running, and so every resource of its type will be heard of again within the limit. */
export const auditCoverage = (
  notification: Notification,
  { region }: Place,
  source: string,
  resourceTypes: readonly string[],
  period: Period,
): Coverage => ({
  region,
  source,
  agent: notification.publisher.replace(/^[^.:]*[.:]/, ""),
  period,
  confirms: { resourceTypes, limitSeconds: AUDIT_LIMIT_SECONDS },
});
