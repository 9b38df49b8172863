import { join } from "node:path";
import type { SpooledBus } from "@raingauge/bus/spool";
import { at } from "@raingauge/domain";
import type { Log } from "@raingauge/runtime";
import type { Config } from "./config.ts";
import type { HostDefined } from "./dynamic/host-defined.ts";
import { bootFile } from "./hardware/boot-file.ts";
import { hostFiles } from "./hardware/host-files.ts";
import { hostWatch } from "./hardware/watch-host.ts";
import { historyFile } from "./libvirt/history-file.ts";
import { virsh } from "./libvirt/virsh.ts";
import type { PollerMetrics } from "./metrics.ts";
import { type Collaborators, polling } from "./poll.ts";
import { regularly } from "./schedule.ts";
import type { SensorWatch } from "./sensors/watch-sensors.ts";

interface Surroundings {
  readonly bus: SpooledBus;
  readonly log: Log;
  readonly metrics: PollerMetrics;
  /** What an operator's definitions change, where there are some. */
  readonly defined?: HostDefined | undefined;
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
  | "region"
  | "host"
  | "schedule"
  | "virsh"
  | "virshSeconds"
  | "libvirtUri"
  | "folder"
  | "watchesHost"
  | "hostRoot"
  | "ipmitool"
  | "boardSeconds"
>;

/** The agent of one compute node, put together from its settings. */
export async function pollHost(
  settings: HostSettings,
  { bus, log, metrics, defined }: Surroundings,
): Promise<HostPoller> {
  const { region, host } = settings;
  const schedule = defined?.schedule ?? settings.schedule;
  const collaborators = {
    virsh: virsh({ command: settings.virsh, uri: settings.libvirtUri, timeoutSeconds: settings.virshSeconds }),
    historyFile: historyFile(join(settings.folder, "history.json"), host),
    bus,
    log,
    metrics,
    now: () => at(Date.now()),
    wants: defined?.wants,
  };
  const looks = looksOf(settings, collaborators);
  const poll = await polling(collaborators, { region, host });
  let unready: string | undefined = "no poll has finished yet";
  const once = async (): Promise<void> => {
    unready = await poll();
    metrics.spoolBytes.set(bus.held.bytes);
    metrics.spoolMessages.set(bus.held.messages);
  };
  return {
    async run(signal) {
      const stop = new AbortController();
      const ended = AbortSignal.any([signal, stop.signal]);
      const each = (look: () => Promise<void>, expression = schedule): Promise<void> =>
        regularly(look, { expression, log, metrics, signal: ended }).catch((error) => {
          stop.abort();
          throw error;
        });
      // Each by itself: a board that is slow to answer must not hold up what is billed.
      const own = defined?.looks({ ...collaborators, region, host, signal: ended }) ?? [];
      await Promise.all([
        ...[once, ...looks].map((look) => each(look)),
        ...own.map((look) => each(look.once, look.expression)),
      ]);
    },
    unready: () => unready,
  };
}

/** What is read of the host itself and of its sensors. */
function looksOf(
  settings: HostSettings,
  parts: Pick<Collaborators, "bus" | "log" | "metrics" | "now" | "wants">,
): (() => Promise<void>)[] {
  const { region, host, folder, ipmitool: command } = settings;
  const place = { ...parts, region, host };
  const memory = bootFile(join(folder, "boot.json"));
  const isWatched = settings.watchesHost && !isElsewhere(settings.libvirtUri);
  return [
    ...(isWatched ? [hostWatch({ ...place, files: hostFiles(settings.hostRoot), bootFile: memory })] : []),
    ...(command === undefined ? [] : [sensors({ ...place, command, timeoutSeconds: settings.boardSeconds })]),
  ];
}

/** Loaded only where it is wanted: on a compute node every megabyte is the tenants'. */
function sensors(watch: SensorWatch): () => Promise<void> {
  let look: (() => Promise<void>) | undefined;
  return async () => {
    look ??= (await import("./sensors/watch-sensors.ts")).sensorWatch(watch);
    await look();
  };
}

/** A libvirt that is asked over the network is another host's: this one's own files say nothing of it. */
const isElsewhere = (uri: string): boolean => /^[a-z+]+:\/\/[^/]/.test(uri);
