import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type AlertGroup, ruleFile } from "@raingauge/dashboards";
import { answered, executable, type Program, run } from "@raingauge/servers";

const PACKAGES: Readonly<Record<string, string>> = {
  prometheus: "prometheus",
  vmalert: "victoria-metrics",
  "prometheus-alertmanager": "prometheus-alertmanager",
};

/** Why vmalert and Alertmanager, and what else is needed, cannot be run here; undefined where they can. */
export function watchersLack(besides: readonly string[] = []): string | undefined {
  if (process.env["RAINGAUGE_PEERS"] === undefined) return "run by hand, with RAINGAUGE_PEERS=1";
  const lacks = ["vmalert", "prometheus-alertmanager", ...besides].filter((name) => executable(name) === undefined);
  return lacks.length === 0 ? undefined : `apt-get install ${lacks.map((name) => PACKAGES[name] ?? name).join(" ")}`;
}

/** An alert as Alertmanager tells a webhook of it. */
export interface Told {
  readonly status: string;
  readonly fingerprint: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Receiver {
  readonly port: number;
  end(): void;
}

/** Hears what Alertmanager tells. The first deliveries it refuses, as many as it is told: what is lost then was not sent again. */
export async function receiverOf(hear: (alerts: readonly Told[]) => void, refuses = 0): Promise<Receiver> {
  let left = refuses;
  const server = createServer((request, reply) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      left -= 1;
      if (left >= 0) return void reply.writeHead(503).end();
      hear((JSON.parse(body) as { readonly alerts: readonly Told[] }).alerts);
      reply.end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return { port: (server.address() as AddressInfo).port, end: () => server.close() };
}

export function alertmanager(folder: string, port: number, receiverPort: number): Program {
  const config = join(folder, "alertmanager.yml");
  writeFileSync(
    config,
    `route: { receiver: counting, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }
receivers: [{ name: counting, webhook_configs: [{ url: "http://127.0.0.1:${receiverPort}/" }] }]
`,
  );
  const args = [
    `--config.file=${config}`,
    `--storage.path=${join(folder, "alertmanager")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--cluster.listen-address=",
  ];
  return run({ path: executable("prometheus-alertmanager") ?? "", args }, folder);
}

export interface Watched {
  readonly port: number;
  readonly url: string;
  /** Of the query API's caller. */
  readonly token?: string;
  readonly alertmanagerPort: number;
  readonly groups: readonly AlertGroup[];
  readonly every?: string;
}

/** Asks the rules as committed, but for their patience: promtool has shown that rules wait. */
export function vmalert(
  folder: string,
  { port, url, token, alertmanagerPort, groups, every = "1s" }: Watched,
): Program {
  const rules = join(folder, "rules.yml");
  writeFileSync(
    rules,
    ruleFile(groups, "https://wiki.example/")
      .replaceAll(/^ +for: .*\n/gm, "")
      .replaceAll(/^( +)interval: .*/gm, `$1interval: ${every}`),
  );
  const args = [
    `-rule=${rules}`,
    `-datasource.url=${url}`,
    ...(token === undefined ? [] : [`-datasource.bearerToken=${token}`]),
    `-notifier.url=http://127.0.0.1:${alertmanagerPort}`,
    `-httpListenAddr=127.0.0.1:${port}`,
    "-datasource.queryStep=1m",
  ];
  return run({ path: executable("vmalert") ?? "", args }, folder);
}

export const ready = (port: number, path: string): Promise<unknown> =>
  answered(
    { port, hello: Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`), welcome: "HTTP/1.1 200" },
    () => undefined,
  );
