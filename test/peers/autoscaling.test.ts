import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

/**
 * The example stack, as Debian's Heat reads it, and its scaling policy's own code, given what Alertmanager sends. Run by hand:
 * RAINGAUGE_PEERS=1 npx vitest run test/peers/autoscaling.test.ts
 */
const lacks = [
  ...(existsSync("/usr/lib/python3/dist-packages/heat") ? [] : ["python3-heat"]),
  ...(existsSync("/usr/bin/amtool") ? [] : ["prometheus-alertmanager"]),
];
const reason =
  process.env["RAINGAUGE_PEERS"] === undefined
    ? "run by hand, with RAINGAUGE_PEERS=1"
    : lacks.length > 0
      ? `apt-get install ${lacks.join(" ")}`
      : undefined;

const EXAMPLE = join(import.meta.dirname, "../../docs/examples/autoscaling");

/** A webhook of version 4, as Alertmanager posts it. */
const SIGNAL = {
  version: "4",
  groupKey: '{}/{scaling="up"}:{alertname="WebBusy"}',
  status: "firing",
  receiver: "one-more",
  groupLabels: { alertname: "WebBusy" },
  commonLabels: { alertname: "WebBusy", scaling: "up" },
  commonAnnotations: {},
  externalURL: "http://alertmanager.example:9093",
  alerts: [{ status: "firing", labels: { alertname: "WebBusy", scaling: "up" }, annotations: {} }],
};

describe.skipIf(reason !== undefined)(
  `the autoscaling example${reason === undefined ? "" : ` (skipped: ${reason})`}`,
  { timeout: 180_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), "raingauge-heat-"));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    /** What Heat finds wrong. */
    const complaints = (template: string): string => {
      writeFileSync(join(folder, "stack.yaml"), template);
      writeFileSync(join(folder, "signal.json"), JSON.stringify(SIGNAL));
      const script = join(import.meta.dirname, "heat-template.py");
      const { status, stdout, stderr } = spawnSync(
        "/usr/bin/python3",
        [script, join(folder, "stack.yaml"), join(folder, "signal.json")],
        { encoding: "utf8" },
      );
      expect(status, stderr).toBe(0);
      return stdout;
    };
    const template = readFileSync(join(EXAMPLE, "stack.yaml"), "utf8");

    it("is a template that Heat takes, and one machine more is what a signal from Alertmanager comes to", () => {
      expect(complaints(template)).toBe("");
    });

    it("would be found out, were it wrong", () => {
      expect(complaints(template.replace("max_size: 5", "max_sizes: 5"))).toContain("has no property max_sizes");
      expect(complaints(template.replace("alarm_url", "alarm_uri"))).toContain("has no attribute alarm_uri");
    });

    it("is delivered by an Alertmanager that takes its configuration, and does not tell of what is over", () => {
      const file = join(EXAMPLE, "alertmanager.yml");

      expect(spawnSync("/usr/bin/amtool", ["check-config", file]).status).toBe(0);
      expect(readFileSync(file, "utf8").match(/send_resolved: false/g)).toHaveLength(2);
    });
  },
);
