import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { jetStreamBus } from "@raingauge/bus/jetstream";
import { spooled } from "@raingauge/bus/spool";
import { asideLine } from "@raingauge/definitions";
import { at } from "@raingauge/domain";
import { busOptions, health, processMetrics, run, type Tools } from "@raingauge/runtime";
import { openTracer, tracedBus } from "@raingauge/traces";
import { type Config, config } from "./config.ts";
import { listenerMetrics } from "./metrics.ts";
import { listenEverywhere } from "./regions.ts";
import { setAsideIn } from "./set-aside.ts";

await run("listener", config, start);

async function start(settings: Config, { log, signal }: Tools): Promise<void> {
  const { folder, healthPort: port, healthHost: host } = settings;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const metrics = listenerMetrics();
  const setAside = await setAsideIn(join(folder, "set-aside"), settings.setAsideBytes);
  await using tracer = await openTracer({ ...settings, service: "listener", log });
  const stream = tracedBus(await jetStreamBus({ ...busOptions(settings), name: "raingauge-listener" }), tracer);
  const spool = { folder: join(folder, "spool"), limitBytes: settings.spoolBytes, tell: log.info };
  await using bus = await spooled(stream, spool);
  let away: string | undefined = "not connected to RabbitMQ yet";
  await using _health = await health({
    port,
    host,
    metrics: [metrics, processMetrics("listener")],
    ready: { rabbitmq: () => away },
  });
  const { region, queue, exchanges, brokers } = settings;
  log.info("listener started", { region, queue, exchanges, brokers: brokers.length });
  const tellAway = (reason: string | undefined): void => {
    away = reason;
  };
  for (const each of settings.definitions.aside) log.info("definition set aside", asideLine(each));
  const collaborators = {
    definitions: settings.definitions,
    bus,
    setAside,
    log,
    metrics,
    tracer,
    now: () => at(Date.now()),
  };
  await listenEverywhere(collaborators, { ...settings, tellAway }, signal);
}
