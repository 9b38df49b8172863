import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWith, promtoolExecutable } from "@raingauge/harness";
import { afterAll, expect, it } from "vitest";

const RULES = join(import.meta.dirname, "../../docs/examples/autoscaling/rules.yml");

await describeWith("prometheus", "the autoscaling example's rules", () => {
  const folder = mkdtempSync(join(tmpdir(), "raingauge-autoscaling-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    { name: "one more above four fifths", busy: 0.82, after: "WebBusy", scaling: "up" },
    { name: "one less below a fifth", busy: 0.18, after: "WebIdle", scaling: "down" },
  ])("ask for $name, and for nothing in between", ({ busy, after, scaling }) => {
    copyFileSync(RULES, join(folder, "rules.yml"));
    const summary = new RegExp(`alert: ${after}[^]*?summary: "([^"]+)"`).exec(readFileSync(RULES, "utf8"))?.[1];
    // Two processors, read each five minutes: half used for two hours, then as much as is tried.
    const calm = 0.5 * 2 * 300e9;
    const tried = busy * 2 * 300e9;
    writeFileSync(
      join(folder, `${after}.yml`),
      JSON.stringify({
        rule_files: ["rules.yml"],
        evaluation_interval: "1m",
        tests: [
          {
            interval: "5m",
            input_series: [
              {
                series: 'ceilometer_cpu{project="PROJECT",resource="web-1",region="RegionOne",unit="ns"}',
                values: `0+${calm}x24 ${24 * calm + tried}+${tried}x23`,
              },
              {
                series: 'ceilometer_vcpus{project="PROJECT",resource="web-1",state="active"}',
                values: "2+0x48",
              },
            ],
            alert_rule_test: [
              { eval_time: "2h", alertname: "WebBusy", exp_alerts: [] },
              { eval_time: "2h", alertname: "WebIdle", exp_alerts: [] },
              {
                eval_time: "4h",
                alertname: after,
                exp_alerts: [{ exp_labels: { scaling }, exp_annotations: { summary } }],
              },
            ],
          },
        ],
      }),
    );

    const { status, stdout, stderr } = spawnSync(promtoolExecutable() ?? "", ["test", "rules", `${after}.yml`], {
      cwd: folder,
      encoding: "utf8",
    });

    expect(status, stdout + stderr).toBe(0);
  });
});
