import { type Environment, health, processMetrics, run } from "@raingauge/runtime";
import { openTracer } from "@raingauge/traces";
import { agentBus } from "./agent-bus.ts";
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
    await using bus = await agentBus(settings, { tracer, log });
    const poller = await pollHost(settings, { bus, log, metrics, defined: definedIn(settings) });
    await using _ = await health({
      host: settings.healthHost,
      port: settings.healthPort,
      metrics: [metrics, processMetrics("poller", { watchesLoop: false })],
      ready: { libvirt: poller.unready },
    });
    await poller.run(signal);
  });
