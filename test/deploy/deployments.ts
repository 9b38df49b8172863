import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAllDocuments, parse as parseYaml } from "yaml";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const DEPLOY = join(ROOT, "deploy");

/** One of our processes as a deployment file starts it. */
export interface Deployed {
  /** The file, and the service in it. */
  readonly name: string;
  /** What follows the image's entry point: a process or a command. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export const deployed = (): readonly Deployed[] => [...composed(), ...clustered(), ...units(), ...pods()];

function composed(): Deployed[] {
  return ["compose/compose.yaml", "compose/one-machine.yaml"].flatMap((file) => {
    const { services } = parseYaml(read(file), { merge: true }) as { services: Record<string, ComposeService> };
    return Object.entries(services)
      .filter(([, { image }]) => image === "raingauge")
      .map(([name, { command, environment = {} }]) => ({ name: `${file} ${name}`, args: command, env: environment }));
  });
}

/** What the file over compose.yaml says otherwise. */
function clustered(): Deployed[] {
  const over = "compose/clickhouse.yaml";
  const [below, above] = ["compose/compose.yaml", over].map(
    (file) => (parseYaml(read(file), { merge: true }) as { services: Record<string, ComposeService> }).services,
  );
  return ["listener", "poller-central", "collector", "collector-2", "rater", "rater-2"].map((name) => {
    const base = below?.[name] ?? above?.[name];
    const env = { ...base?.environment, ...above?.[name]?.environment };
    return { name: `${over} ${name}`, args: base?.command ?? [], env };
  });
}

interface ComposeService {
  readonly image: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** `%d` is the folder of a unit's credentials. */
function units(): Deployed[] {
  return readdirSync(join(DEPLOY, "systemd"))
    .filter((file) => file.endsWith(".service"))
    .map((file) => {
      const lines = read(`systemd/${file}`).split("\n");
      const all = (key: string): string[] =>
        lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));
      const [, process = "", ...args] =
        /services\/(\w+)\/src\/main\.ts(?: (\w+))?$/.exec(all("ExecStart")[0] ?? "") ?? [];
      const words = all("Environment").flatMap((line) =>
        line.startsWith('"') ? [line.slice(1, -1)] : line.split(" "),
      );
      const entries = words.map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]);
      return {
        name: `systemd/${file}`,
        args: process === "raingauge" ? args : [process],
        env: Object.fromEntries(entries) as Record<string, string>,
      };
    });
}

function pods(): Deployed[] {
  return PODS.flatMap((file) =>
    parseAllDocuments(read(`kubernetes/${file}`))
      .map((document) => document.toJS() as KubernetesObject)
      .filter(({ spec }) => spec.template !== undefined)
      .flatMap(({ metadata, spec }) =>
        (spec.template?.spec.containers ?? []).map(({ args, env, envFrom = [] }) => ({
          name: `kubernetes/${file} ${metadata.name}`,
          args,
          env: {
            ...(envFrom.length > 0 ? shared() : {}),
            ...Object.fromEntries(env.map(({ name, value }) => [name, value ?? "a-node"])),
          },
        })),
      ),
  );
}

const PODS = [
  "agents/poller.yaml",
  "base/raingauge.yaml",
  ...["listener", "sweeper", "collector", "rater"].map((name) => `scaled/${name}.yaml`),
];

/** What collectors and raters of the scaled shape are told alike. */
const shared = (): Record<string, string> =>
  (parseYaml(read("kubernetes/scaled/settings.yaml")) as { data: Record<string, string> }).data;

interface KubernetesObject {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly template?: { readonly spec: { readonly containers: readonly Container[] } } };
}

interface Container {
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly envFrom?: readonly unknown[];
}

const read = (file: string): string => readFileSync(join(DEPLOY, file), "utf8");
