import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { ROOT } from "./deployments.ts";

const scratch = mkdtempSync(join(tmpdir(), "raingauge-elsewhere-"));
afterAll(() => rmSync(scratch, { recursive: true }));
const has = (program: string): boolean => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
const without = (program: string): string => (has(program) ? "" : ` (skipped: no ${program} here)`);

describe("the DevStack plugin, among stubs of DevStack's functions", () => {
  const { log, settings } = phases(["stack install", "stack post-config", "stack extra", "unstack ", "clean "]);

  it("does its part in each phase, in this order", () => {
    expect(log.map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
      "install_package nats-server",
      "node services/raingauge/bootstrap.mjs",
      ...["get_or_create_service raingauge-rating", "get_or_create_endpoint rating"],
      ...["get_or_create_service raingauge", "get_or_create_endpoint metering"],
      "run_process raingauge",
      "stop_process raingauge",
    ]);
  });

  it("tells every service that is enabled to notify, and no other", () => {
    expect(settings.filter((line) => line.includes("driver messagingv2")).map((line) => line.split(" ")[0])).toEqual([
      "nova.conf",
      "nova-cpu.conf",
      "cinder.conf",
      "glance-api.conf",
      "neutron.conf",
      "keystone.conf",
    ]);
    expect(settings).toContain("nova-cpu.conf DEFAULT instance_usage_audit True");
    expect(settings).toContain("keystone.conf DEFAULT notification_opt_out ");
  });

  it("starts it with settings that it takes", () => {
    const [, , env = ""] = /^run_process (\S+) \/usr\/bin\/env (.*) node /.exec(log.at(-2) ?? "") ?? [];

    expect(
      env
        .split(" ")
        .filter((word) => word !== "")
        .map((word) => word.split("=")[0]),
    ).toEqual(
      expect.arrayContaining(["RAINGAUGE_DATA", "RAINGAUGE_REGION", "RAINGAUGE_RABBIT_URL_FILE", "RAINGAUGE_OS_CLOUD"]),
    );
  });
});

/** What the plugin called, and what it wrote into settings. */
function phases(names: readonly string[]) {
  const etc = join(scratch, "etc");
  mkdirSync(join(etc, "own"), { recursive: true });
  const confs = ["nova", "nova-cpu", "cinder", "glance-api", "neutron", "keystone", "heat"].map(
    (name) => `${name}.conf`,
  );
  for (const name of confs) writeFileSync(join(etc, name), "");
  const [calls, written] = [join(scratch, "calls"), join(scratch, "written")];
  const script = `
    set -eu
    DEST=${scratch} DATA_DIR=${scratch}/data REGION_NAME=RegionOne SERVICE_HOST=192.0.2.1 STACK_USER=$(id -un)
    NOVA_CONF=${etc}/nova.conf NOVA_CPU_CONF=${etc}/nova-cpu.conf CINDER_CONF=${etc}/cinder.conf
    GLANCE_API_CONF=${etc}/glance-api.conf NEUTRON_CONF=${etc}/neutron.conf KEYSTONE_CONF=${etc}/keystone.conf HEAT_CONF=${etc}/heat.conf
    RAINGAUGE_DIR=${ROOT} RAINGAUGE_CONF_DIR=${etc}/own
    enable_service() { :; }
    is_service_enabled() { [ "$1" != heat ]; }
    echo_summary() { :; }
    sudo() { "$@"; }
    get_notification_url() { echo rabbit://stackrabbit:word@192.0.2.1:5672/; }
    iniset() { echo "$(basename "$1") $2 $3 $4" >> ${written}; }
    for each in install_package run_process stop_process get_or_create_service get_or_create_endpoint node; do
      eval "$each() { echo \\"$each \\$*\\" >> ${calls}; }"
    done
    source ${ROOT}/deploy/devstack/settings
    for phase in ${names.map((name) => `"${name}"`).join(" ")}; do
      set -- \${phase% *} "\${phase#* }"
      source ${ROOT}/deploy/devstack/plugin.sh "$1" "$2"
    done`;
  execFileSync("bash", ["-c", script], { stdio: "pipe" });
  const lines = (file: string): string[] => readFileSync(file, "utf8").trimEnd().split("\n");
  return { log: lines(calls), settings: readFileSync(written, "utf8").split("\n") };
}

