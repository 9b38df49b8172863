import { auditCoverage, auditPeriod, isPeriodic } from "../audit.ts";
import { heard, type Translation } from "../heard.ts";
import type { Format } from "./format.ts";
import { described, ends, type Happening, looks, settles, sights, type Telling } from "./lifecycle.ts";

/**
 * `exists` says that a machine is there. The periodic audit states all of it, which mends whatever notification was lost;
 * it reads the machine some seconds before it speaks, so a change in that moment is mended by the next change or audit.
 * An `exists` that comes with an action tells of it half way, where the formats even disagree (a rebuild's image).
 */
export const exists =
  (name: string, format: Format): Translation =>
  (notification, place) => {
    const server = format.server(notification.payload);
    const period = auditPeriod(format.audit(notification.payload));
    const periodic = isPeriodic(notification, period);
    const telling: Telling = { notification, place, server, name };
    const coverage = periodic ? [auditCoverage(notification, place, "nova.audit", "instance", period)] : [];
    return heard(described(telling), meaning(telling, periodic)(telling), coverage);
  };

function meaning({ server }: Telling, periodic: boolean): Happening {
  if (server.state === "deleted") return (server.terminatedAt ?? server.deletedAt) ? ends : looks;
  return periodic && !server.busy ? settles : sights;
}
