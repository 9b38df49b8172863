import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { EVERYTHING, HOUR_MS, instant } from "@raingauge/domain";
import { memoryStore } from "@raingauge/store/memory";
import { decodeBatch, type Packet } from "@raingauge/wire";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { edge } from "./cloudkitty.ts";
import { importGnocchi } from "./gnocchi.ts";
import { finest, type Measure } from "./gnocchi-resource.ts";
import { type ProgressFile, progressFile } from "./progress-file.ts";
import { sourceOf } from "./source.ts";

const HOURLY = (from: string, values: readonly number[]): Measure[] =>
  values.map((value, hour) => [
    new Date(Date.parse(from) + hour * HOUR_MS).toISOString().replace(".000Z", "+00:00"),
    3_600,
    value,
  ]);

const machine = {
  id: "vm-1",
  original_resource_id: "vm-1",
  type: "instance",
  project_id: "acme",
  user_id: "u1",
  started_at: "2026-03-01T00:00:00+00:00",
  ended_at: "2026-03-01T04:30:00+00:00",
  revision_start: "2026-03-01T00:00:00+00:00",
  revision_end: null,
  display_name: "web",
  flavor_name: "small",
  metrics: { vcpus: "m-vcpus", "network.odd": "m-odd" },
};
const tap = {
  ...machine,
  id: "tap-1",
  type: "instance_network_interface",
  instance_id: "vm-1",
  name: "tap-1",
  ended_at: null,
  metrics: { "network.outgoing.bytes": "m-out" },
};
const nobodys = { ...machine, id: "host", type: "host", project_id: null, metrics: {} };

/** A small Gnocchi: three types, pages by marker, a history of revisions, measures by granularity. */
const ANSWERS: Record<string, unknown> = {
  "/v1/resource_type": [
    { name: "generic" },
    { name: "instance" },
    { name: "instance_network_interface" },
    { name: "host" },
  ],
  "/v1/resource/instance": [machine],
  "/v1/resource/instance_network_interface": [tap],
  "/v1/resource/host": [nobodys],
  "/v1/resource/instance/vm-1/history": [
    machine,
    { ...machine, flavor_name: "large", revision_start: "2026-03-01T02:00:00.500000+00:00" },
  ],
  "/v1/metric/m-vcpus/measures": HOURLY("2026-03-01T00:00:00Z", [2, 2, 4, 4, 4]),
  "/v1/metric/m-out/measures": HOURLY("2026-03-01T00:00:00Z", [1_000, 1_500.4, 4_000]),
};

describe("importing a Gnocchi", () => {
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    headers.push(request.headers);
    const { pathname, searchParams } = new URL(request.url ?? "", "http://x");
    const told = ANSWERS[pathname];
    // It keeps no means of what the interface counted, and nothing comes after a page's last.
    const isKept = pathname !== "/v1/metric/m-out/measures" || searchParams.get("aggregation") === "last";
    const answer = searchParams.has("marker") ? [] : isKept ? told : undefined;
    response
      .writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" })
      .end(JSON.stringify(answer ?? {}));
  });
  let url = "";
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  const wanted = (
    publish: ((packet: Packet) => Promise<void>) | undefined,
    progress: ProgressFile = progressFile(undefined, ""),
  ) => ({
    source: { url },
    span: { begin: edge("2026-03-01"), end: edge("2026-03-02") },
    region: "north",
    publish,
    progress,
    tell: () => {},
  });

  it("only says what it would do, when it is asked to", async () => {
    expect(await importGnocchi(wanted(undefined))).toEqual({
      dryRun: true,
      resources: 3,
      measures: 8,
      readings: 15,
      ownerless: 1,
      unknown: { "network.odd": 1 },
      unaveraged: {},
    });
  });

  it("turns measures into usage: a machine's hours by flavor, and what its interface counted", async () => {
    const store = memoryStore({ clock: () => instant("2026-03-03T00:00:00Z") });
    let sequence = 0n;
    const publish = async ({ body }: Packet) => {
      sequence += 1n;
      await store.append([{ position: { stream: "import", sequence }, batch: decodeBatch(body) }]);
    };

    await importGnocchi(wanted(publish));
    await importGnocchi(wanted(publish));

    const usages = await store.measure({ period: { start: edge("2026-03-01"), end: edge("2026-03-02") } }, EVERYTHING);
    const shown = usages.map(({ meter, resource, dimensions, quantity }) => [
      meter,
      resource,
      dimensions["flavor"],
      quantity,
    ]);
    const hours = (count: number): bigint => BigInt(count * HOUR_MS);
    expect(shown).toEqual(
      expect.arrayContaining([
        ["instance", "vm-1", "small", hours(3)],
        ["instance", "vm-1", "large", hours(1.5)],
        ["vcpus", "vm-1", "large", hours(6)],
        ["network.outgoing.bytes", "vm-1", undefined, 3_000n],
      ]),
    );
    const [resource] = await store.resources(
      { period: { start: edge("2026-03-01"), end: edge("2026-03-02") }, type: "instance" },
      EVERYTHING,
    );
    expect(resource?.attributes).toMatchObject({ display_name: "web", flavor_name: "large" });
  });

  it("asks page by page, as whom its address says, and says nothing of that", async () => {
    headers.length = 0;
    const address = url.replace("//", "//admin:hush@");
    const source = sourceOf({ from: `${address}/` }, {});

    const report = await importGnocchi({ ...wanted(undefined), source, page: 1 });

    expect(report.resources).toBe(3);
    expect(headers.every(({ authorization }) => authorization === `Basic ${btoa("admin:hush")}`)).toBe(true);
    expect(source.url).toBe(url);
  });

  it("takes single readings where no means are kept, and counts what keeps neither", async () => {
    const { "/v1/metric/m-vcpus/measures": kept } = ANSWERS;
    ANSWERS["/v1/metric/m-vcpus/measures"] = undefined;

    const report = await importGnocchi(wanted(undefined));
    ANSWERS["/v1/metric/m-vcpus/measures"] = kept;

    expect(report).toMatchObject({ measures: 3, unaveraged: { vcpus: 1 } });
  });

  it("goes on where it was interrupted", async () => {
    const kept = progressFile(undefined, url);
    kept.done("vm-1");

    expect(await importGnocchi(wanted(async () => {}, kept))).toMatchObject({ resources: 2 });
  });

  it("takes the finest measures of each time, and none of them twice", () => {
    const fine: Measure[] = [
      ["2026-03-01T01:00:00+00:00", 300, 5],
      ["2026-03-01T01:05:00+00:00", 300, 6],
    ];
    const coarse = HOURLY("2026-03-01T00:00:00Z", [1, 5.5]);

    expect(finest([...coarse, ...fine]).map(([, seconds, value]) => [seconds, value])).toEqual([
      [3_600, 1],
      [300, 5],
      [300, 6],
    ]);
  });
});
