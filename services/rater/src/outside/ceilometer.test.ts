import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { json, opened, published } from "../fixtures/outside.ts";
import { toldByCeilometer } from "./ceilometer.ts";
import { parseExactly } from "./number.ts";

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
