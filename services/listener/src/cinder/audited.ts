import type { Payload } from "@raingauge/openstack";
import { auditCoverage, auditPeriod, isPeriodic } from "../audit.ts";
import { second, text } from "../fields.ts";
import { beginning, type Happening, happening, settles } from "../happening.ts";
import { isIgnored, type Translation } from "../heard.ts";
import type { Described } from "../resource.ts";

/**
 * Cinder's usage audit tells every creation and deletion of its period again, hours later and with what the resource has
 * become since. What it adds is the true time of an end; of a beginning it proves no more than when that was.
 */
const isRetold = (payload: Payload): boolean => text(payload, "audit_period_ending") !== undefined;

export function auditedEnd(payload: Payload): Pick<Described, "endedAt"> {
  const endedAt = second(payload, "audit_period_ending");
  return endedAt === undefined ? {} : { endedAt };
}

/** A happening, unless it is told again. */
export const once =
  (happens: Happening): Happening =>
  (telling) =>
    (isRetold(telling.notification.payload) ? beginning : happens)(telling);

/** The audit states all that is there. Of what is gone it tells the end by itself. */
export const audits =
  (read: Parameters<typeof happening>[1]): Translation =>
  (notification, place) => {
    const gone = text(notification.payload, "status") === "deleted";
    const heard = happening("exists", read, gone ? beginning : settles)(notification, place);
    const period = auditPeriod(notification.payload);
    if (isIgnored(heard) || !isPeriodic(notification, period)) return heard;
    return { ...heard, coverage: [auditCoverage(notification, place, "cinder.audit", AUDITED, period)] };
  };

/** One run of the audit goes through all of these. */
const AUDITED = ["volume", "snapshot", "backup"];
