import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ALERT_GROUPS } from "@raingauge/dashboards";
import { privatePort, prometheusServer, type Server } from "@raingauge/harness";
import type { Program } from "@raingauge/servers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { alertmanager, type Receiver, ready, receiverOf, type Told, vmalert, watchersLack } from "./watchers.ts";

/**
 * The rules as a cloud has them: asked by vmalert, told to Alertmanager, counted by a receiver, all from Debian. Run by hand:
 * RAINGAUGE_PEERS=1 npx vitest run test/peers/alerting.test.ts
 */
const reason = watchersLack(["prometheus"]);

describe.skipIf(reason !== undefined)(
  `vmalert and Alertmanager${reason === undefined ? "" : ` (skipped: ${reason})`}`,
  { timeout: 180_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), "raingauge-alerting-"));
    const told: Told[] = [];
    const programs: Program[] = [];
    let series: Server;
    let receiver: Receiver;
    let vmalertPort: number;

    beforeAll(async () => {
      series = await prometheusServer(silentPoller());
      receiver = await receiverOf((alerts) => told.push(...alerts));
      const alertmanagerPort = await privatePort();
      vmalertPort = await privatePort();
      programs.push(alertmanager(folder, alertmanagerPort, receiver.port));
      await ready(alertmanagerPort, "/-/ready");
      programs.push(vmalert(folder, { port: vmalertPort, url: series.url, alertmanagerPort, groups: ALERT_GROUPS }));
      await ready(vmalertPort, "/health");
    });

    afterAll(async () => {
      for (const program of programs.reverse()) await program.end();
      await series?.stop();
      receiver?.end();
      rmSync(folder, { recursive: true, force: true });
    });

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
