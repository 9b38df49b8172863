import type { Bus } from "@raingauge/bus";
import type { Instant } from "@raingauge/domain";
import type { Log } from "@raingauge/runtime";
import type { PollerMetrics } from "./metrics.ts";

/** What every look at a host needs, whatever it looks at. */
export interface Watch {
  readonly bus: Pick<Bus, "publish">;
  readonly log: Log;
  readonly metrics: PollerMetrics;
  readonly now: () => Instant;
  readonly region: string;
  readonly host: string;
}
