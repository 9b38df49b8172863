import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bySchema, document } from "./document.ts";
import { isPlain } from "./plain.ts";

const golden = JSON.parse(readFileSync(new URL("golden/batch-1.json", import.meta.url), "utf8"));
const polled = { ...golden, events: [] };

const wrong = fc.oneof(
  fc.constantFrom<unknown>(null, -1, 0, 0.5, 2 ** 53, "", "poll", "states", true, [], [0], {}, { region: "r" }),
  fc.jsonValue(),
);

/** Anything in it may be another thing, be missing, or be there once more. */
function altered(said: unknown, path: readonly number[], change: "replace" | "remove" | "add", by: unknown): unknown {
  if (typeof said !== "object" || said === null || path.length === 0) return by;
  const copy: Record<string, unknown> = Array.isArray(said) ? ([...said] as never) : { ...said };
  const keys = Object.keys(copy);
  const key = keys[(path[0] ?? 0) % Math.max(1, keys.length)];
  if (key === undefined || path.length === 1) {
    if (change === "add" || key === undefined) {
      if (Array.isArray(copy)) copy.push(by);
      else copy["more"] = by;
    } else if (change === "replace") copy[key] = by;
    else if (Array.isArray(copy)) copy.splice(Number(key), 1);
    else delete copy[key];
    return copy;
  }
  copy[key] = altered(copy[key], path.slice(1), change, by);
  return copy;
}

const outcome = (read: () => unknown): unknown => {
  try {
    return read();
  } catch (error) {
    return String(error);
  }
};

describe("a batch that is read without the schema", () => {
  it("is what nearly all are", () => {
    expect(isPlain(polled)).toBe(true);
    expect(isPlain(golden)).toBe(false);
  });

  it("is one that the schema reads alike, and any other is refused in its words", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(40), { minLength: 1, maxLength: 4 }),
        fc.constantFrom("replace", "remove", "add"),
        wrong,
        (path, change, by) => {
          const said = altered(polled, path, change, by);

          if (isPlain(said)) expect(bySchema(said)).toEqual(said);
          if (typeof said === "object" && said !== null && "v" in said && said.v === 1)
            expect(outcome(() => document(said))).toEqual(outcome(() => bySchema(said)));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
