import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asRow, reading, rowsOf, whole } from "./csv.ts";

describe("rowsOf", () => {
  it("reads an answer as its columns, and keeps 64-bit integers whole", () => {
    const [row = {}] = rowsOf("name,tags,time,value\nreading,,1768478400123456789,9223372036854775807\n");

    expect(whole(row, "time")).toBe(1_768_478_400_123_456_789n);
    expect(whole(row, "value")).toBe(2n ** 63n - 1n);
  });

  it("reads any text back from between quotes, in whatever pieces it comes", () => {
    const table = fc.array(fc.tuple(fc.string({ unit: "binary" }), fc.string()));
    fc.assert(
      fc.property(table, fc.integer({ min: 9, max: 99 }), (cells, size) => {
        const lines = cells.map((each) => each.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(","));
        const csv = ["name,b", ...lines.map((each) => `${each}\r`)].join("\n");

        const answer = reading(asRow);
        for (let start = 0; start < csv.length; start += size) answer.take(csv.slice(start, start + size));

        const rows = cells.filter(([name]) => name !== "name").map(([name, b]) => ({ name, b }));
        expect(answer.end()).toEqual(rows);
      }),
    );
  });

  it("reads an answer in parts that each begin with the columns", () => {
    expect(rowsOf("name,value\nreading,1\nname,value\nreading,2\n")).toEqual([
      { name: "reading", value: "1" },
      { name: "reading", value: "2" },
    ]);
  });

  it("says nothing of an empty answer", () => {
    expect(rowsOf("")).toEqual([]);
  });

  it("throws what the server says instead of an answer, or in the middle of one", () => {
    for (const before of ["", "name,value\nreading,1\n"])
      expect(() => rowsOf(`${before}error\n"database not found: nowhere"\n`)).toThrow("database not found: nowhere");
  });
});
