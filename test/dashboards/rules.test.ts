import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ALERT_GROUPS, ruleFile, testFile } from "@raingauge/dashboards";
import { describeWith, promtoolExecutable } from "@raingauge/harness";
import { afterAll, expect, it } from "vitest";

const groups = ALERT_GROUPS.flatMap((group) => group.alerts.map((alert) => ({ name: alert.name, group, alert })));

await describeWith("prometheus", "alerting rules, as promtool reads and tries them", () => {
  const folder = mkdtempSync(join(tmpdir(), "raingauge-rules-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const promtool = (...args: readonly string[]): { readonly code: number | null; readonly said: string } => {
    const { status, stdout, stderr } = spawnSync(promtoolExecutable() ?? "promtool", args, {
      cwd: folder,
      encoding: "utf8",
    });
    return { code: status, said: stdout + stderr };
  };

  it("are a rule file without a fault", () => {
    const file = join(folder, "all.yml");
    writeFileSync(file, ruleFile(ALERT_GROUPS, ""));

    expect(promtool("check", "rules", "--lint=all", "--lint-fatal", file)).toMatchObject({ code: 0 });
  });

  // Each with its own rule alone: promtool evaluates all that it is given, at every step.
  it.each(groups)(
    "$name keeps quiet just below its threshold, waits, fires above it, and ends",
    ({ name, group, alert }) => {
      const alone = { ...group, alerts: [alert] };
      writeFileSync(join(folder, `${name}.yml`), ruleFile([alone], ""));
      writeFileSync(join(folder, `${name}.test.yml`), testFile(alone, "", `${name}.yml`));

      const { code, said } = promtool("test", "rules", `${name}.test.yml`);

      expect(code, said).toBe(0);
    },
  );
});
