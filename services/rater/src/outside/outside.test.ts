import { readFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Bus } from "@raingauge/bus";
import { instant, type Sample } from "@raingauge/domain";
import { decodeBatch } from "@raingauge/wire";
import protobuf from "protobufjs/minimal.js";
import { compress } from "snappyjs";
import { describe, expect, it } from "vitest";
import { type Api, api } from "../fixtures/api.ts";
import { toldByCeilometer } from "./ceilometer.ts";
import { parseExactly } from "./number.ts";
import { pointsOfOtlp } from "./otlp.ts";
import { OtlpJson } from "./otlp-json.ts";
import { readRules, toldBy } from "./rules.ts";

const RULES = readRules(`
rules:
  - metric: "libvirt_domain_*_cpu_time_seconds_total"
    meter: cpu
    factor: 1e9
    project: "{tenant}"
    resource: "{uuid}"
    host: "{instance}"
  - metric: backup.stored
    meter: backup.size
    unit: B
    project: "{openstack.project.id}"
    resource: "{backup}"
    where: { tier: cold }
`);

const opened = (): Promise<Api> => api(undefined, undefined, undefined, { region: "RegionOne", rules: RULES });

/** What is on the bus once everything that was sent is. */
async function published(bus: Bus, count: number): Promise<Sample[]> {
  const found: Sample[] = [];
  const stop = new AbortController();
  if (count === 0) return found;
  await bus.consume(
    async (deliveries) => {
      for (const { message } of deliveries) found.push(...decodeBatch(message.body).samples);
      if (found.length >= count) stop.abort();
      return deliveries.map(() => "done");
    },
    { consumer: "test", batchMessages: 100, signal: stop.signal },
  );
  return found.toSorted((a, b) => a.at - b.at);
}

const json = (payload: unknown, headers: Record<string, string> = {}) => ({
  method: "POST" as const,
  payload: typeof payload === "string" ? payload : JSON.stringify(payload),
  headers: { "content-type": "application/json", ...headers },
});

const volume = {
  meter: "volume.size",
  resource: "volume-1",
  project: "acme",
  at: "2026-04-01T12:00:00+02:00",
  value: "10",
  unit: "GiB",
  dimensions: { volume_type: "ssd", colour: "red" },
};

describe("readings posted one by one", () => {
  it("reach the bus in base units, at their instant, with the dimensions that a price may name", async () => {
    const { ask, bus } = await opened();

    const answer = await ask("admin", "/v1/samples", json([volume]));

    expect(answer.json()).toEqual({ accepted: 1, rejected: [] });
    const [sample] = await published(bus, 1);
    expect(sample).toMatchObject({
      meter: "volume.size",
      region: "RegionOne",
      project: "acme",
      at: instant("2026-04-01T10:00:00Z"),
      value: 10n * 2n ** 30n,
      stance: "states",
      dimensions: { volume_type: "ssd" },
      source: "api",
    });
  });

  it("keep every digit of a number that no float can hold", async () => {
    const { ask, bus } = await opened();
    const counted = `[{"meter":"cpu","resource":"vm-1","project":"acme","at":"2026-04-01T00:00:00Z","value":9223372036854775807}]`;

    await ask("admin", "/v1/samples", json(counted));

    expect((await published(bus, 1)).map(({ value }) => value)).toEqual([9_223_372_036_854_775_807n]);
  });

  it("are one reading however often they are sent", async () => {
    const { ask, bus } = await opened();

    for (let time = 0; time < 3; time += 1) await ask("admin", "/v1/samples", json([volume]));

    expect(await bus.backlog()).toBe(1);
  });

  it.each([
    ["a meter that nobody knows", { meter: "volume.sise" }, "meter_unknown"],
    ["another unit", { unit: "TB" }, "unit_unknown"],
    ["half a byte", { unit: "B", value: "0.5" }, "value_not_whole"],
    ["a number out of range", { unit: "B", value: "9223372036854775808" }, "value_out_of_range"],
    ["less than nothing", { value: "-1" }, "malformed"],
    ["a time without a zone", { at: "2026-04-01T12:00:00" }, "instant_malformed"],
    ["a day that there is none of", { at: "2026-02-30T12:00:00Z" }, "instant_malformed"],
    ["a time before there was OpenStack", { at: "1999-12-31T23:59:59Z" }, "instant_out_of_range"],
    ["no project", { project: undefined }, "malformed"],
    ["a word too many", { colour: "red" }, "malformed"],
    [
      "a counter that began no one knows when",
      { meter: "cpu", unit: "ns", dimensions: {}, counter: { startedAt: "yesterday" } },
      "instant_malformed",
    ],
    ["a difference without an id", { meter: "image.download", unit: "B" }, "id_missing"],
  ])("are refused for %s, and the others are taken", async (_, wrong, code) => {
    const { ask, bus } = await opened();

    const answer = await ask("admin", "/v1/samples", json([volume, { ...volume, ...wrong }]));

    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ accepted: 1, rejected: [{ index: 1, code }] });
    expect(await published(bus, 1)).toHaveLength(1);
  });

  it.each(["finance", "reader", undefined] as const)("are taken from nobody like %s", async (who) => {
    const { ask, bus } = await opened();

    expect((await ask(who, "/v1/samples", json([volume]))).statusCode).toBe(who === undefined ? 401 : 403);
    expect(await bus.backlog()).toBe(0);
  });

  it("are taken from a program that shows itself by Basic, and by nothing that a page can send", async () => {
    const { ask, tokens } = await opened();
    const authorization = `Basic ${Buffer.from(`ceilometer:${tokens.admin}`).toString("base64")}`;

    expect((await ask(undefined, "/v1/samples", json([volume], { authorization }))).statusCode).toBe(200);
    const form = json([volume], { authorization, "content-type": "text/plain" });
    expect((await ask(undefined, "/v1/samples", form)).statusCode).toBe(415);
  });

  it("are all refused while the bus is away, and may be sent again", async () => {
    const { ask, bus } = await opened();
    const { publish } = bus;
    Object.assign(bus, {
      publish: async () => {
        const { BusUnavailable } = await import("@raingauge/bus");
        throw new BusUnavailable("away");
      },
    });
    expect((await ask("admin", "/v1/samples", json([volume]))).statusCode).toBe(503);

    Object.assign(bus, { publish });
    expect((await ask("admin", "/v1/samples", json([volume]))).json()).toEqual({ accepted: 1, rejected: [] });
  });
});

