import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { memoryBus } from "@raingauge/bus/memory";
import { at, instant } from "@raingauge/domain";
import { memoryLedger } from "@raingauge/ledger/memory";
import { raterMetrics, server } from "@raingauge/rater";
import { silentLog } from "@raingauge/runtime";
import { memoryStore } from "@raingauge/store/memory";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asked, type Door } from "../client.ts";
import { edge, importCloudKitty } from "./cloudkitty.ts";
import { type ProgressFile, progressFile } from "./progress-file.ts";

const SERVICE = "142381d5-2706-4ab4-81a9-5bc5b92986de";
const FIELD = "9cfee2e2-bfa6-438b-95fa-32cc03b7c7b2";
const MAPPING = "40426696-ecbf-43c0-8909-122222484ba9";

/** What a real CloudKitty answered, as far as an import asks; its costs have the float noise of SQLite. */
const RULES: Readonly<Record<string, unknown>> = {
  "/v1/rating/module_config/hashmap/services": { services: [{ service_id: SERVICE, name: "instance" }] },
  [`/v1/rating/module_config/hashmap/fields?service_id=${SERVICE}`]: {
    fields: [{ field_id: FIELD, name: "flavor_name", service_id: SERVICE }],
  },
  "/v1/rating/module_config/hashmap/groups": {
    groups: [{ group_id: "9371c6ff-88d6-426e-8390-fd8aeef43542", name: "g1" }],
  },
  [`/v1/rating/module_config/hashmap/mappings?service_id=${SERVICE}`]: { mappings: [] },
  [`/v1/rating/module_config/hashmap/mappings?field_id=${FIELD}`]: {
    mappings: [
      {
        mapping_id: MAPPING,
        value: "m1.small",
        type: "flat",
        cost: "0.2999999999999999888977697537",
        service_id: null,
        field_id: FIELD,
        group_id: null,
        tenant_id: null,
        created_at: "2026-11-23T00:27:08.975518",
        start: "2026-02-23T00:27:08.975518",
        end: null,
        name: "7ff24137932d4ce7bea24dc1bee960bc",
        description: null,
        deleted: null,
        created_by: "unknown",
        updated_by: null,
        deleted_by: null,
      },
      {
        mapping_id: "b52795dd-881a-4a25-bfc6-e9ccd649539b",
        value: "m1.tiny",
        type: "flat",
        cost: "0.1",
        service_id: null,
        field_id: "of-nothing",
        group_id: null,
        tenant_id: null,
      },
    ],
  },
  [`/v1/rating/module_config/hashmap/thresholds?service_id=${SERVICE}`]: {
    thresholds: [
      {
        threshold_id: "46d38cc3-b676-4ba5-884c-04f4cd105105",
        level: "5.00000000",
        type: "rate",
        cost: "0.9000000000000000222044604925",
        service_id: SERVICE,
        field_id: null,
        group_id: null,
        tenant_id: null,
      },
    ],
  },
  [`/v1/rating/module_config/hashmap/thresholds?field_id=${FIELD}`]: { thresholds: [] },
  "/v1/rating/module_config/pyscripts/scripts?no_data=true": { scripts: [{ script_id: "s", name: "discounts" }] },
};

const point = (project: string, id: string) => ({
  vol: { unit: "instance", qty: 1.0 },
  rating: { price: 0.1 },
  groupby: { project_id: project, id, user_id: "u1" },
  metadata: { flavor_name: "m1.small" },
});

/** Hours of two days, three points in each; summed as CloudKitty's store would, in floats. */
const hours = Array.from({ length: 48 }, (_, hour) => ({
  begin: instant("2026-03-01T00:00:00Z") + hour * 3_600_000,
  points: [point("acme", "vm-1"), point("acme", "vm-2"), point("globex", "vm-3")],
}));

interface Said {
  server: Server;
  url: string;
  asked: string[];
  broken: boolean;
}

