import { join } from "node:path";
import { jetStreamBus } from "@raingauge/bus/jetstream";
import { spooled } from "@raingauge/bus/spool";
import { busOptions, type Environment, health, processMetrics, run } from "@raingauge/runtime";
import { openTracer, tracedBus } from "@raingauge/traces";
import type { Config } from "./config.ts";
import type { HostDefined } from "./dynamic/host-defined.ts";
import { pollHost } from "./host.ts";
import { pollerMetrics } from "./metrics.ts";

/** The poller of a compute node, from its environment to its end. */
export const runHost = <C extends Config>(
  config: (env: Environment) => C,
  definedIn: (settings: C) => HostDefined | undefined,
): Promise<void> =>
  run("poller", config, async (settings, { log, signal }) => {
    const metrics = pollerMetrics();
    await using tracer = await openTracer({ ...settings, service: "poller", log });
    const stream = tracedBus(await jetStreamBus({ ...busOptions(settings), name: "raingauge-poller" }), tracer);
    await using bus = await spooled(stream, {
      folder: join(settings.folder, "spool"),
      limitBytes: settings.spoolBytes,
      tell: log.warn,
    });
    const poller = await pollHost(settings, { bus, log, metrics, defined: definedIn(settings) });
    await using _ = await health({
      host: settings.healthHost,
      port: settings.healthPort,
      metrics: [metrics, processMetrics("poller", { watchesLoop: false })],
      ready: { libvirt: poller.unready },
    });
    await poller.run(signal);
  });
