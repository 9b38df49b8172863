import { join } from "node:path";
import { spooled } from "@raingauge/bus/spool";
import { centralMetrics, pollCloud } from "@raingauge/poller";
import type { Log } from "@raingauge/runtime";
import { type Agent, borrowed } from "./agent.ts";
import type { Config } from "./config.ts";
import type { Installation } from "./installation.ts";

/** The agent that asks the APIs, where a cloud was named. */
export function swept({ bus, folder }: Installation, config: Config, log: Log): Agent | undefined {
  const { cloud, spoolBytes: limitBytes } = config;
  if (cloud === undefined) return undefined;
  const metrics = centralMetrics();
  let unready: () => string | undefined = () => "not started yet";
  return {
    metrics,
    ready: { cloud: () => unready() },
    run: async (signal) => {
      const own = join(folder, "sweeper");
      await using spool = await spooled(borrowed(bus), { folder: join(own, "spool"), limitBytes, tell: log.info });
      const poller = pollCloud({ ...config, cloud, folder: own }, { bus: spool, log, metrics });
      unready = poller.unready;
      await poller.run(signal);
    },
  };
}
