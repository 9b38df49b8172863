import { join } from "node:path";
import { jetStreamBus } from "@raingauge/bus/jetstream";
import { spooled } from "@raingauge/bus/spool";
import { busOptions, health, processMetrics, run } from "@raingauge/runtime";
import { openTracer, tracedBus } from "@raingauge/traces";
import { config } from "./config.ts";
import { pollHost } from "./host.ts";
import { pollerMetrics } from "./metrics.ts";

// What asks the APIs is loaded only where it is wanted: on a compute node every megabyte is the tenants'.
if (process.env["RAINGAUGE_POLLER_ROLE"] === "central") await (await import("./central/run-central.ts")).runCentral();
else await runHost();

function runHost(): Promise<void> {
  return run("poller", config, async (settings, { log, signal }) => {
    const metrics = pollerMetrics();
    await using tracer = await openTracer({ ...settings, service: "poller", log });
    const stream = tracedBus(await jetStreamBus({ ...busOptions(settings), name: "raingauge-poller" }), tracer);
    await using bus = await spooled(stream, {
      folder: join(settings.folder, "spool"),
      limitBytes: settings.spoolBytes,
      tell: log.warn,
    });
    const poller = await pollHost(settings, { bus, log, metrics });
    await using _ = await health({
      host: settings.healthHost,
      port: settings.healthPort,
      metrics: [metrics, processMetrics("poller", { watchesLoop: false })],
      ready: { libvirt: poller.unready },
    });
    await poller.run(signal);
  });
}
