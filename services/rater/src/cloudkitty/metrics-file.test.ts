import { readFileSync } from "node:fs";
import { compare, decimal, parseDecimal, rational } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { DEFAULT_METRICS } from "./default-metrics.ts";
import { ExactNumber, exactJson } from "./exact-json.ts";
import { MUTATIONS, type RatedMetric, readMetrics } from "./metrics-file.ts";
import { mutated } from "./quantity.ts";

const text = z.union([z.string(), z.instanceof(ExactNumber).transform((number) => number.text)]);
const { mutate, convert_qty_factor_offset: conversions } = z
  .object({
    mutate: z.array(
      z.object({ value: text, mode: z.enum(MUTATIONS), map: z.record(z.string(), text).nullable(), expected: text }),
    ),
    convert_qty_factor_offset: z.array(
      z.object({ qty: text, factor: text, offset: text, cloudkitty: text, note: z.string() }),
    ),
  })
  .parse(exactJson(readFileSync(new URL("../../../../test/vectors/cloudkitty-vectors.json", import.meta.url), "utf8")));

const file = (lines: string): string => `metrics:\n${lines}`;

const only = (yaml: string): RatedMetric => {
  const { metrics, problems } = readMetrics(yaml);
  expect(problems).toEqual([]);
  const [metric] = metrics;
  if (metric === undefined) throw new Error("no metric was read");
  return metric;
};

describe("a metrics.yml", () => {
  it.each(mutate)("mutates $value by $mode as CloudKitty does", ({ value, mode, map, expected }) => {
    const entries = Object.entries(map ?? {}).map(([from, to]): [string, ReturnType<typeof parseDecimal>] => [
      from,
      parseDecimal(to),
    ]);
    const quantity = mutated(parseDecimal(value), {
      factor: rational(1n),
      offset: rational(0n),
      mutate: mode,
      map: new Map(entries),
    });

    expect(compare(quantity, parseDecimal(expected))).toBe(0);
  });

  it.each(conversions)(
    "converts $qty × $factor + $offset, and keeps fractions exact",
    ({ qty, factor, offset, cloudkitty, note }) => {
      const metric = only(file(`  m: {unit: x, factor: ${factor}, offset: ${offset}}`));

      const quantity = mutated(parseDecimal(qty), metric);

      const said = /exact answer (\S+)$/.exec(note)?.[1];
      if (said === undefined) expect(compare(quantity, parseDecimal(cloudkitty))).toBe(0);
      else {
        const [above = "0", below = "1"] = said.split("/");
        const [a, b] = [parseDecimal(above), parseDecimal(below)];
        expect(quantity).toEqual(rational(a.numerator * b.denominator, a.denominator * b.numerator));
      }
    },
  );

  it("is CloudKitty's own where there is none, and every metric of it has a meter here", () => {
    const { metrics, problems, notes } = readMetrics(DEFAULT_METRICS);

    expect(problems).toEqual([]);
    expect(notes).toEqual([]);
    expect(metrics.map(({ type, meter, isRate }) => [type, meter?.name, isRate])).toEqual([
      ["instance", "instance", false],
      ["image.size", "image.size", false],
      ["volume.size", "volume.size", false],
      ["network.outgoing.bytes.rate", "network.outgoing.bytes", true],
      ["network.incoming.bytes.rate", "network.incoming.bytes", true],
      ["ip.floating", "ip.floating", false],
      ["radosgw.objects.size", "radosgw.objects.size", false],
    ]);
  });

  it("may rate one metric under several names, each its own", () => {
    const list = "  volume.size:\n    - {unit: GiB, alt_name: small}\n    - {unit: GiB, alt_name: large, factor: 2}\n";

    expect(readMetrics(file(list)).metrics.map(({ type, factor }) => [type, decimal(factor, 1)])).toEqual([
      ["small", "1"],
      ["large", "2"],
    ]);
    expect(readMetrics(file(list.replaceAll(/alt_name: \w+/g, "alt_name: same"))).problems).toMatchObject([
      { line: 4 },
    ]);
  });

  it("says all that is wrong with it at once, each by its line, and then rates nothing", () => {
    const { metrics, problems } = readMetrics(
      file(
        [
          "  cpu:",
          "    groupby: [id]",
          "  volume.size:",
          "    unit: GiB",
          "    factor: 1/0",
          "  image.size:",
          "    unit: MiB",
          "    mutate: ROUND",
          "    groupby: [id]",
          "    metadata: [id]",
          "    unknown_key: 1",
          "",
        ].join("\n"),
      ),
    );

    expect(metrics).toEqual([]);
    expect(problems.map(({ line, says }) => `${line} ${says}`)).toEqual([
      "2 unit is missing",
      "6 divides by zero",
      expect.stringMatching(/^9 not one of NONE/),
      expect.stringMatching(/^7 Unrecognized key/),
    ]);
  });

  it("says what it reads that has no effect here", () => {
    const { notes } = readMetrics(
      file(
        "  cpu:\n    unit: instance\n    skip_datapoints_expression: qty == 0\n  weather:\n    unit: mm\n    extra_args: {query_prefix: x}\n",
      ),
    );

    expect(notes.map(({ line, path }) => [line, path])).toEqual([
      [4, "metrics.cpu.skip_datapoints_expression"],
      [5, "metrics.weather"],
      [7, "metrics.weather.extra_args.query_prefix"],
    ]);
  });
});
