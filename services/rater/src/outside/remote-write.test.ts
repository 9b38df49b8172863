import protobuf from "protobufjs/minimal.js";
import { compress } from "snappyjs";
import { describe, expect, it } from "vitest";
import { opened, published } from "../fixtures/outside.ts";

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
