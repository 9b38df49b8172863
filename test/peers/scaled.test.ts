import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { at, type Sample } from "@raingauge/domain";
import { privatePort } from "@raingauge/harness";
import { executable, type Program, run } from "@raingauge/servers";
import { duckdbStore } from "@raingauge/store/duckdb";
import { sampleOf } from "@raingauge/wire";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Served, served } from "../dashboards/served.ts";
import { type Heat, heat, heatLacks } from "./heat.ts";
import { ready, watchersLack } from "./watchers.ts";

/**
 * The autoscaling example from readings to signals, live: a busy project and an idle one in our store, the example's rules asked by
 * vmalert of our query API as a caller of that project, the example's Alertmanager, and a server that stands where Heat would and
 * keeps what it is sent. Run by hand: RAINGAUGE_PEERS=1 npx vitest run test/peers/scaled.test.ts
 */
const reason = watchersLack();
const EXAMPLE = join(import.meta.dirname, "../../docs/examples/autoscaling");
const PATIENCE = { timeout: 240_000, interval: 500 };
const lacks = heatLacks();
const POLL_MS = 300_000;

interface Signal {
  readonly path: string;
  readonly body: string;
}

describe.skipIf(reason !== undefined)(
  `the autoscaling example over our query API${reason === undefined ? "" : ` (skipped: ${reason})`}`,
  { timeout: 300_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), "raingauge-scaled-"));
    const signals: Signal[] = [];
    const programs: Program[] = [];
    let api: Served;
    let door: Server;
    let stacks: Stacks | undefined;

    beforeAll(async () => {
      const end = Math.floor(Date.now() / 3_600_000) * 3_600;
      api = await served(
        async (clock) => {
          const store = await duckdbStore({ path: ":memory:", clock });
          const samples = [...lived("busy", 0.9), ...lived("idle", 0.1)];
          const position = { stream: "groups", sequence: 1n };
          await store.append([{ position, batch: { samples, events: [], coverage: [] } }]);
          return store;
        },
        { end },
      );
      const { url } = await api.listen();
      if (lacks.length === 0) stacks = await madeStacks();
      door = createServer(async (request, reply) => {
        const signal = { path: request.url ?? "", body: await text(request) };
        signals.push(signal);
        await stacks?.signal(signal);
        reply.end();
      });
      await new Promise<void>((listening) => door.listen(0, "127.0.0.1", listening));
      const alertmanagerPort = await privatePort();
      programs.push(alertmanager(alertmanagerPort, (door.address() as AddressInfo).port));
      await ready(alertmanagerPort, "/-/ready");
      for (const project of ["busy", "idle"]) {
        const token = await api.ledger.grant({ name: `autoscaling-${project}`, role: "reader", projects: [project] });
        const port = await privatePort();
        programs.push(vmalert(project, { port, url: `${url}/prometheus`, token, alertmanagerPort }));
        await ready(port, "/health");
      }
    }, 120_000);

    afterAll(async () => {
      for (const program of programs.reverse()) await program.end();
      door?.close();
      await stacks?.heat[Symbol.asyncDispose]();
      await api?.[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    });

    const alertmanager = (port: number, doorPort: number): Program => {
      const config = join(folder, "alertmanager.yml");
      const written = readFileSync(join(EXAMPLE, "alertmanager.yml"), "utf8")
        .replaceAll(
          "http://heat.example:8000/v1/signal/UP",
          `http://127.0.0.1:${doorPort}/v1/signal/UP?Signature=a%2Bb`,
        )
        .replaceAll(
          "http://heat.example:8000/v1/signal/DOWN",
          `http://127.0.0.1:${doorPort}/v1/signal/DOWN?Signature=c`,
        );
      writeFileSync(config, written);
      const args = [
        `--config.file=${config}`,
        `--storage.path=${join(folder, "alertmanager")}`,
        `--web.listen-address=127.0.0.1:${port}`,
        "--cluster.listen-address=",
      ];
      return run({ path: executable("prometheus-alertmanager") ?? "", args }, folder);
    };

    /**
     * The example's rules for a project, but for their patience: promtool has shown that they wait. Asked each five seconds and not each:
     * vmalert says that an alert is over after four rounds of which it does not tell, and on a busy machine a round may take longer than one.
     */
    const vmalert = (
      project: string,
      {
        port,
        url,
        token,
        alertmanagerPort,
      }: Readonly<Record<"url" | "token", string> & Record<"port" | "alertmanagerPort", number>>,
    ): Program => {
      const rules = join(folder, `${project}.yml`);
      const written = readFileSync(join(EXAMPLE, "rules.yml"), "utf8").replaceAll("PROJECT", project);
      writeFileSync(rules, written.replaceAll(/^ +for: .*\n/gm, "").replaceAll("interval: 1m", "interval: 5s"));
      const passwordFile = join(folder, `${project}.token`);
      writeFileSync(passwordFile, token);
      const args = [
        `-rule=${rules}`,
        `-datasource.url=${url}`,
        "-datasource.basicAuth.username=any",
        `-datasource.basicAuth.passwordFile=${passwordFile}`,
        `-notifier.url=http://127.0.0.1:${alertmanagerPort}`,
        `-httpListenAddr=127.0.0.1:${port}`,
      ];
      return run({ path: executable("vmalert") ?? "", args }, folder);
    };

    it("signals one more for the busy group and one less for the idle one, each at its own address, signature and all", async () => {
      await vi.waitFor(
        () =>
          expect([...new Set(signals.map(({ path }) => path))].toSorted().map((path) => path.slice(0, 15))).toEqual([
            "/v1/signal/DOWN",
            "/v1/signal/UP?S",
          ]),
        PATIENCE,
      );

      const told = Object.fromEntries(
        signals.map(({ path, body }) => [path, JSON.parse(body).alerts.map(({ labels }: never) => labels)]),
      );

      expect(told).toEqual({
        "/v1/signal/UP?Signature=a%2Bb": [expect.objectContaining({ alertname: "WebBusy", scaling: "up" })],
        "/v1/signal/DOWN?Signature=c": [expect.objectContaining({ alertname: "WebIdle", scaling: "down" })],
      });
    });

    it.skipIf(lacks.length > 0)(
      `is one member more and one less in a Heat that runs${lacks.length > 0 ? ` (skipped: apt-get install ${lacks.join(" ")})` : ""}`,
      async () => {
        await vi.waitFor(async () => expect(await stacks?.sizes()).toEqual({ busy: 2, idle: 1 }), PATIENCE);
      },
    );

    it.skipIf(!existsSync("/usr/lib/python3/dist-packages/heat"))(
      "is what the policy's own code in Debian's Heat makes one machine more of",
      async () => {
        const busy = await vi.waitFor(() => {
          const found = signals.find(({ path }) => path.includes("/UP"));
          expect(found).toBeDefined();
          return found;
        }, PATIENCE);
        const signal = join(folder, "signal.json");
        writeFileSync(signal, busy?.body ?? "");

        const script = join(import.meta.dirname, "heat-template.py");
        const { status, stdout, stderr } = spawnSync(
          "/usr/bin/python3",
          [script, join(EXAMPLE, "stack.yaml"), signal],
          {
            encoding: "utf8",
          },
        );

        expect(status, stderr).toBe(0);
        expect(stdout).toBe("");
      },
    );
  },
);

