import { instant } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { json, opened, published } from "../fixtures/outside.ts";

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
