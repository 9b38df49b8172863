import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { describeWith, type InfluxServer, influxServer } from "@raingauge/harness";
import { NOON, reading } from "@raingauge/test/generators/reading.ts";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { influxdbStore } from "./influxdb.ts";
import { initialiseInfluxdb } from "./initialise.ts";

await describeWith("influxdb", "Initialising a store in InfluxDB", () => {
  let server: InfluxServer;
  beforeAll(async () => {
    server = await influxServer();
  });
  afterAll(() => server.stop());

  it("makes what a store needs, and finds it there the second time", async () => {
    const { url, organization, token } = server;
    const address = { url, organization, token, bucket: `rain gauge ${randomUUID()}` };

    await initialiseInfluxdb(address);
    const again = await initialiseInfluxdb(address);

    expect(again.told.join("\n")).toContain("is there and keeps for ever");
    await using store = influxdbStore({ ...address, token: again.token ?? token, clock: () => NOON });
    const samples = [reading({ at: NOON })];
    const batch = { samples, events: [], coverage: [] };
    expect(await store.append([{ position: { stream: "s", sequence: 1n }, batch }])).toEqual({
      stored: 1,
      duplicates: 0,
    });
  });
});

describe("a bucket of InfluxDB 2", () => {
  it("is made to keep for ever, mapped for InfluxQL, and given a token for itself alone", async () => {
    const { url, asked } = await version2({});

    const made = await initialiseInfluxdb({ url, organization: "acme", bucket: "rain", token: "root" });

    expect(made).toMatchObject({
      token: "made",
      told: [expect.anything(), expect.stringContaining("was made"), expect.anything(), expect.anything()],
    });
    expect(asked.filter(({ method }) => method === "POST")).toEqual([
      { method: "POST", path: "/api/v2/buckets", body: { orgID: "org-1", name: "rain", retentionRules: [] } },
      {
        method: "POST",
        path: "/api/v2/dbrps",
        body: { orgID: "org-1", bucketID: "bucket-1", database: "rain", retention_policy: "autogen", default: true },
      },
      { method: "POST", path: "/api/v2/authorizations", body: expect.objectContaining({ orgID: "org-1" }) },
    ]);
    const buckets = { type: "buckets", orgID: "org-1", id: "bucket-1" };
    expect(asked.at(-1)?.body).toMatchObject({
      permissions: [
        { action: "read", resource: buckets },
        { action: "write", resource: buckets },
        { action: "read", resource: { type: "dbrp", orgID: "org-1" } },
      ],
    });
  });

  it("that is there and forgets is left alone, with a sentence of what to do", async () => {
    const there = { id: "bucket-9", name: "rain", retentionRules: [{ everySeconds: 3_600 }] };
    const { url, asked } = await version2({ buckets: [there] });

    await expect(initialiseInfluxdb({ url, organization: "acme", bucket: "rain", token: "root" })).rejects.toThrow(
      "keeps for 3600 s; bills need it to keep for ever: influx bucket update --id bucket-9 --retention 0",
    );
    expect(asked.filter(({ method }) => method === "POST")).toEqual([]);
  });

  it("whose name InfluxQL knows as another bucket is refused", async () => {
    const { url } = await version2({ dbrps: [{ bucketID: "bucket-2", database: "rain", default: true }] });

    await expect(initialiseInfluxdb({ url, organization: "acme", bucket: "rain" })).rejects.toThrow(
      "another bucket (bucket-2)",
    );
  });
});

interface Asked {
  readonly method: string | undefined;
  readonly path: string;
  readonly body: unknown;
}

/** What version 2 documents of its administration, and no more: the server itself is asked where Docker is. */
async function version2({ buckets = [], dbrps = [] }: { buckets?: object[]; dbrps?: object[] }) {
  const asked: Asked[] = [];
  const server = createServer(async (request, answer) => {
    const { pathname } = new URL(request.url ?? "/", "http://influx");
    asked.push({ method: request.method, path: pathname, body: await bodyOf(request) });
    answer.setHeader("x-influxdb-version", "v2.7.11");
    answer.end(JSON.stringify(answerTo(`${request.method} ${pathname}`, { buckets, dbrps })));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

function answerTo(asked: string, { buckets, dbrps }: { buckets: object[]; dbrps: object[] }): object {
  if (asked === "GET /api/v2/orgs") return { orgs: [{ id: "org-1", name: "acme" }] };
  if (asked === "GET /api/v2/buckets") return { buckets };
  if (asked === "GET /api/v2/dbrps") return { content: dbrps };
  if (asked === "POST /api/v2/buckets") return { id: "bucket-1", name: "rain", retentionRules: [] };
  return asked === "POST /api/v2/authorizations" ? { token: "made" } : {};
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const text = Buffer.concat(await Array.fromAsync(request)).toString();
  return text === "" ? undefined : JSON.parse(text);
}
