import { jetStreamBus } from "@raingauge/bus/jetstream";
import { collector, collectorMetrics, config } from "@raingauge/collector";
import { at } from "@raingauge/domain";
import { busOptions, run } from "@raingauge/runtime";
import type { SampleStore } from "@raingauge/store";
import { openStore } from "@raingauge/store/open";

/**
 * The collector, which dies by SIGKILL as soon as it has committed something: what it stored is then not acknowledged,
 * and comes again. Killed from outside it would hardly ever be hit there.
 */
await run("collector", config, async (settings, { log, signal }) => {
  await using store = await openStore(settings.storeUrl, { clock: () => at(Date.now()) });
  await using bus = await jetStreamBus({ ...busOptions(settings), ackWaitMs: settings.ackWaitSeconds * 1_000 });
  await collector(
    { bus, store: doomed(store), log, metrics: collectorMetrics(), now: Date.now },
    { ...settings, signal },
  );
});

function doomed(store: SampleStore): SampleStore {
  return {
    ...store,
    async append(arrivals) {
      const result = await store.append(arrivals);
      process.kill(process.pid, "SIGKILL");
      return result;
    },
  };
}
