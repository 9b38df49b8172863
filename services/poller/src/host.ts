import { join } from "node:path";
import type { SpooledBus } from "@raingauge/bus/spool";
import { at } from "@raingauge/domain";
import type { Log } from "@raingauge/runtime";
import type { Config } from "./config.ts";
import { historyFile } from "./libvirt/history-file.ts";
import { virsh } from "./libvirt/virsh.ts";
import type { PollerMetrics } from "./metrics.ts";
import { polling } from "./poll.ts";
import { regularly } from "./schedule.ts";

interface Surroundings {
  readonly bus: SpooledBus;
  readonly log: Log;
  readonly metrics: PollerMetrics;
}

export interface HostPoller {
  /** Polls on schedule until told to stop. */
  run(signal: AbortSignal): Promise<void>;
  /** Why this agent does not deliver readings now; undefined where it does. */
  unready(): string | undefined;
}

/** What of its settings the agent itself needs, however the bus is found. */
export type HostSettings = Pick<
  Config,
  "region" | "host" | "schedule" | "virsh" | "virshSeconds" | "libvirtUri" | "folder"
>;

/** The agent of one compute node, put together from its settings. */
export async function pollHost(settings: HostSettings, { bus, log, metrics }: Surroundings): Promise<HostPoller> {
  const { region, host, schedule } = settings;
  const collaborators = {
    virsh: virsh({ command: settings.virsh, uri: settings.libvirtUri, timeoutSeconds: settings.virshSeconds }),
    historyFile: historyFile(join(settings.folder, "history.json"), host),
    bus,
    log,
    metrics,
    now: () => at(Date.now()),
  };
  const poll = await polling(collaborators, { region, host });
  let unready: string | undefined = "no poll has finished yet";
  const once = async (): Promise<void> => {
    unready = await poll();
    metrics.spoolBytes.set(bus.held.bytes);
    metrics.spoolMessages.set(bus.held.messages);
  };
  return {
    run: (signal) => regularly(once, { expression: schedule, log, metrics, signal }),
    unready: () => unready,
  };
}