/** A small CloudKitty: its rules as they were recorded, its data frames page by page, its 404 where there is none. */
async function cloudkitty(lies = 0): Promise<Said> {
  const said: Said = { server: createServer(), url: "", asked: [], broken: false };
  said.server.on("request", (request, response) => {
    const path = request.url ?? "";
    said.asked.push(path);
    const send = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (request.headers["x-auth-token"] !== "theirs") return send(401, {});
    const url = new URL(path, "http://x");
    const [begin, end] = ["begin", "end"].map((name) => Date.parse(url.searchParams.get(name) ?? "")) as [
      number,
      number,
    ];
    const inside = hours.filter((hour) => hour.begin >= begin && hour.begin < end);
    if (url.pathname === "/v2/dataframes") {
      if (said.broken && begin > instant("2026-03-01T00:00:00Z")) return send(401, {});
      const all = inside.flatMap((hour) => hour.points.map((each) => ({ hour, each })));
      const page = all.slice(
        Number(url.searchParams.get("offset")),
        Number(url.searchParams.get("offset")) + Number(url.searchParams.get("limit")),
      );
      if (all.length === 0) return send(404, { message: "No resource found for provided filters." });
      const period = (hour: number) => ({
        begin: new Date(hour).toISOString().replace(".000Z", "+00:00"),
        end: new Date(hour + 3_600_000).toISOString().replace(".000Z", "+00:00"),
      });
      return send(200, {
        total: all.length,
        dataframes: page.map(({ hour, each }) => ({ period: period(hour.begin), usage: { instance: [each] } })),
      });
    }
    if (url.pathname === "/v2/summary") {
      const rates = { acme: 0, globex: lies };
      for (const { points } of inside)
        for (const each of points) rates[each.groupby.project_id as "acme"] += each.rating.price;
      return send(200, {
        total: 2,
        results: Object.entries(rates).map(([project_id, rate]) => ({ project_id, type: "instance", qty: 0, rate })),
      });
    }
    return RULES[path] === undefined ? send(404, {}) : send(200, RULES[path]);
  });
  await new Promise<void>((resolve) => said.server.listen(0, "127.0.0.1", resolve));
  said.url = `http://127.0.0.1:${(said.server.address() as AddressInfo).port}`;
  return said;
}

async function raingauge(): Promise<{ door: Door; close: () => Promise<void> }> {
  const clock = () => at(instant("2026-04-02T00:00:00Z"));
  const [store, ledger] = [memoryStore({ clock }), memoryLedger({ clock })];
  const app = await server({
    store,
    ledger,
    bus: memoryBus(),
    calendar: { zone: "UTC", clock },
    book: "standard",
    log: silentLog,
    metrics: raterMetrics(),
    ready: {},
  });
  const token = await ledger.grant({ name: "root", role: "admin", projects: [] });
  return { door: { url: await app.listen({ host: "127.0.0.1", port: 0 }), token }, close: () => app.close() };
}

describe("importing a CloudKitty", () => {
  let theirs: Said;
  let ours: Awaited<ReturnType<typeof raingauge>>;
  const span = { begin: edge("2026-03-01"), end: edge("2026-03-03") };
  const wanted = (more: object = {}, progress: ProgressFile = progressFile(undefined, "")) => ({
    source: { url: theirs.url, token: "theirs" },
    door: ours.door,
    span,
    dryRun: false,
    progress,
    tell: () => {},
    ...more,
  });
  const total = async () =>
    (
      (await asked<{ results: number[][] }>(ours.door, "/rating/v2/summary?begin=2026-03-01&end=2026-04-01"))
        .results[0] ?? []
    ).slice(2);

  beforeAll(async () => {
    theirs = await cloudkitty();
    ours = await raingauge();
  });
  afterAll(async () => {
    theirs.server.close();
    await ours.close();
  });

  it("only says what it would do, when it is asked to", async () => {
    const report = await importCloudKitty(wanted({ dryRun: true }));

    expect(report).toMatchObject({
      dryRun: true,
      rules: { added: { service: 1, field: 1, group: 1, mapping: 1, threshold: 1 }, known: 0 },
      scripts: ["discounts"],
      days: 2,
      points: 144,
    });
    expect(await total()).toEqual([]);
    expect(await asked(ours.door, "/rating/v1/rating/module_config/hashmap/services")).toEqual({ services: [] });
  });

  it("stops where the token ends, and goes on from there", async () => {
    const kept = progressFile(undefined, theirs.url);
    theirs.broken = true;
    await expect(importCloudKitty(wanted({}, kept))).rejects.toThrow(/401.*go on with the same command/);
    theirs.broken = false;
    theirs.asked = [];

    const report = await importCloudKitty(wanted({}, kept));

    expect(report).toMatchObject({ days: 1, points: 72, differences: [], handover: "2026-03-03T00:00:00Z" });
    expect(theirs.asked.filter((path) => path.includes("begin=2026-03-01T00:00:00Z&end=2026-03-02"))).toEqual([]);
  });

  it("takes over rules under their own ids and dates, and says which cannot be", async () => {
    const { rules } = await importCloudKitty(wanted());

    expect(rules).toMatchObject({ added: {}, known: 5, refused: [expect.stringContaining("b52795dd")] });
    expect(await asked(ours.door, `/rating/v1/rating/module_config/hashmap/mappings/${MAPPING}`)).toMatchObject({
      start: "2026-02-23T00:27:08.975000",
      field_id: FIELD,
      cost: "0.2999999999999999888977697537",
    });
  });

  it("ends with equal summaries, however often it is done", async () => {
    const report = await importCloudKitty(wanted());

    expect(report.differences).toEqual([]);
    expect(await total()).toEqual([144, 14.4]);
  });

  it("names what differs", async () => {
    const liar = await cloudkitty(0.01);

    const report = await importCloudKitty(wanted({ source: { url: liar.url, token: "theirs" } }));
    liar.server.close();

    expect(report.differences).toMatchObject([{ project: "globex", type: "instance", ours: "4.8" }]);
  });
});
