import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse as parseYaml, stringify } from "yaml";
import { ROOT } from "./deployments.ts";

const RULES = join(ROOT, "deploy/kubernetes/monitoring/rules.yaml");

/** Made by UPDATE=1 npx vitest run test/deploy/kubernetes.test.ts */
it("the Prometheus operator is given the alerting rules as they are shipped", () => {
  const { groups } = parseYaml(readFileSync(join(ROOT, "dashboards/alerts/raingauge.rules.yml"), "utf8"));
  const rule = {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name: "raingauge" },
    spec: { groups },
  };

  if (process.env["UPDATE"] !== undefined)
    writeFileSync(
      RULES,
      `# Made from dashboards/alerts/raingauge.rules.yml; a test holds it against that.\n${stringify(rule, { lineWidth: 0 })}`,
    );

  expect(parseYaml(readFileSync(RULES, "utf8"))).toEqual(rule);
});
