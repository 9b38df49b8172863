import { execFile } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Installed } from "../journeys/command.ts";
import { keystoneLacks } from "./keystone.ts";
import { type RatingService, ratingService } from "./rating-service.ts";

/**
 * The official clients, from Debian, against us, with a real Keystone between. Each command is a Python that starts, so this
 * takes minutes and is run by hand: RAINGAUGE_PEERS=1 npx vitest run test/peers/cloudkitty-client.test.ts
 */
const lacks = [
  ...keystoneLacks(),
  ...(existsSync("/usr/bin/openstack") ? [] : ["python3-openstackclient"]),
  ...(existsSync("/usr/lib/python3/dist-packages/cloudkittyclient") ? [] : ["python3-cloudkittyclient"]),
];
const reason =
  process.env["RAINGAUGE_PEERS"] === undefined
    ? "run by hand, with RAINGAUGE_PEERS=1"
    : lacks.length > 0
      ? `apt-get install ${lacks.join(" ")}`
      : undefined;

describe.skipIf(reason !== undefined)(
  `the official CloudKitty client${reason === undefined ? "" : ` (skipped: ${reason})`}`,
  { timeout: 900_000 },
  () => {
    let service: RatingService;
    let installed: Installed;
    let scratch: string;
    let env: Readonly<Record<string, string>>;
    let byPassword: Readonly<Record<string, string>>;
    let endpoint: string;

    beforeAll(async () => {
      service = await ratingService();
      ({ installed, endpoint, scratch, env } = service);
      byPassword = env;
    }, 300_000);

    afterAll(() => service?.[Symbol.asyncDispose]());

    const openstack = async (...args: readonly string[]): Promise<string> =>
      (await promisify(execFile)("/usr/bin/openstack", [...args], { env })).stdout;
    const ask = async (...args: readonly string[]): Promise<Record<string, string>[]> =>
      JSON.parse(await openstack(...args, "-f", "json")) as Record<string, string>[];
    /** Both versions of the API, as OpenStack's own command asks them. */
    const v1 = (...args: readonly string[]) => ask("--rating-api-version", "1", "rating", ...args);
    const v2 = (...args: readonly string[]) => ask("--rating-api-version", "2", "rating", ...args);
    const quiet = (...args: readonly string[]) => openstack("rating", ...args);
    const idOf = ([row]: readonly Record<string, string>[], name: string): string => row?.[name] ?? "";

    it("switches modules on and off, and asks once for each change", async () => {
      expect(await v1("module", "list")).toHaveLength(3);
      await v1("module", "get", "hashmap");
      expect(await v1("module", "enable", "hashmap")).toMatchObject([{ Enabled: true }]);
      expect(await v1("module", "set", "priority", "hashmap", "7")).toMatchObject([{ Priority: 7 }]);
      expect(await v1("module", "disable", "hashmap")).toMatchObject([{ Enabled: false }]);
      expect(await v2("module", "set", "priority", "hashmap", "4")).toMatchObject([{ Priority: 4 }]);
      expect(await v2("module", "list")).toHaveLength(3);
      expect(await v2("module", "get", "hashmap")).toMatchObject([{ Priority: 4 }]);

      const puts = installed.said.split("\n").filter((line) => line.includes('"method":"PUT"'));
      expect(puts).toHaveLength(4);
    });

    it("reads what is rated", async () => {
      await quiet("info", "config", "get");
      expect(await v1("info", "metric", "list")).toHaveLength(7);
      await v1("info", "metric", "get", "instance");
      await v1("hashmap", "mapping-types", "list");
    });

    it("finds us in the catalog; then each command brings its token with it, which spares Keystone", async () => {
      const token = (await openstack("token", "issue", "-f", "value", "-c", "id")).trim();
      const { OS_USERNAME: _user, OS_PASSWORD: _password, OS_AUTH_URL: _url, ...rest } = byPassword;
      expect(await v1("info", "metric", "list")).toHaveLength(7);
      env = {
        PATH: rest["PATH"] ?? "",
        HOME: scratch,
        OS_AUTH_TYPE: "admin_token",
        OS_TOKEN: token,
        OS_ENDPOINT: endpoint,
      };
      expect(await v1("info", "metric", "list")).toHaveLength(7);
    });

    it("makes, lists, changes and deletes hashmap rules", async () => {
      const service = idOf(await v1("hashmap", "service", "create", "instance"), "Service ID");
      await v1("hashmap", "service", "list");
      await v1("hashmap", "service", "get", service);
      const field = idOf(await v1("hashmap", "field", "create", service, "flavor_name"), "Field ID");
      await v1("hashmap", "field", "list", service);
      await v1("hashmap", "field", "get", field);
      const group = idOf(await v1("hashmap", "group", "create", "uptime"), "Group ID");
      await v1("hashmap", "group", "list");
      const mapping = idOf(
        await v1("hashmap", "mapping", "create", "0.25", "--field-id", field, "--value", "m1.small", "-g", group),
        "Mapping ID",
      );
      expect(await v1("hashmap", "mapping", "list", "--field-id", field)).toHaveLength(1);
      await v1("hashmap", "mapping", "list", "--field-id", field, "--filter-tenant", "-p", "someproj");
      await v1("hashmap", "mapping", "get", mapping);
      // What CloudKitty itself refuses, because its client sends the whole mapping back.
      await v1("hashmap", "mapping", "update", mapping, "--cost", "0.25");
      const threshold = idOf(
        await v1("hashmap", "threshold", "create", "100", "0.5", "-s", service, "-g", group),
        "Threshold ID",
      );
      await v1("hashmap", "threshold", "list", "-s", service);
      await v1("hashmap", "threshold", "get", threshold);
      expect(await v1("hashmap", "threshold", "update", threshold, "--cost", "0.7")).toMatchObject([{ Cost: "0.7" }]);
      expect(await v1("hashmap", "group", "mappings", "get", group)).toHaveLength(1);
      expect(await v1("hashmap", "group", "thresholds", "get", group)).toHaveLength(1);
      await quiet("hashmap", "threshold", "delete", threshold);
      await quiet("hashmap", "mapping", "delete", mapping);
      await quiet("hashmap", "group", "delete", group, "--recursive");
      await quiet("hashmap", "field", "delete", field);
      await quiet("hashmap", "service", "delete", service);
      expect(await v1("hashmap", "service", "list")).toEqual([]);
    });

    it("keeps scripts and collector mappings", async () => {
      const file = join(scratch, "script.py");
      writeFileSync(file, "pass\n");
      const script = idOf(await v1("pyscript", "create", "always", file), "Script ID");
      await v1("pyscript", "list");
      await v1("pyscript", "get", script);
      await v1("pyscript", "update", script);
      await quiet("pyscript", "delete", script);
      await v1("collector-mapping", "create", "compute", "gnocchi");
      await v1("collector-mapping", "list");
      await v1("collector-mapping", "get", "compute");
      await quiet("collector-mapping", "delete", "compute");
      await v1("collector", "state", "get", "gnocchi");
      await v1("collector", "enable", "gnocchi");
      await v1("collector", "disable", "gnocchi");
    });

    it("adds and reads data points, summaries and totals", async () => {
      const file = join(scratch, "frames.json");
      const point = (id: string, price: number) => ({
        vol: { unit: "instance", qty: 1 },
        rating: { price },
        groupby: { project_id: "p", id },
        metadata: { flavor_name: "m1.small" },
      });
      writeFileSync(
        file,
        JSON.stringify({
          dataframes: [
            {
              period: { begin: "2026-03-01T00:00:00Z", end: "2026-03-01T01:00:00Z" },
              usage: { instance: [point("a", 0.5), point("b", 0.25)] },
            },
          ],
        }),
      );
      await openstack("--rating-api-version", "2", "rating", "dataframes", "add", file);
      const range = ["-b", "2026-03-01T00:00:00", "-e", "2026-03-02T00:00:00"];

      expect(
        await v2("summary", "get", ...range, "-g", "project_id", "-g", "type", "--filter", "type:instance"),
      ).toMatchObject([{ Rate: 0.75 }]);
      await v2("dataframes", "get", ...range, "--filter", "type:instance");
      expect(await v1("report", "tenant", "list")).not.toEqual([]);
      expect(await v1("summary", "get", ...range, "-a", "-g", "res_type", "tenant_id")).toMatchObject([
        { Rate: "0.75" },
      ]);
      expect(await v1("total", "get", ...range, "-a")).toMatchObject({ Total: 0.75 });
      await v1("dataframes", "get", ...range, "-p", "p");
    });

    it("reads and resets scopes, and has them reprocessed", async () => {
      expect(await v2("scope", "state", "get")).toMatchObject([{ "Scope ID": "p" }]);
      await openstack(
        "--rating-api-version",
        "2",
        "rating",
        "scope",
        "state",
        "reset",
        "2026-03-01T01:00:00",
        "--all-scopes",
      );
      await openstack(
        "--rating-api-version",
        "2",
        "rating",
        "scope",
        "state",
        "reset",
        "2026-03-01T01:00:00",
        "--scope-id",
        "p",
      );
      const tasks = [
        "--start-reprocess-time",
        "2026-03-01T00:00:00",
        "--end-reprocess-time",
        "2026-03-01T01:00:00",
        "--reason",
        "late",
      ];
      await openstack(
        "--rating-api-version",
        "2",
        "rating",
        "tasks",
        "reprocessing",
        "create",
        "--scope-id",
        "p",
        ...tasks,
      );
      expect(await v2("tasks", "reprocessing", "get")).toMatchObject([{ Reason: "late" }]);
    });

    it("is refused without the role, and shown nothing foreign", async () => {
      env = { ...byPassword, OS_USERNAME: "olga", OS_PROJECT_NAME: "other" };

      // Her token is new to us, and the small Keystone may be busy.
      await vi.waitFor(() => v1("info", "metric", "list"), { timeout: 120_000, interval: 1_000 });

      await expect(v1("hashmap", "service", "list")).rejects.toThrow(/403/);
      expect(await v2("summary", "get", "-b", "2026-03-01T00:00:00", "-e", "2026-03-02T00:00:00")).toEqual([]);
    });
  },
);