interface Stacks {
  readonly heat: Heat;
  sizes(): Promise<Readonly<Record<string, unknown>>>;
  /** Passed on to the address that the stack's policy has. */
  signal(signal: Signal): Promise<void>;
}

/** The example's stack once as busy, and once as idle with two members; a member is a word that Heat draws, as there is no Nova. */
async function madeStacks(): Promise<Stacks> {
  const template = readFileSync(join(EXAMPLE, "stack.yaml"), "utf8")
    .replace(/^parameters:\n( .*\n)+/m, "")
    .replace(
      /type: OS::Nova::Server\n +properties:\n(?: +(?:image|flavor|networks):.*\n)+/,
      "type: OS::Heat::RandomString\n",
    );
  const running = await heat();
  await running.make("busy", template);
  await running.make("idle", template.replace("min_size: 1", "min_size: 1\n      desired_capacity: 2"));
  const made = async (name: string) =>
    vi.waitFor(async () => {
      const { status, reason, outputs } = await running.stack(name);
      expect(status, reason).toBe("CREATE_COMPLETE");
      return outputs;
    }, PATIENCE);
  const up = String((await made("busy")).get("scale_up_url"));
  const down = String((await made("idle")).get("scale_down_url"));
  return {
    heat: running,
    sizes: async () => ({
      busy: (await running.stack("busy")).outputs.get("size"),
      idle: (await running.stack("idle")).outputs.get("size"),
    }),
    signal: async ({ path, body }) => {
      const headers = { "content-type": "application/json" };
      const { status } = await fetch(path.includes("/UP") ? up : down, { method: "POST", headers, body });
      expect(status).toBe(200);
    },
  };
}

/** A machine of two processors in a project of its own, read each five minutes for an hour up to now. */
function lived(project: string, load: number): Sample[] {
  const now = Math.floor(Date.now() / 1000) * 1000;
  const of = { project, region: "RegionOne", resource: `${project}-1`, origin: "poll", source: "libvirt" } as const;
  return Array.from({ length: 13 }, (_, index) => now - (12 - index) * POLL_MS).flatMap((moment, index) => {
    const told = { ...of, at: at(moment), sequence: index, message: `poll-${index}` };
    const counted = BigInt(Math.round(load * 2 * 1e6 * index * POLL_MS));
    const incarnation = { host: "compute-1", device: "", startedAt: at(now - 24 * 3_600_000), witnessed: true };
    return [
      sampleOf({ ...told, meter: "cpu", value: counted, stance: "sights", dimensions: {}, incarnation }),
      sampleOf({
        ...told,
        meter: "vcpus",
        value: 2n,
        stance: "states",
        dimensions: { state: "active", flavor: "small" },
      }),
    ];
  });
}
