import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { at } from "@raingauge/domain";
import { describe, expect, it, onTestFinished } from "vitest";
import { duckdbUrl, openStore, storeProblems } from "./open.ts";

const clock = () => at(1_000);

describe("the URL of a store", () => {
  it.each([
    "duckdb:/var/lib/raingauge/samples.duckdb",
    "duckdb:///var/lib/raingauge/samples.duckdb",
    "influxdb+http://127.0.0.1:8086/raingauge",
    "influxdb+https://influx.example.org/rain%20gauge?organization=acme",
    "clickhouse+http://127.0.0.1:8123/raingauge",
    "clickhouse+https://rain%20gauge@ch.example.org:8443/raingauge?cluster=main",
  ])("may be %s", (written) => {
    expect(storeProblems(new URL(written))).toEqual([]);
  });

  it.each([
    ["postgresql://host/raingauge", [/must begin with duckdb: or influxdb\+http: .* or clickhouse\+https:/]],
    ["duckdb:samples.duckdb", [/absolute path/]],
    ["duckdb://host/samples.duckdb", [/absolute path/]],
    ["duckdb:/var/lib/raingauge/", [/absolute path/]],
    ["duckdb::memory:", [/absolute path/]],
    ["duckdb:/a%ZZ?b", [/absolute path/, /must end with the path/]],
    ["influxdb+http://host:8086", [/one bucket/]],
    ["influxdb+http://host:8086/a/b", [/one bucket/]],
    ["influxdb+http:bucket", [/a host/, /one bucket/]],
    ["influxdb+http://host/bucket?organization=", [/one organization/]],
    ["influxdb+http://host/bucket?organization=a&organization=b", [/one organization/]],
    ["influxdb+http://u:hush@host/?org=acme#x", [/one bucket/, /a password/, /organization=/, /a #/]],
    ["clickhouse+http://host:8123", [/one database/]],
    [
      "clickhouse+https://u:hush@host/a/b?cluster=&x=1#y",
      [/one database/, /a password/, /cluster=/, /one cluster/, /a #/],
    ],
  ])("is told all that is wrong with it at once: %s", (written, wrong) => {
    expect(storeProblems(new URL(written))).toEqual(
      wrong.map((each) => (typeof each === "string" ? each : expect.stringMatching(each))),
    );
  });

  it("that is wrong is refused in one sentence, without the password in it", async () => {
    const opened = openStore(new URL("influxdb+http://u:hush@host/"), { clock });

    await expect(opened).rejects.toThrow(
      "the store's URL must name one bucket after the host, and must not carry a user or a password (they belong into the token)",
    );
  });
});

describe("a store that is opened by its URL", () => {
  it("is the DuckDB file of that path, whatever is in its name", async () => {
    const folder = mkdtempSync(join(tmpdir(), "raingauge-open-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, "100 % rain?#.duckdb");

    await using _ = await openStore(duckdbUrl(path), { clock });

    expect(storeProblems(duckdbUrl(path))).toEqual([]);
    await expect(openStore(duckdbUrl(folder), { clock })).rejects.toThrow(/./);
    rmSync(path);
  });

  it("is the bucket of that InfluxDB, asked with the token", async () => {
    const asked: (string | undefined)[] = [];
    await using server = createServer(async (request, answer) => {
      const body = (await Array.fromAsync(request)).join("");
      asked.push(request.url, request.headers.authorization, new URLSearchParams(body).get("db") ?? undefined);
      answer.end();
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;

    await using store = await openStore(new URL(`influxdb+http://127.0.0.1:${port}/rain%20gauge`), {
      clock,
      token: "hush",
    });

    expect(await store.watermark()).toBe(0);
    expect(asked.slice(0, 3)).toEqual(["/query", "Token hush", "rain gauge"]);
  });
});
