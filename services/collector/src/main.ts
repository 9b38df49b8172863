import { jetStreamBus } from "@raingauge/bus/jetstream";
import { at } from "@raingauge/domain";
import { busOptions, health, processMetrics, run } from "@raingauge/runtime";
import { duckdbStore } from "@raingauge/store/duckdb";
import { collector } from "./collector.ts";
import { config } from "./config.ts";
import { collectorMetrics } from "./metrics.ts";
import { answers, opens } from "./ready.ts";

await run("collector", config, async (settings, { log, signal }) => {
  const metrics = collectorMetrics();
  await using store = await duckdbStore({ path: settings.storePath, clock: () => at(Date.now()) });
  await using bus = await jetStreamBus({
    ...busOptions(settings),
    name: "raingauge-collector",
    limitBytes: settings.busBytes,
    rejectedLimitBytes: settings.rejectedBytes,
    replicas: settings.busReplicas,
  });
  await using _ = await health({
    host: settings.healthHost,
    port: settings.healthPort,
    metrics: [metrics, processMetrics()],
    ready: { bus: () => answers(bus), store: () => opens(store) },
  });
  await collector({ bus, store, log, metrics }, { ...settings, signal });
});
