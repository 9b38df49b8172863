import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rowsOf, whole } from "./csv.ts";

describe("rowsOf", () => {
  it("reads an answer as its columns, and keeps 64-bit integers whole", () => {
    const [row = {}] = rowsOf("name,tags,time,value\nreading,,1768478400123456789,9223372036854775807\n");

    expect(whole(row, "time")).toBe(1_768_478_400_123_456_789n);
    expect(whole(row, "value")).toBe(2n ** 63n - 1n);
  });

  it("reads any text back from between quotes", () => {
    const table = fc.array(fc.tuple(fc.string({ unit: "binary" }), fc.string()));
    fc.assert(
      fc.property(table, (cells) => {
        const lines = cells.map((each) => each.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(","));

        expect(rowsOf(["a,b", ...lines].join("\n"))).toEqual(cells.map(([a, b]) => ({ a, b })));
      }),
    );
  });

  it("says nothing of an empty answer", () => {
    expect(rowsOf("")).toEqual([]);
  });

  it("throws what the server says instead of an answer", () => {
    expect(() => rowsOf('error\n"database not found: nowhere"\n')).toThrow("database not found: nowhere");
  });
});
