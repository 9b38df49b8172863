import { type Bus, BusFull, BusUnavailable } from "@raingauge/bus";
import type { Batch } from "@raingauge/domain";
import type { Log } from "@raingauge/runtime";
import { packets } from "@raingauge/wire";
import type { CentralMetrics } from "./metrics.ts";
import type { Sweeping } from "./sweep.ts";

interface Posting {
  readonly bus: Pick<Bus, "publish">;
  readonly log: Log;
  readonly metrics: CentralMetrics;
}

/**
 * What neither the bus nor the spool takes is given up, rather than something older that was accepted; the sweep then proves
 * nothing, and the next one says it all again.
 */
export const poster =
  ({ bus, log, metrics }: Posting): Sweeping["post"] =>
  async (batch: Batch, service) => {
    metrics.samplesRead.add(batch.samples.length);
    const taken = await Promise.all(
      packets(batch, service).map(async (packet) => {
        try {
          await bus.publish(packet);
          metrics.packetsPublished.add(1);
          return true;
        } catch (error) {
          if (!(error instanceof BusFull || error instanceof BusUnavailable)) throw error;
          metrics.packetsRefused.add(1);
          log.error("packet given up", { packet: packet.id, project: packet.project, error });
          return false;
        }
      }),
    );
    return taken.every((each) => each);
  };
