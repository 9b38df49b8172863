import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describeWith, postgresServer, type Server } from "@raingauge/harness";
import { scratchDatabase, select } from "@raingauge/ledger/scratch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answered, service } from "../client.ts";
import { edge, facadeOf, importCloudKitty } from "./cloudkitty.ts";
import { type CloudKitty, cloudKittyOf } from "./cloudkitty-source.ts";
import { cloudkitty, raingauge, SERVICE } from "./fixtures/cloudkitty.ts";
import { progressFile } from "./progress-file.ts";
import { fetched } from "./source.ts";

const dump = (kind: string): string => fileURLToPath(new URL(`fixtures/cloudkitty.${kind}.sql`, import.meta.url));

/** Everything that an import of its rules brings about: the report, and what we then say of ourselves. */
async function taken(source: CloudKitty) {
  const { door, close } = await raingauge();
  const order = { source, door, progress: progressFile(undefined, ""), tell: () => {} };
  const foreseen = await importCloudKitty({ ...order, dryRun: true });
  const report = await importCloudKitty({ ...order, dryRun: false });
  const body = { name: "standard", version: "1", currency: "EUR" };
  const book = await answered(service(door).POST("/v1/cloudkitty/price-book", { body }));
  const hashmap = "/v1/rating/module_config/hashmap";
  const ours = facadeOf(door);
  const said = await Promise.all([
    fetched<{ mappings: { mapping_id: string }[] }>(ours, `${hashmap}/mappings`).then((answer) =>
      answer?.mappings.toSorted((a, b) => (a.mapping_id < b.mapping_id ? -1 : 1)),
    ),
    fetched(ours, `${hashmap}/thresholds?service_id=${SERVICE}`),
    fetched(ours, "/v2/scope"),
  ]);
  await close();
  return { foreseen, report, book, said };
}

describe("a CloudKitty's rules", () => {
  let byApi: Awaited<ReturnType<typeof taken>>;
  beforeAll(async () => {
    const theirs = await cloudkitty();
    byApi = await taken(cloudKittyOf({ from: theirs.url }, { OS_TOKEN: "theirs" }));
    theirs.server.close();
  });

  it("are there to be compared: prices, a pause, what cannot be said", () => {
    expect(byApi.report.rules).toMatchObject({
      added: { service: 2, field: 1, group: 1, mapping: 3, threshold: 1, scope: 2 },
      refused: [expect.stringContaining("b52795dd")],
    });
    expect(byApi.book).toMatchObject({
      book: expect.stringContaining("0.0009765625"),
      left: expect.arrayContaining([expect.stringMatching(/threshold/)]),
    });
    expect(byApi.said[2]).toMatchObject({ results: [{ scope_id: "acme" }, { scope_id: "globex", active: false }] });
  });

  it.each(["mysqldump", "pg-copy", "pg-inserts", "sqlite"])(
    "are in a dump of %s what they are in its API",
    async (kind) => {
      expect(await taken(cloudKittyOf({ from: dump(kind) }, {}))).toEqual(byApi);
    },
  );

  it.each([
    ["a database of MySQL's", () => "mysql+pymysql://ck:hush@controller/cloudkitty", /mysqldump/],
    [
      "a PostgreSQL that does not answer",
      () => "postgresql://ck:hush@127.0.0.1:1/cloudkitty",
      /CloudKitty's database: .*ECONNREFUSED/,
    ],
    ["pg_dump's own format", () => "PGDMP\u0001\u000e", /--format=plain/],
    ["a packed dump", () => "\u001f\u008b\u0008", /gunzip/],
    ["a dump of something else", () => "CREATE TABLE users (id int);", /is it CloudKitty's database/],
    ["a file that is not there", () => "/nowhere/cloudkitty.sql", /there is no file/],
  ])("are refused out of %s, with what to do", async (_, what, says) => {
    const folder = mkdtempSync(join(tmpdir(), "raingauge-dump-"));
    const isAddress = /^\w.*:\/\/|^\//.test(what());
    if (!isAddress) writeFileSync(join(folder, "dump"), what(), "latin1");

    const read = async () => cloudKittyOf({ from: isAddress ? what() : join(folder, "dump") }, {}).rules();

    await expect(read).rejects.toThrow(says);
    await expect(read).rejects.not.toThrow(/hush/);
    rmSync(folder, { recursive: true });
  });

  it("are all that a dump has: what was rated is asked of the API", async () => {
    const span = { begin: edge("2026-03-01"), end: edge("2026-03-02") };
    const source = cloudKittyOf({ from: dump("sqlite") }, {});
    const order = { source, span, door: { url: "", token: "" }, dryRun: true, tell: () => {} };

    await expect(importCloudKitty({ ...order, progress: progressFile(undefined, "") })).rejects.toThrow(/--begin/);
  });
});

await describeWith("postgresql", "a CloudKitty's rules in PostgreSQL", () => {
  let server: Server;
  beforeAll(async () => {
    server = await postgresServer();
  });
  afterAll(() => server.stop());

  it("are in the database what they are in its dump", async () => {
    const url = await scratchDatabase(server.url);
    const commands = /^\\.*$/gm;
    await select(url, readFileSync(dump("pg-inserts"), "utf8").replace(commands, ""));

    expect(await taken(cloudKittyOf({ from: url }, {}))).toEqual(
      await taken(cloudKittyOf({ from: dump("pg-inserts") }, {})),
    );
  });
});
