import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { deployed, ROOT } from "./deployments.ts";

const folder = mkdtempSync(join(tmpdir(), "deploy-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What stands in each secret's file, in the form that its process expects. */
const SECRETS: Readonly<Record<string, string>> = {
  "nats-url": "nats://raingauge:word@nats:4222",
  "nats-urls": "nats://raingauge:word@nats:4222,nats://raingauge:word@nats-2:4222,nats://raingauge:word@nats-3:4222",
  "rabbit-url": "amqp://nova:word@rabbitmq:5672/",
  "ledger-url": "postgresql://raingauge:word@postgres:5432/raingauge",
  "influxdb-token": "word",
  "clickhouse-password": "word",
  "store-token": "word",
  "clouds.yaml": `clouds:
  openstack:
    auth: { auth_url: "https://keystone:5000/v3", application_credential_id: a, application_credential_secret: b }
    auth_type: v3applicationcredential
`,
};
for (const [name, text] of Object.entries(SECRETS)) writeFileSync(join(folder, name), text);

describe("a process as it is deployed", () => {
  it.each(deployed())("takes every setting that $name gives it", ({ args, env }) => {
    const { status, stderr, stdout } = spawnSync(join(ROOT, "deploy/image/raingauge"), [...args], {
      encoding: "utf8",
      // One setting that there is not: the process names it, and only it, before it does anything.
      env: {
        ...at(env),
        ...{ RAINGAUGE_ROOT: ROOT, RAINGAUGE_NONSENSE: "1", PATH: dirname(process.execPath), HOME: folder },
        // Each process is started several times, and compiled once, here or where it was started before.
        NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? join(folder, "compiled"),
      },
    });

    expect(problemsIn(stdout + stderr)).toEqual([expect.stringContaining("RAINGAUGE_NONSENSE is not a setting")]);
    expect(status).toBe(2);
  });
});

/** The secrets are in a folder of ours here, and the price book is where the repository has it. */
const at = (env: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).map(([name, value]) => [name, here(name, value)]));

function here(name: string, value: string): string {
  if (name === "RAINGAUGE_PRICE_BOOK") return join(ROOT, "docs/examples/price-book.yaml");
  return name.endsWith("_FILE") ? join(folder, basename(value)) : value;
}

const problemsIn = (log: string): unknown => {
  const line = log.split("\n").find((each) => each.includes("configuration refused"));
  return line === undefined ? log : (JSON.parse(line) as { problems: unknown }).problems;
};

describe("an agent in a container", () => {
  const kubernetes = JSON.stringify(
    parseYaml(readFileSync(join(ROOT, "deploy/kubernetes/agents/poller.yaml"), "utf8")),
  );
  const kolla = JSON.stringify(parseYaml(readFileSync(join(ROOT, "deploy/kolla/raingauge.yml"), "utf8")));

  it("is given the host's own /proc and /sys, which it cannot write, and told where they are", () => {
    expect(kubernetes).toContain('{"name":"RAINGAUGE_POLLER_HOST_ROOT","value":"/host"}');
    expect(kolla).toContain('"RAINGAUGE_POLLER_HOST_ROOT":"/host"');
    for (const folder of ["proc", "sys"]) {
      expect(kubernetes).toContain(`{"name":"${folder}","mountPath":"/host/${folder}","readOnly":true}`);
      expect(kubernetes).toContain(`{"name":"${folder}","hostPath":{"path":"/${folder}","type":"Directory"}}`);
      expect(kolla).toContain(`"/${folder}:/host/${folder}:ro"`);
    }
  });

  it.each([
    ["host", "--optimize-for-size --no-turbofan --no-maglev"],
    ["central", ""],
  ])("is started as it is on a host, in its role of %s", (role, flags) => {
    const bin = join(folder, `node-${role}`);
    mkdirSync(bin);
    writeFileSync(join(bin, "node"), '#!/bin/sh\necho "$@"\n', { mode: 0o755 });

    const { stdout } = spawnSync("/bin/sh", [join(ROOT, "deploy/image/raingauge"), "poller"], {
      encoding: "utf8",
      env: { RAINGAUGE_ROOT: "/r", RAINGAUGE_POLLER_ROLE: role, PATH: bin },
    });

    expect(stdout.trim()).toBe(`${flags} /r/services/poller/src/main.ts`.trim());
    expect(readFileSync(join(ROOT, "deploy/systemd/raingauge-poller.service"), "utf8")).toContain(
      "/node --optimize-for-size --no-turbofan --no-maglev /opt",
    );
  });
});

describe("the units", () => {
  it.skipIf(!existsSync("/usr/bin/systemd-analyze"))(
    "are what systemd takes for units (skipped where there is no systemd-analyze)",
    () => {
      const root = join(folder, "root");
      const units = join(root, "etc/systemd/system");
      mkdirSync(units, { recursive: true });
      mkdirSync(join(root, "opt/raingauge/bin"), { recursive: true });
      symlinkSync("/bin/true", join(root, "opt/raingauge/bin/node"));
      const own = readdirSync(join(ROOT, "deploy/systemd")).filter((name) => name.endsWith(".service"));
      const paths = own.map((name) => {
        const text = readFileSync(join(ROOT, "deploy/systemd", name), "utf8");
        const path = join(units, name);
        // `verify` looks for the program on this machine, whatever the root: it is put where it can be found.
        writeFileSync(path, text.replaceAll("/opt/raingauge/bin/node", join(root, "opt/raingauge/bin/node")));
        return path;
      });

      const { stderr, status } = spawnSync("systemd-analyze", ["verify", "--man=no", ...paths], { encoding: "utf8" });

      expect(stderr.split("\n").filter((line) => own.some((name) => line.includes(name)))).toEqual([]);
      expect(status).toBe(0);
    },
  );
});

describe("the Compose file", () => {
  const { services, secrets, volumes } = parseYaml(readFileSync(join(ROOT, "deploy/compose/compose.yaml"), "utf8"), {
    merge: true,
  }) as {
    services: Record<string, { secrets?: string[]; volumes?: string[]; depends_on?: Record<string, unknown> }>;
    secrets: Record<string, { file: string }>;
    volumes: Record<string, unknown>;
  };

  it.each(Object.entries(services))("gives %s secrets, volumes and neighbours that it has", (_name, service) => {
    const named = (service.volumes ?? []).map((each) => each.split(":")[0] ?? "");

    expect(Object.keys(secrets)).toEqual(expect.arrayContaining(service.secrets ?? []));
    expect(Object.keys(volumes)).toEqual(expect.arrayContaining(named.filter((name) => !name.startsWith("."))));
    expect(Object.keys(services)).toEqual(expect.arrayContaining(Object.keys(service.depends_on ?? {})));
    for (const path of named.filter((name) => name.startsWith("."))) {
      expect(existsSync(join(ROOT, "deploy/compose", path)), path).toBe(true);
    }
  });

  it("has every secret made by secrets.sh, or says that it is the operator's", () => {
    const copy = join(folder, "compose");
    mkdirSync(copy);
    const script = join(copy, "secrets.sh");
    writeFileSync(script, readFileSync(join(ROOT, "deploy/compose/secrets.sh")), { mode: 0o755 });

    execFileSync(script, { encoding: "utf8" });
    const first = readdirSync(join(copy, "secrets")).map((name) => readFileSync(join(copy, "secrets", name), "utf8"));
    execFileSync(script, { encoding: "utf8" });

    const made = readdirSync(join(copy, "secrets"));
    const OPERATORS = ["rabbit-url", "clouds.yaml", "grafana-token"];
    expect([...made, ...OPERATORS]).toEqual(expect.arrayContaining(Object.keys(secrets)));
    expect(made.map((name) => readFileSync(join(copy, "secrets", name), "utf8"))).toEqual(first);
  });
});

it("the price book of the Kubernetes base is the example", () => {
  const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

  expect(read("deploy/kubernetes/base/price-book.yaml")).toBe(read("docs/examples/price-book.yaml"));
});
