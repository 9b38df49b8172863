import { jetStreamLeases } from "@raingauge/bus/leases";
import { busOptions, health, processMetrics, run } from "@raingauge/runtime";
import { openTracer } from "@raingauge/traces";
import { agentBus } from "../agent-bus.ts";
import { pollCloud } from "./central.ts";
import { type CentralConfig, centralConfig } from "./config.ts";
import { centralMetrics } from "./metrics.ts";

/** The poller in its central role, from its environment to its end. */
export const runCentral = (): Promise<void> =>
  run("poller", centralConfig, async (settings, { log, signal }) => {
    const metrics = centralMetrics();
    await using tracer = await openTracer({ ...settings, service: "poller", log });
    await using bus = await agentBus(settings, { tracer, log });
    await using leases = settings.sweepShared ? leasesOf(settings) : undefined;
    const poller = pollCloud(settings, { bus, log, metrics, leases });
    await using _ = await health({
      host: settings.healthHost,
      port: settings.healthPort,
      metrics: [metrics, processMetrics("poller")],
      ready: { cloud: poller.unready },
    });
    await poller.run(signal);
  });

/** Well under the shortest interval, so that whoever takes over is in time for the next sweep but one. */
const TERM_MS = 30_000;

const leasesOf = (settings: CentralConfig) =>
  jetStreamLeases({ ...busOptions(settings), name: "raingauge-poller leases", termMs: TERM_MS });