describe("Kolla-Ansible's overrides", () => {
  it("leave nothing for the doctor to say, but what no file says", () => {
    const etc = join(scratch, "kolla-etc");
    const places = {
      nova: "nova.conf",
      cinder: "cinder.conf",
      glance: "glance-api.conf",
      neutron: "neutron.conf",
      keystone: "keystone.conf",
      heat: "heat.conf",
    };
    for (const [service, file] of Object.entries(places)) {
      mkdirSync(join(etc, service), { recursive: true });
      copyFileSync(join(ROOT, "deploy/kolla/config", file), join(etc, service, file));
    }

    const { stdout, status } = spawnSync(
      process.execPath,
      [join(ROOT, "services/raingauge/src/main.ts"), "doctor", "--etc", etc, "--json"],
      {
        encoding: "utf8",
        env: { RAINGAUGE_DATA: join(scratch, "none") },
      },
    );
    const { findings } = JSON.parse(stdout) as { findings: { part: string; verdict: string; says: string }[] };

    expect(findings.filter(({ verdict }) => verdict !== "skipped" && verdict !== "well")).toEqual([]);
    expect(new Set(findings.filter(({ verdict }) => verdict === "well").map(({ part }) => part))).toEqual(
      new Set(Object.keys(places)),
    );
    expect(status).toBe(0);
  });
});

describe.skipIf(!has("ansible-playbook"))(`a playbook${without("ansible-playbook")}`, () => {
  it("over OpenStack-Ansible's groups is one that Ansible understands", () => {
    const { status, stderr } = spawnSync(
      "ansible-playbook",
      ["--syntax-check", "--inventory", "localhost,", "raingauge.yml"],
      {
        cwd: join(ROOT, "deploy/openstack-ansible"),
        encoding: "utf8",
        env: { ...process.env, ANSIBLE_ROLES_PATH: "roles", HOME: scratch },
      },
    );

    expect([status, stderr.replaceAll(/\[WARNING\].*\n?/g, "").trim()]).toEqual([0, ""]);
  });
});

describe.skipIf(!has("docker-compose"))(`a Compose file${without("docker-compose")}`, () => {
  it.each([[["compose.yaml"]], [["one-machine.yaml"]], [["compose.yaml", "clickhouse.yaml"]]])(
    "%j is what Compose takes for one",
    (files) => {
      const folder = join(scratch, files.join("-"));
      mkdirSync(join(folder, "secrets"), { recursive: true });
      for (const file of files) {
        const text = readFileSync(join(ROOT, "deploy/compose", file), "utf8");
        const { secrets = {} } = parseYaml(text, { merge: true }) as { secrets?: Record<string, { file: string }> };
        for (const { file: secret } of Object.values(secrets)) writeFileSync(join(folder, secret), "");
        // The first generation of Compose, which Debian has, knows no name in the file.
        writeFileSync(join(folder, file), text.replace(/^name: .*\n/m, ""));
      }
      const args = [...files.flatMap((file) => ["--file", file]), "config", "--quiet"];

      const { status, stderr } = spawnSync("docker-compose", args, { cwd: folder, encoding: "utf8" });

      expect([status, stderr]).toEqual([0, ""]);
    },
  );
});

it("every folder of deploy/ ends its page with how to see that it works", () => {
  for (const folder of [
    "canonical",
    "compose",
    "debian",
    "devstack",
    "image",
    "kolla",
    "kubernetes",
    "openstack-ansible",
    "redhat",
    "systemd",
  ]) {
    const page = join(ROOT, "deploy", folder, "README.md");
    expect(existsSync(page) && readFileSync(page, "utf8").includes("**To see that it works**"), folder).toBe(true);
  }
});
