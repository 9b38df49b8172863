import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDump } from "./dump.ts";

const read = (text: string, names: readonly string[] = ["t"]) =>
  readDump([Buffer.from(text, "utf8").toString("latin1")], new Set(names));
const MYSQL = "-- MySQL dump 10.13\n";
const DEFINED = "CREATE TABLE t (a int, `b` text, PRIMARY KEY (a));\n";

describe("a dump", () => {
  it.each([
    [
      "several rows in one statement",
      "INSERT INTO t (a, b) VALUES (1,'x'),(2,NULL) , (3, 'z');",
      [
        ["1", "x"],
        ["2", null],
        ["3", "z"],
      ],
    ],
    ["columns named where the table was defined", `${DEFINED}INSERT INTO t VALUES (1,'x');`, [["1", "x"]]],
    ["a quote that is doubled", "INSERT INTO t (a, b) VALUES (1,'it''s; (not), over');", [["1", "it's; (not), over"]]],
    ["a backslash, where the standard is written", "INSERT INTO t (a, b) VALUES (1,'c:\\');", [["1", "c:\\"]]],
    [
      "what MySQL hides behind a backslash",
      `${MYSQL}INSERT INTO t (a, b) VALUES (1,'it\\'s \\\\ \\n\\0 50\\% \\q \\"');`,
      [["1", "it's \\ \n\0 50\\% q \""]],
    ],
    [
      "a backslash in a text of PostgreSQL's that says so",
      "INSERT INTO t (a, b) VALUES (1,E'it\\'s\\t''on'' \\'');",
      [["1", "it's\t'on' '"]],
    ],
    [
      "a UUID of sixteen bytes",
      "INSERT INTO t (a, b) VALUES (1,0x142381D527064AB481A95BC5B92986DE);",
      [["1", "142381d5-2706-4ab4-81a9-5bc5b92986de"]],
    ],
    [
      "the same, as it is written raw",
      `${MYSQL}INSERT INTO t (a, b) VALUES (1,_binary 'abcdefghijklmno\\0');`,
      [["1", "61626364-6566-6768-696a-6b6c6d6e6f00"]],
    ],
    ["numbers as they are written", "INSERT INTO t (a, b) VALUES (-1.50,1e3);", [["-1.50", "1e3"]]],
    [
      "all places of a float of SQLite's",
      "PRAGMA foreign_keys=OFF;\nINSERT INTO t (a, b) VALUES (5,0.1);",
      [["5", "0.1000000000000000055511151231"]],
    ],
    ["what is not ASCII", "INSERT INTO t (a, b) VALUES (1,'größer ✓');", [["1", "größer ✓"]]],
    [
      "no row in a comment",
      "-- INSERT INTO t VALUES (1,'x');\n/* INSERT INTO t (a, b) VALUES (2,'y'); */INSERT INTO t (a, b) VALUES (3,'--z');",
      [["3", "--z"]],
    ],
    ["no row in a text", "INSERT INTO u VALUES ('; INSERT INTO t (a, b) VALUES (1,2);');", undefined],
    [
      "a schema before the name, a cast behind the value",
      `INSERT INTO public."t" ("a", "b") VALUES (1, 'x'::character varying(9));`,
      [["1", "x"]],
    ],
    [
      "a REPLACE, and an INSERT that ignores",
      "REPLACE INTO t (a, b) VALUES (1,true); INSERT IGNORE INTO `t` (a, b) VALUES (2,'y')",
      [
        ["1", "true"],
        ["2", "y"],
      ],
    ],
    [
      "rows that were copied",
      "COPY public.t (a, b) FROM stdin;\n1\tit's \\\\ \\t;\n2\t\\N\n\\.\nSELECT 1;",
      [
        ["1", "it's \\ \t;"],
        ["2", null],
      ],
    ],
    ["a table without rows", DEFINED, []],
  ])("holds %s", async (_, text, rows) => {
    const { tables, unread } = await read(text);

    expect(unread).toEqual([]);
    expect(tables.get("t")?.map(({ a, b }) => [a, b])).toEqual(rows);
  });

  it.each([
    [
      "a call in place of a value",
      "INSERT INTO t (a, b) VALUES (1,replace('x\\ny',',',char(10))),(2,'y');",
      1,
      /1 of its rows/,
    ],
    ["too few values", "INSERT INTO t (a, b) VALUES (1),(2,'y');", 1, /1 of its rows/],
    ["a row that is cut off", "INSERT INTO t (a, b) VALUES (1,'x'),(2,'y", 1, /after row 1/],
    ["copied rows without an end", "COPY t (a, b) FROM stdin;\n1\tx\n2\t", 2, /ends after its row/],
    ["rows of another query", "INSERT INTO t (a, b) SELECT * FROM u;", 0, /not written out/],
    ["columns that nobody names", "INSERT INTO t VALUES (1,'x');", 0, /definitions/],
  ])("says where it has %s, and keeps the rest", async (_, text, kept, says) => {
    const { tables, unread } = await read(text);

    expect(tables.get("t")).toHaveLength(kept);
    expect(unread).toEqual([expect.stringMatching(says)]);
  });

  it.each(["mysqldump", "pg-copy", "pg-inserts", "sqlite"])("of %s says the same wherever it is cut", async (kind) => {
    const text = readFileSync(new URL(`../fixtures/cloudkitty.${kind}.sql`, import.meta.url), "latin1");
    const names = ["hashmap_mappings", "hashmap_services", "rated_data_frames_v1"];
    const whole = await readDump([text], new Set(names));
    expect(whole.tables.get("hashmap_mappings")).toHaveLength(5);

    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1, maxLength: 9 }), async (sizes) => {
        const chunks: string[] = [];
        for (let at = 0, index = 0; at < text.length; index += 1) {
          const size = sizes[index % sizes.length] ?? 1;
          chunks.push(text.slice(at, at + size));
          at += size;
        }

        expect(await readDump(chunks, new Set(names))).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });
});
