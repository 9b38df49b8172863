import { auditCoverage, auditPeriod, isPeriodic } from "../audit.ts";
import { ends, type Happening, looks, settles, sights } from "../happening.ts";
import { heard, type Translation } from "../heard.ts";
import { described } from "../resource.ts";
import type { Format } from "./format.ts";
import type { Server } from "./server.ts";

/**
 * `exists` says that a machine is there. The periodic audit states all of it, which mends whatever notification was lost;
 * it reads the machine some seconds before it speaks, so a change in that moment is mended by the next change or audit.
 * An `exists` that comes with an action tells of it half way, where the formats even disagree (a rebuild's image).
 */
export const exists =
  (name: string, format: Format): Translation =>
  (notification, place) => {
    const server = format.server(notification);
    const period = auditPeriod(format.audit(notification.payload));
    const periodic = isPeriodic(notification, period);
    const coverage = periodic ? [auditCoverage(notification, place, "nova.audit", ["instance"], period)] : [];
    const means = meaning(server, periodic);
    return heard(
      described(notification, place, server),
      means({ notification, place, resource: server, name }),
      coverage,
    );
  };

function meaning({ state, busy, endedAt }: Server, periodic: boolean): Happening {
  if (state === "deleted") return endedAt === undefined ? looks : ends;
  return periodic && !busy ? settles : sights;
}