const CAPTURED = ["polling", "notifications"].flatMap((name) =>
  gunzipSync(readFileSync(new URL(`../../../../test/captures/ceilometer/samples.${name}.jsonl.gz`, import.meta.url)))
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== ""),
);

describe("what Ceilometer's http publisher sends", () => {
  it("is taken as a real Ceilometer recorded it, but for what has no project or is no meter", async () => {
    const { ask } = await opened();

    const answer = await ask("admin", "/v1/samples/ceilometer", json(`[${CAPTURED.join(",")}]`));

    const { accepted, rejected } = answer.json() as {
      accepted: number;
      rejected: { code: string; index: number; says: string }[];
    };
    const codes = Map.groupBy(rejected, ({ code }) => code);
    expect(accepted + rejected.length).toBe(CAPTURED.length);
    expect([...codes.keys()].toSorted()).toEqual(["meter_unknown", "name_missing"]);
    // One is an expression of Ceilometer's own that it did not evaluate, the other counts bytes and says packets.
    expect(new Set(codes.get("meter_unknown")?.map(({ says }) => says.split(";")[0]))).toEqual(
      new Set([
        "no meter is called $.payload.outcome - $.payload.outcome + 'identity.authenticate.' + $.payload.outcome",
        "no meter is called network.outgoing.packets.delta",
      ]),
    );
    expect(accepted).toBeGreaterThan(2_000);
  });

  it("makes a disk a device of its instance, and a counter one of its host", async () => {
    const { ask, bus } = await opened();
    const disk = CAPTURED.find((line) => line.includes('"disk.device.read.bytes"')) ?? "";

    await ask("admin", "/v1/samples/ceilometer", json(disk));

    const [sample] = await published(bus, 1);
    expect(sample).toMatchObject({
      meter: "disk.device.read.bytes",
      resource: "b7708c68-66e9-4a1b-90bf-fda40ff3acb0",
      incarnation: { host: "compute-01", device: "vda", witnessed: false },
      source: "ceilometer",
    });
  });

  const signed = {
    counter_name: "ip.floating",
    counter_type: "gauge",
    counter_unit: "ip",
    counter_volume: 1,
    project_id: "acme",
    resource_id: "ip-1",
    timestamp: "2026-04-01T00:00:00.123456",
    message_id: "m-1",
    message_signature: "unread",
  };

  it("may be signed, and alone", async () => {
    const { ask } = await opened();

    expect((await ask("admin", "/v1/samples/ceilometer", json(signed))).json()).toEqual({ accepted: 1, rejected: [] });
  });

  it("has the dimensions that its metadata are called like", () => {
    const metadata = { resource_class: "gold", state: "active", note: "x".repeat(2_000) };
    const told = toldByCeilometer(parseExactly(JSON.stringify({ ...signed, resource_metadata: metadata })));

    expect(told).toMatchObject({ dimensions: { resource_class: "gold", state: "active" } });
    expect(told).not.toMatchObject({ dimensions: { note: expect.anything() } });
  });

  it.each([
    ["a name that would fill a message", { resource_id: "x".repeat(1_001) }, "too_large"],
    [
      "a little less than nothing",
      { counter_name: "memory.usage", counter_unit: "MB", counter_volume: -0.000_000_1 },
      "value_out_of_range",
    ],
  ])("is refused for %s, and the others are taken", async (_, wrong, code) => {
    const { ask } = await opened();

    const answer = await ask("admin", "/v1/samples/ceilometer", json([signed, { ...signed, ...wrong }]));

    expect(answer.json()).toMatchObject({ accepted: 1, rejected: [{ index: 1, code }] });
  });
});

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

