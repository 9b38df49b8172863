import { join } from "node:path";
import { jetStreamBus } from "@raingauge/bus/jetstream";
import { type SpooledBus, spooled } from "@raingauge/bus/spool";
import { busOptions, type Log } from "@raingauge/runtime";
import { type Tracer, tracedBus } from "@raingauge/traces";
import type { Config } from "./config.ts";

/** The bus as a poller has it: traced, and with a spool for the time in which it cannot be reached. */
export async function agentBus(
  settings: Pick<Config, "busUrls" | "busCredentials" | "busCa" | "folder" | "spoolBytes">,
  { tracer, log }: { readonly tracer: Tracer; readonly log: Log },
): Promise<SpooledBus> {
  const stream = tracedBus(await jetStreamBus({ ...busOptions(settings), name: "raingauge-poller" }), tracer);
  const spool = { folder: join(settings.folder, "spool"), limitBytes: settings.spoolBytes, tell: log.warn };
  return spooled(stream, spool);
}
