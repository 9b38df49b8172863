import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PodMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor";
import { PrometheusRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule";
import { ServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import { DaemonSet } from "kubernetes-models/apps/v1/DaemonSet";
import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { StatefulSet } from "kubernetes-models/apps/v1/StatefulSet";
import { NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import { ConfigMap } from "kubernetes-models/v1/ConfigMap";
import { Namespace } from "kubernetes-models/v1/Namespace";
import { Service } from "kubernetes-models/v1/Service";
import { describe, expect, it } from "vitest";
import { parseAllDocuments, parse as parseYaml, stringify } from "yaml";
import { ROOT } from "./deployments.ts";

const FOLDER = join(ROOT, "deploy/kubernetes");
const RULES = join(FOLDER, "monitoring/rules.yaml");

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

interface Written {
  readonly file: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: {
    readonly replicas?: number;
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly template?: { readonly metadata: { readonly labels: Readonly<Record<string, string>> } };
  };
}

/** Every object of every shape; values and lists of kustomize's own are no objects. */
const OBJECTS: readonly Written[] = ["agents", "base", "scaled", "monitoring"].flatMap((folder) =>
  readdirSync(join(FOLDER, folder))
    .filter((file) => file.endsWith(".yaml") && file !== "kustomization.yaml" && file !== "price-book.yaml")
    .flatMap((file) =>
      parseAllDocuments(readFileSync(join(FOLDER, folder, file), "utf8")).map((document) => ({
        ...(document.toJS() as Omit<Written, "file">),
        file: `${folder}/${file}`,
      })),
    ),
);

/** Kubernetes' and the Prometheus operator's own schemas, each by its kind. */
const KINDS: Readonly<Record<string, new (object: never) => { validate(): void }>> = {
  ConfigMap,
  DaemonSet,
  Deployment,
  Namespace,
  NetworkPolicy,
  PodDisruptionBudget,
  PodMonitor,
  PrometheusRule,
  Service,
  ServiceMonitor,
  StatefulSet,
};

const validated = ({ file: _, ...object }: Written): void => {
  const Kind = KINDS[object.kind];
  if (Kind === undefined) throw new RangeError(`no schema for ${object.kind}`);
  new Kind(object as never).validate();
};

describe("an object for Kubernetes", () => {
  it.each(OBJECTS)("is as its schema has it: $file $kind $metadata.name", (object) => {
    validated(object);
  });

  it("that is not is told", () => {
    const [object] = OBJECTS.filter(({ kind }) => kind === "Deployment");
    if (object === undefined) throw new RangeError("there is no Deployment");

    expect(() => validated({ ...object, spec: { ...object.spec, replicas: "two" as never } })).toThrow(/replicas/);
  });

  it("is in the list of its folder", () => {
    for (const folder of ["agents", "base", "scaled", "monitoring"]) {
      const { resources } = parseYaml(readFileSync(join(FOLDER, folder, "kustomization.yaml"), "utf8")) as {
        resources: readonly string[];
      };
      const files = OBJECTS.filter(({ file }) => file.startsWith(`${folder}/`)).map(({ file }) => file.split("/")[1]);

      expect(new Set(resources.filter((name) => name.endsWith(".yaml"))), folder).toEqual(new Set(files));
    }
  });

  it("of the scaled shape that there are several of has a budget for what a drain may take away", () => {
    const scaled = OBJECTS.filter(({ file }) => file.startsWith("scaled/"));
    const several = scaled.filter(({ spec }) => spec?.template !== undefined && (spec.replicas ?? 1) > 1);
    const budgets = scaled.filter(({ kind }) => kind === "PodDisruptionBudget");

    const nameOf = (labels: Readonly<Record<string, string>> | undefined) => labels?.["app.kubernetes.io/name"];
    expect(new Set(budgets.map(({ spec }) => nameOf(spec?.selector?.matchLabels)))).toEqual(
      new Set(several.map(({ spec }) => nameOf(spec?.template?.metadata.labels))),
    );
  });
});

it("Grafana's sidecar is given every board, in its folder", () => {
  const { configMapGenerator } = parseYaml(readFileSync(join(ROOT, "dashboards/kustomization.yaml"), "utf8")) as {
    configMapGenerator: readonly { readonly name: string; readonly files: readonly string[] }[];
  };
  const boards = readdirSync(join(ROOT, "dashboards/grafana"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".json"))
    .map((file) => `grafana/${file}`);

  expect(configMapGenerator.flatMap(({ files }) => files).toSorted()).toEqual(boards.toSorted());
  for (const { name, files } of configMapGenerator)
    expect(new Set(files.map((file) => `raingauge-boards-${file.split("/")[1]}`))).toEqual(new Set([name]));
});
