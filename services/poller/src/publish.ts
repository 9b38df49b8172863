import { type Bus, BusFull, BusUnavailable } from "@raingauge/bus";
import type { Batch, Instant } from "@raingauge/domain";
import type { Log } from "@raingauge/runtime";
import { packets } from "@raingauge/wire/sent";
import type { PollerMetrics } from "./metrics.ts";

interface Publishing {
  readonly bus: Pick<Bus, "publish">;
  readonly log: Log;
  readonly metrics: Pick<PollerMetrics, "samplesRead" | "packetsPublished" | "packetsRefused">;
  /** Which readings are wanted; all where nothing is said. */
  readonly wants?: ((meter: string, at: Instant) => boolean) | undefined;
}

/**
 * What neither the bus nor the spool takes is given up, rather than something older that was accepted: the next reading of a
 * counter holds all of its growth, and a machine that is there before and after was there between.
 */
export const publisher =
  ({ bus, metrics, log, wants = () => true }: Publishing) =>
  async (read: Batch, service: string): Promise<void> => {
    const batch = { ...read, samples: read.samples.filter(({ meter, at }) => wants(meter, at)) };
    metrics.samplesRead.add(batch.samples.length);
    const given = packets(batch, service).map(async (packet) => {
      try {
        await bus.publish(packet);
        metrics.packetsPublished.add(1);
      } catch (error) {
        if (!(error instanceof BusFull || error instanceof BusUnavailable)) throw error;
        metrics.packetsRefused.add(1);
        log.error("packet given up", { packet: packet.id, project: packet.project, error });
      }
    });
    await Promise.all(given);
  };
