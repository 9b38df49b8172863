import { jetStreamBus } from "@raingauge/bus/jetstream";
import { at } from "@raingauge/domain";
import { busOptions, health, processMetrics, run } from "@raingauge/runtime";
import { openStore } from "@raingauge/store/open";
import { openTracer, tracedBus } from "@raingauge/traces";
import { collector } from "./collector.ts";
import { config } from "./config.ts";
import { collectorMetrics, exposed } from "./metrics.ts";

await run("collector", config, async (settings, { log, signal }) => {
  const metrics = collectorMetrics();
  const { storeUrl, storeToken } = settings;
  await using store = await openStore(storeUrl, { token: storeToken?.reveal(), clock: () => at(Date.now()) });
  await using tracer = await openTracer({ ...settings, service: "collector", log });
  await using stream = await jetStreamBus({
    ...busOptions(settings),
    name: "raingauge-collector",
    limitBytes: settings.busBytes,
    rejectedLimitBytes: settings.rejectedBytes,
    replicas: settings.busReplicas,
    ackWaitMs: settings.ackWaitSeconds * 1_000,
  });
  const bus = tracedBus(stream, tracer);
  await using _ = await health({
    host: settings.healthHost,
    port: settings.healthPort,
    metrics: [exposed(metrics, bus), processMetrics("collector")],
    ready: { bus: () => told(bus.backlog()), store: () => told(store.watermark()) },
  });
  await collector({ bus, store, log, metrics, now: Date.now }, { ...settings, signal });
});

/** `/readyz` says why it fails. */
const told = (asked: Promise<unknown>): Promise<undefined> => asked.then(() => undefined);
