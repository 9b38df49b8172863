import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server as HttpServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ALERT_GROUPS, ruleFile } from "@raingauge/dashboards";
import { privatePort, prometheusServer, type Server } from "@raingauge/harness";
import { answered, executable, type Program, run } from "@raingauge/servers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

/**
 * The rules as a cloud has them: asked by vmalert, told to Alertmanager, counted by a receiver, all from Debian. Run by hand:
 * RAINGAUGE_PEERS=1 npx vitest run test/peers/alerting.test.ts
 */
const lacks = [
  ...(executable("prometheus") === undefined ? ["prometheus"] : []),
  ...(executable("vmalert") === undefined ? ["victoria-metrics"] : []),
  ...(executable("prometheus-alertmanager") === undefined ? ["prometheus-alertmanager"] : []),
];
const reason =
  process.env["RAINGAUGE_PEERS"] === undefined
    ? "run by hand, with RAINGAUGE_PEERS=1"
    : lacks.length > 0
      ? `apt-get install ${lacks.join(" ")}`
      : undefined;

interface Told {
  readonly status: string;
  readonly fingerprint: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

describe.skipIf(reason !== undefined)(
  `vmalert and Alertmanager${reason === undefined ? "" : ` (skipped: ${reason})`}`,
  { timeout: 180_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), "raingauge-alerting-"));
    const told: Told[] = [];
    const programs: Program[] = [];
    let series: Server;
    let receiver: HttpServer;
    let vmalertPort: number;

    beforeAll(async () => {
      series = await prometheusServer(silentPoller());
      const receiverPort = await privatePort();
      receiver = createServer((request, reply) => {
        let body = "";
        request.on("data", (chunk) => {
          body += chunk;
        });
        request.on("end", () => {
          told.push(...(JSON.parse(body) as { readonly alerts: readonly Told[] }).alerts);
          reply.end();
        });
      }).listen(receiverPort, "127.0.0.1");
      const alertmanagerPort = await privatePort();
      vmalertPort = await privatePort();
      programs.push(alertmanager(alertmanagerPort, receiverPort));
      await ready(alertmanagerPort, "/-/ready");
      programs.push(vmalert(vmalertPort, series.url, alertmanagerPort));
      await ready(vmalertPort, "/health");
    });

    afterAll(async () => {
      for (const program of programs.reverse()) await program.end();
      await series?.stop();
      receiver?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const alertmanager = (port: number, receiverPort: number): Program => {
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
    };

    /** As committed, but for its patience: promtool has shown that rules wait. */
    const vmalert = (port: number, url: string, alertmanagerPort: number): Program => {
      const rules = join(folder, "rules.yml");
      writeFileSync(
        rules,
        ruleFile(ALERT_GROUPS, "https://wiki.example/")
          .replaceAll(/^ +for: .*\n/gm, "")
          .replaceAll(/^( +)interval: .*/gm, "$1interval: 1s"),
      );
      const args = [
        `-rule=${rules}`,
        `-datasource.url=${url}`,
        `-notifier.url=http://127.0.0.1:${alertmanagerPort}`,
        `-httpListenAddr=127.0.0.1:${port}`,
        "-datasource.queryStep=1m",
      ];
      return run({ path: executable("vmalert") ?? "", args }, folder);
    };

    const ready = (port: number, path: string): Promise<unknown> =>
      answered(
        { port, hello: Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`), welcome: "HTTP/1.1 200" },
        () => undefined,
      );

    const firing = (name: string): readonly Told[] =>
      told.filter(({ status, labels }) => status === "firing" && labels["alertname"] === name);

    it("a poller that fell silent is told of once, with whom it concerns, where to look and what to do", async () => {
      await vi.waitFor(() => expect(firing("RaingaugeAgentSilent").length).toBeGreaterThan(0), {
        timeout: 60_000,
        interval: 200,
      });

      const [alert] = firing("RaingaugeAgentSilent");

      expect(alert?.labels).toMatchObject({ instance: "compute-1:9171", severity: "critical", team: "operations" });
      expect(alert?.annotations).toMatchObject({
        summary: "The poller on compute-1:9171 has read nothing for more than 15 minutes",
        runbook_url: "https://wiki.example/agent-silent.md",
        dashboard: "/d/raingauge-pipeline?viewPanel=105",
      });
    });

    it("what is down, and that rules are evaluated at all, is told as well, each once", async () => {
      const names = ["RaingaugeTargetDown", "RaingaugeWatchdog", "RaingaugeCollectorAbsent"];
      await vi.waitFor(() => expect(names.filter((name) => firing(name).length === 0)).toEqual([]), {
        timeout: 60_000,
        interval: 200,
      });

      for (const name of names) expect(new Set(firing(name).map(({ fingerprint }) => fingerprint)).size, name).toBe(1);
      expect(firing("RaingaugeTargetDown")[0]?.labels).toMatchObject({ job: "raingauge-poller" });
    });

    it("a second engine evaluates every rule without an error", async () => {
      const metrics = await (await fetch(`http://127.0.0.1:${vmalertPort}/metrics`)).text();
      const errors = [...metrics.matchAll(/^vmalert_alerting_rules_error\{.*alertname="(\w+)".*\} (\d+)$/gm)];

      expect(errors.length).toBe(ALERT_GROUPS.flatMap(({ alerts }) => alerts).length);
      expect(errors.filter(([, , count]) => count !== "0").map(([, name]) => name)).toEqual([]);
    });
  },
);

/** A poller that polled half an hour ago and whose process is gone, up to a little after now. */
function silentPoller(): string {
  const now = Math.floor(Date.now() / 1000);
  const target = '{job="raingauge-poller",instance="compute-1:9171"}';
  const instants = Array.from({ length: 20 }, (_, index) => now - 600 + index * 60);
  return `${["poller_last_poll_timestamp_seconds", "up"].map((name) => instants.map((at) => `${name}${target} ${name === "up" ? 0 : now - 1800} ${at}`).join("\n")).join("\n")}\n# EOF\n`;
}
