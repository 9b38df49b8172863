import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ALERT_GROUPS } from "@raingauge/dashboards";
import { parseDecimal } from "@raingauge/domain";
import { privatePort, promtoolExecutable } from "@raingauge/harness";
import type { Program } from "@raingauge/servers";
import { duckdbStore } from "@raingauge/store/duckdb";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Served, served } from "../dashboards/served.ts";
import { alertmanager, type Receiver, ready, receiverOf, type Told, vmalert, watchersLack } from "./watchers.ts";

/**
 * The rules over our own query API, live: readings up to the last full hour in DuckDB, asked by vmalert, told to Alertmanager,
 * counted by a receiver. Run by hand: RAINGAUGE_PEERS=1 npx vitest run test/peers/served-alerts.test.ts
 */
const reason = watchersLack();
const SERVED = ALERT_GROUPS.filter(({ source }) => source === "served");
const PATIENCE = { timeout: 240_000, interval: 500 };

describe.skipIf(reason !== undefined)(
  `vmalert and Alertmanager over our query API${reason === undefined ? "" : ` (skipped: ${reason})`}`,
  { timeout: 300_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), "raingauge-served-alerts-"));
    const told: Told[] = [];
    const programs: Program[] = [];
    let api: Served;
    let receiver: Receiver;
    let url: string;
    let token: string;
    let vmalertPort: number;

    const budget = (name: string, amount: string) =>
      api.ledger.setBudget({ name, projects: ["acme"], amount: parseDecimal(amount), thresholds: [], email: [] });

    beforeAll(async () => {
      const end = Math.floor(Date.now() / 3_600_000) * 3_600;
      vmalertPort = await privatePort();
      const rulesUrl = new URL(`http://127.0.0.1:${vmalertPort}`);
      api = await served((clock) => duckdbStore({ path: ":memory:", clock }), { end, rulesUrl });
      await budget("tight", "0.01");
      await budget("tighter", "0.005");
      ({ url, token } = await api.listen());
      receiver = await receiverOf((alerts) => told.push(...alerts), 2);
      const alertmanagerPort = await privatePort();
      programs.push(alertmanager(folder, alertmanagerPort, receiver.port));
      await ready(alertmanagerPort, "/-/ready");
      const asked = { url: `${url}/prometheus`, token, alertmanagerPort, groups: SERVED, every: "5s" };
      programs.push(vmalert(folder, { port: vmalertPort, ...asked }));
      await ready(vmalertPort, "/health");
    }, 120_000);

    afterAll(async () => {
      for (const program of programs.reverse()) await program.end();
      receiver?.end();
      await api?.[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    });

    const heard = (status: string): string[] =>
      told
        .filter((each) => each.status === status && each.labels["alertname"] === "RaingaugeBudgetSpent")
        .map(({ labels }) => labels["budget"] ?? "");

    it("shows Grafana every rule as vmalert has it, and what fires", async () => {
      const told = async (path: string) =>
        ((await api.inject({ url: `/prometheus/api/v1/${path}` })).json() as { readonly data: RulesTold }).data;
      await vi.waitFor(async () => {
        const spent = (await told("alerts")).alerts.filter(
          ({ labels }) => labels["alertname"] === "RaingaugeBudgetSpent",
        );
        expect(spent.map(({ labels }) => labels["budget"]).toSorted()).toEqual(["tight", "tighter"]);
      }, PATIENCE);

      const { groups } = await told("rules");

      expect(groups.flatMap(({ rules }) => rules.map(({ name }) => name)).toSorted()).toEqual(
        SERVED.flatMap(({ alerts }) => alerts.map(({ name }) => name)).toSorted(),
      );
    });

    it("tells of each budget that is spent once, although the receiver refused at first, and once when it is over", async () => {
      await vi.waitFor(() => expect(new Set(heard("firing"))).toEqual(new Set(["tight", "tighter"])), PATIENCE);
      await budget("tight", "100000");
      await budget("tighter", "100000");
      await vi.waitFor(() => expect(new Set(heard("resolved"))).toEqual(new Set(["tight", "tighter"])), PATIENCE);

      const fingerprints = new Set(
        told.filter(({ labels }) => labels["alertname"] === "RaingaugeBudgetSpent").map((each) => each.fingerprint),
      );

      expect(fingerprints.size).toBe(2);
      expect(heard("resolved").toSorted()).toEqual(["tight", "tighter"]);
      const [first] = told.filter(({ labels }) => labels["alertname"] === "RaingaugeBudgetSpent");
      expect(first?.annotations).toMatchObject({ runbook_url: "https://wiki.example/budget-spent.md" });
    });

    it("evaluates every rule that our API serves, without an error", async () => {
      const rules = SERVED.flatMap(({ alerts }) => alerts);
      const metrics = async () => (await fetch(`http://127.0.0.1:${vmalertPort}/metrics`)).text();
      const samples = /^vmalert_alerting_rules_last_evaluation_samples\{.*alertname="(\w+)".*\} (\d+)$/gm;
      await vi.waitFor(
        async () => expect([...(await metrics()).matchAll(samples)]).toHaveLength(rules.length),
        PATIENCE,
      );

      const errors = [...(await metrics()).matchAll(/^vmalert_alerting_rules_error\{.*alertname="(\w+)".*\} (\d+)$/gm)];

      expect(errors.filter(([, , count]) => count !== "0").map(([, name]) => name)).toEqual([]);
      expect(errors).toHaveLength(rules.length);
    });

    it.skipIf(promtoolExecutable() === undefined)(
      "answers promtool: an instant, a range, series and labels",
      async () => {
        const now = Math.floor(Date.now() / 3_600_000) * 3_600;
        const server = `${url.replace("//", `//grafana:${token}@`)}/prometheus`;
        const promtool = async (...args: readonly string[]): Promise<string> =>
          (await promisify(execFile)(promtoolExecutable() ?? "", ["query", ...args])).stdout;
        const [start, end] = [`--start=${now - 3_600}`, `--end=${now}`];

        expect(await promtool("instant", server, `--time=${now}`, "count(ceilometer_instance)")).toMatch(
          /\{\} => 12 @/,
        );
        expect(await promtool("range", server, start, end, "--step=10m", "sum(ceilometer_vcpus)")).toMatch(/44 @/);
        expect(await promtool("series", server, start, end, '--match=ceilometer_volume_size{project="acme"}')).toMatch(
          /volume-0/,
        );
        expect((await promtool("labels", server, "project", start, end)).split("\n")).toEqual(
          expect.arrayContaining(["acme", "bolt", "crane", "dune"]),
        );
      },
    );
  },
);

interface RulesTold {
  readonly alerts: readonly { readonly labels: Readonly<Record<string, string>> }[];
  readonly groups: readonly { readonly rules: readonly { readonly name: string }[] }[];
}