/** A WriteRequest of one series, as a Prometheus packs it. */
const written = (...series: Parameters<typeof writtenPlain>): Buffer => Buffer.from(compress(writtenPlain(...series)));

function writtenPlain(
  labels: Readonly<Record<string, string>>,
  samples: readonly (readonly [number, number])[],
): Uint8Array {
  const writer = protobuf.Writer.create();
  writer.uint32(10).fork();
  for (const [name, value] of Object.entries(labels))
    writer.uint32(10).fork().uint32(10).string(name).uint32(18).string(value).ldelim();
  for (const [at, value] of samples) writer.uint32(18).fork().uint32(9).double(value).uint32(16).int64(at).ldelim();
  return writer.ldelim().finish();
}

const WRITE = {
  method: "POST" as const,
  headers: { "content-type": "application/x-protobuf", "content-encoding": "snappy" },
};

describe("Prometheus' remote write", () => {
  const labels = {
    __name__: "libvirt_domain_info_cpu_time_seconds_total",
    tenant: "acme",
    uuid: "vm-1",
    instance: "compute-1:9177",
  };

  it("brings counters in the units of the meter, and no staleness mark", async () => {
    const { ask, bus } = await opened();
    const payload = written(labels, [
      [1_775_001_600_000, 12.5],
      [1_775_001_660_000, 13.25],
      [1_775_001_720_000, Number.NaN],
    ]);

    expect((await ask("admin", "/prometheus/api/v1/write", { ...WRITE, payload })).statusCode).toBe(204);

    expect(await published(bus, 2)).toMatchObject([
      { meter: "cpu", resource: "vm-1", value: 12_500_000_000n, incarnation: { host: "compute-1:9177" } },
      { meter: "cpu", resource: "vm-1", value: 13_250_000_000n },
    ]);
  });

  it("is refused a label that holds NUL, and not the series beside it", async () => {
    const { ask, bus } = await opened();
    const payload = Buffer.from(
      compress(
        Buffer.concat(["vm-\0", "vm-1"].map((uuid) => writtenPlain({ ...labels, uuid }, [[1_775_001_600_000, 1]]))),
      ),
    );

    const answer = await ask("admin", "/prometheus/api/v1/write", { ...WRITE, payload });

    expect([answer.statusCode, answer.body]).toEqual([400, expect.stringContaining("the character NUL")]);
    expect(await published(bus, 1)).toMatchObject([{ resource: "vm-1" }]);
  });

  it("takes a series of however many labels that no rule names", async () => {
    const { ask, bus } = await opened();
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`label_${index}`, "x".repeat(100)]));
    const payload = written({ ...labels, ...many }, [[1_775_001_600_000, 1]]);

    expect((await ask("admin", "/prometheus/api/v1/write", { ...WRITE, payload })).statusCode).toBe(204);
    expect(await bus.backlog()).toBe(1);
  });

  it("is told by 400 that something is wrong, after the rest was taken", async () => {
    const { ask, bus } = await opened();
    const { tenant: _, ...nobodys } = labels;
    const payload = written(nobodys, [[1_775_001_600_000, 1]]);

    const answer = await ask("admin", "/prometheus/api/v1/write", { ...WRITE, payload });

    expect([answer.statusCode, await bus.backlog()]).toEqual([400, 0]);
  });

  it.each([
    ["no snappy", Buffer.from("hello")],
    ["a block that claims a gigabyte", Buffer.from([0x80, 0x80, 0x80, 0x80, 0x04, 0x00])],
    ["no WriteRequest", Buffer.from(compress(new Uint8Array([10, 200, 1])))],
  ])("is refused for %s", async (_, payload) => {
    const { ask } = await opened();

    expect((await ask("admin", "/prometheus/api/v1/write", { ...WRITE, payload })).statusCode).toBe(400);
  });
});

describe("a file of rules", () => {
  it("is refused as a whole for what is wrong, by line", () => {
    const { rules, problems } = readRules(
      `rules:\n  - metric: a\n    meter: nonsense\n    project: p\n    resource: r\n    factor: much\n  - metric: b\n`,
    );

    expect(rules).toEqual([]);
    expect(problems.map(({ line, says }) => [line, says.split(":")[0]])).toEqual([
      [3, "rules.0.meter"],
      [6, "rules.0.factor"],
      [7, "rules.1.meter"],
      [7, "rules.1.project"],
      [7, "rules.1.resource"],
    ]);
  });

  it.each([
    ["*", "anything", true],
    ["a*", "abc", true],
    ["a*c", "abc", true],
    ["a*c", "ac", true],
    ["ab*ba", "aba", false],
    ["a*b*c", "a-b-c", true],
    ["a*b*c", "a-c-b", false],
    ["a.c", "abc", false],
  ])("takes %s for %s: %s", (metric, name, fits) => {
    const { rules } = readRules(`rules: [{ metric: "${metric}", meter: cpu, project: p, resource: r }]`);

    expect(rules[0]?.matches({ metric: name, labels: {}, at: 0, value: undefined })).toBe(fits);
  });
});
