import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Pool } from "@raingauge/openstack";
import { run } from "@raingauge/servers";
import { type Channel, Connection } from "rabbitmq-client";

const AGENT = "/usr/bin/ceilometer-agent-notification";

/** Whether Debian's Ceilometer can be started here. */
export const ceilometerLacks = (): readonly string[] => (existsSync(AGENT) ? [] : ["ceilometer-agent-notification"]);

/** Where it looks for what the services say. */
const QUEUE = "notifications.info";
const KEYS = ["notifications.info"];
/** Of a name that no other message has. */
const LAST = "the-last-of-them";

export interface CeilometerAlone extends AsyncDisposable {
  /** Declares its queue, as it does itself; `pool` says what the exchanges are. */
  prepare(pool: Pool): Promise<void>;
  /** Seconds from the first notification that it takes to the sample that it makes of the last; how many it took. */
  hear(folder: string): Promise<{ readonly seconds: number; readonly count: number }>;
}

/** Debian's notification agent, one worker, its samples to a file, which is the quickest to publish to, and without its events. */
export function ceilometerAlone(url: string): CeilometerAlone {
  const connection = new Connection(url);
  let channel: Channel | undefined;
  const open = async (): Promise<Channel> => {
    channel ??= await connection.acquire();
    return channel;
  };
  const waiting = async (): Promise<number> =>
    (await (await open()).queueDeclare({ queue: QUEUE, passive: true })).messageCount;
  return {
    async prepare({ exchanges, exchangesDurable }) {
      const declaring = await open();
      await declaring.queueDeclare({ queue: QUEUE, durable: true });
      for (const exchange of exchanges) {
        await declaring.exchangeDeclare({ exchange, type: "topic", durable: exchangesDurable });
        for (const routingKey of KEYS) await declaring.queueBind({ queue: QUEUE, exchange, routingKey });
      }
    },
    async hear(folder) {
      await (await open()).basicPublish({ routingKey: QUEUE }, lastOne());
      const count = await waiting();
      const { config, samples } = configured(folder, url);
      const agent = run({ path: AGENT, args: ["--config-file", config], farewell: "SIGTERM" }, folder);
      try {
        while ((await waiting()) === count) await going(agent);
        const began = performance.now();
        while (!existsSync(samples) || !readFileSync(samples, "latin1").includes(LAST)) await going(agent);
        return { seconds: (performance.now() - began) / 1_000, count };
      } finally {
        await agent.end();
      }
    },
    async [Symbol.asyncDispose]() {
      await channel?.close();
      await connection.close();
    },
  };
}

const LOOK_MS = 50;

async function going(agent: ReturnType<typeof run>): Promise<void> {
  const failure = agent.failure();
  if (failure !== undefined) throw failure;
  await setTimeout(LOOK_MS);
}

/** A volume that came to be. */
const lastOne = (): unknown => {
  const message = {
    message_id: "00000000-0000-4000-8000-000000000001",
    publisher_id: "volume.bench",
    event_type: "volume.create.end",
    priority: "INFO",
    timestamp: "2026-01-01 00:00:00.000000",
    payload: {
      volume_id: LAST,
      tenant_id: "bench",
      user_id: "bench",
      size: 1,
      volume_type: "fast",
      display_name: LAST,
    },
  };
  return { "oslo.version": "2.0", "oslo.message": JSON.stringify(message) };
};

function configured(folder: string, url: string): { readonly config: string; readonly samples: string } {
  const broker = url.replace("amqp:", "rabbit:");
  const config = join(folder, "ceilometer.conf");
  const samples = join(folder, "samples.json");
  writeFileSync(
    config,
    `[DEFAULT]
transport_url = ${broker}
pipeline_cfg_file = ${pipeline(join(folder, "pipeline.yaml"), samples)}
[notification]
messaging_urls = ${broker}
workers = 1
pipelines = meter
[oslo_messaging_rabbit]
amqp_durable_queues = true
`,
  );
  return { config, samples };
}

function pipeline(path: string, file: string): string {
  const sources = [{ name: "all", meters: ["*"], sinks: ["file"] }];
  writeFileSync(path, JSON.stringify({ sources, sinks: [{ name: "file", publishers: [`file://${file}?json`] }] }));
  return path;
}
