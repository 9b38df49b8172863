import { gzipSync } from "node:zlib";
import protobuf from "protobufjs/minimal.js";
import { describe, expect, it } from "vitest";
import { json, opened, published } from "../fixtures/outside.ts";
import { parseExactly } from "./number.ts";
import { pointsOfOtlp } from "./otlp.ts";
import { OtlpJson } from "./otlp-json.ts";
import { readRules, toldBy } from "./rules.ts";

const otlp = (value: object, attributes: object[] = [{ key: "tier", value: { stringValue: "cold" } }]) => ({
  resourceMetrics: [
    {
      resource: { attributes: [{ key: "openstack.project.id", value: { stringValue: "acme" } }] },
      scopeMetrics: [
        {
          metrics: [
            {
              name: "backup.stored",
              unit: "By",
              gauge: {
                dataPoints: [
                  {
                    timeUnixNano: "1775001600000000000",
                    attributes: [{ key: "backup", value: { stringValue: "backup-1" } }, ...attributes],
                    ...value,
                  },
                ],
              },
            },
          ],
        },
      ],
    },
  ],
});

describe("OTLP metrics", () => {
  it("are readings where a rule says of what", async () => {
    const { ask, bus } = await opened();

    expect((await ask("admin", "/v1/metrics", json(otlp({ asInt: "4096" })))).json()).toEqual({});

    expect(await published(bus, 1)).toMatchObject([
      { meter: "backup.size", resource: "backup-1", project: "acme", value: 4_096n, at: 1_775_001_600_000 },
    ]);
  });

  it("are passed over and counted where no rule speaks of them", async () => {
    const { ask, bus } = await opened();

    expect((await ask("admin", "/v1/metrics", json(otlp({ asInt: "4096" }, [])))).json()).toEqual({});

    expect(await bus.backlog()).toBe(0);
    expect((await ask(undefined, "/metrics")).body).toContain('rater_outside_samples_skipped_total{door="otlp"} 1');
  });

  it("are told how many were refused, and why", async () => {
    const { ask } = await opened();

    const answer = await ask("admin", "/v1/metrics", json(otlp({ asDouble: 0.5 })));

    expect(answer.json()).toMatchObject({
      partialSuccess: { rejectedDataPoints: "1", errorMessage: expect.stringContaining("whole B") },
    });
  });

  it("come in protobuf and gzip as well, to the same reading", async () => {
    const { ask, bus } = await opened();
    const text = (field: number, value: string) => (writer: protobuf.Writer) =>
      writer.uint32((field << 3) | 2).string(value);
    const message =
      (field: number, parts: readonly ((writer: protobuf.Writer) => protobuf.Writer)[]) =>
      (writer: protobuf.Writer) => {
        const inner = writer.uint32((field << 3) | 2).fork();
        for (const part of parts) part(inner);
        return inner.ldelim();
      };
    const attribute = (field: number, key: string, value: string) =>
      message(field, [text(1, key), message(2, [text(1, value)])]);
    const point = message(1, [
      attribute(7, "backup", "backup-1"),
      attribute(7, "tier", "cold"),
      (writer) => writer.uint32((3 << 3) | 1).fixed64("1775001600000000000"),
      (writer) => writer.uint32((6 << 3) | 1).sfixed64(4_096),
    ]);
    const body = message(1, [
      message(1, [attribute(1, "openstack.project.id", "acme")]),
      message(2, [message(2, [text(1, "backup.stored"), message(5, [point])])]),
    ])(protobuf.Writer.create()).finish();

    const answer = await ask("admin", "/v1/metrics", {
      method: "POST",
      payload: gzipSync(body),
      headers: { "content-type": "application/x-protobuf", "content-encoding": "gzip" },
    });
    await ask("admin", "/v1/metrics", json(otlp({ asInt: 4_096 })));

    expect([answer.statusCode, answer.rawPayload.length]).toEqual([200, 0]);
    expect(await bus.backlog()).toBe(1);
  });
});

describe("what a series tells", () => {
  const METERS_OF = { total: "cpu", difference: "storage.api.request", level: "memory.usage" } as const;
  const sum = (aggregationTemporality: unknown) => ({ sum: { aggregationTemporality } });

  it.each([
    ["a total, told by number", sum(2), "total"],
    ["a total, told by name", sum("AGGREGATION_TEMPORALITY_CUMULATIVE"), "total"],
    ["a difference, told by number", sum(1), "difference"],
    ["a difference, told by name", sum("AGGREGATION_TEMPORALITY_DELTA"), "difference"],
    ["what there is", { gauge: {} }, "level"],
  ] as const)("is %s, and counts as a difference where it is one and nowhere else", (_, data, tells) => {
    const point = { timeUnixNano: "1775001600000000000", asInt: "4" };
    const [[kind, told]] = Object.entries(data) as [[string, object]];
    const metric = { name: "series", [kind]: { ...told, dataPoints: [point] } };
    const text = JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] });
    const [read] = pointsOfOtlp(OtlpJson.parse(parseExactly(text)));
    if (read === undefined) throw new Error("no point");
    const taken = Object.values(METERS_OF).filter((meter) => {
      const rules = readRules(`rules: [{ metric: series, meter: ${meter}, project: p, resource: r }]`);
      return "value" in (toldBy(rules, read) ?? {});
    });

    expect(read.tells).toBe(tells);
    expect(taken).toEqual(tells === "difference" ? [METERS_OF.difference] : [METERS_OF.total, METERS_OF.level]);
  });

  it("is never a difference where a Prometheus writes it", () => {
    const rules = readRules("rules: [{ metric: series, meter: storage.api.request, project: p, resource: r }]");
    const value = { numerator: 4n, denominator: 1n };

    expect(toldBy(rules, { metric: "series", labels: {}, at: 0, value })).toEqual({
      code: "malformed",
      says: "series tells no differences, and storage.api.request is one",
    });
  });
});
