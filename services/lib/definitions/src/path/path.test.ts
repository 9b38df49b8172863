import { decimal } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { isRational } from "../exact.ts";
import { find } from "./find.ts";
import { parsePath } from "./parse.ts";

const MESSAGE = {
  publisher_id: "compute.host-1.site",
  payload: {
    size: 3,
    share: 0.07,
    name: "box",
    none: null,
    image_meta: { "org.os": "linux", plain: "x" },
    metrics: [
      { name: "cpu.user", value: 0.5, unit: "s" },
      { name: "cpu.idle", value: 7, unit: "s" },
    ],
    sums: [
      { metric: { name: "in" }, result: 1 },
      { metric: { name: "out" }, result: 2 },
    ],
  },
};

const found = (path: string): unknown[] =>
  find(parsePath(path), MESSAGE).map(({ value }) => (isRational(value) ? decimal(value, 12) : value));

describe("a path", () => {
  it.each([
    ["$.payload.size", [3]],
    ["payload.size", [3]],
    ["payload[size]", [3]],
    ["payload.absent", []],
    ["payload.size.deeper", []],
    ["payload.none", [null]],
    ["payload.image_meta.'org.os'", ["linux"]],
    ["payload.image_meta.*", ["linux", "x"]],
    ["$.payload.metrics.[*].name", ["cpu.user", "cpu.idle"]],
    ["$.payload.metrics[0].name", ["cpu.user"]],
    ["$.payload.metrics[2].name", []],
    ["$.payload.metrics[?(@.name='cpu.idle')].value", [7]],
    ["$.payload.metrics[?name='cpu.idle'].value", [7]],
    ["$.payload.metrics[?value>1].name", ["cpu.idle"]],
    ["$.payload.metrics[?absent].name", []],
    ["$.payload.sums.[*].metric.[*].name", ["in", "out"]],
    ["publisher_id.`split(., 1, 1)`", ["host-1.site"]],
    ["publisher_id.`split(., 1, -1)`", ["host-1"]],
    ["publisher_id.`split(., 7, -1)`", []],
    ['$.payload.name + "_" + $.publisher_id', ["box_compute.host-1.site"]],
    ["$.payload.share * 100", ["7"]],
    ["$.payload.size / 2", ["1.5"]],
    ["$.payload.size / 0", []],
    ["$.payload.name - $.payload.name", []],
    ["$.payload.size + $.payload.absent", []],
    ["payload.absent|payload.name|payload.size", ["box", 3]],
    ["(payload.absent)|(payload.size)", [3]],
  ])("%s finds what Ceilometer's finds", (path, values) => {
    expect(found(path)).toEqual(values);
  });

  it.each([
    ["$..name", "name the whole path"],
    ["$.payload.metrics[0:2]", "name one index"],
    ["$.payload.metrics[-1]", "name one index"],
    ["$.payload.`sub(/a/, b)`", "`sub(/a/, b)` is not understood"],
    ["$.payload.metrics[0", "“]” is missing"],
    ["$.payload.", "the name of a field is missing"],
    ["__import__('os').system", "is not understood"],
    ["", "the name of a field is missing"],
  ])("%j is refused, and says why", (path, says) => {
    expect(() => parsePath(path)).toThrow(says);
  });
});
