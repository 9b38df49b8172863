import { declareMeters, EVERYTHING, type Meter, parseDecimal, rational } from "@raingauge/domain";
import { sampleOf } from "@raingauge/wire";
import { expect, it } from "vitest";
import { api } from "./fixtures/api.ts";
import { BOOK, cloud, MARCH, march } from "./fixtures/cloud.ts";

const SEATS: Meter = {
  name: "licence.seats",
  kind: "gauge",
  unit: "seat",
  shown: { unit: "seat", factor: rational(1n) },
  resourceType: "licence",
  existence: true,
  dimensions: ["product"],
  isPriceable: true,
  silenceSeconds: 900,
  sources: [{ by: "notification", from: "licence.*" }],
  aliases: [],
};

it("a meter of an operator's own is measured, billed, listed and asked for like a built-in one", async () => {
  declareMeters([SEATS]);
  const seats = { sku: "seats", meter: SEATS.name, where: { product: "db" }, amount: "0.5" };
  const price = {
    ...BOOK.prices[0],
    sku: seats.sku,
    meter: seats.meter,
    where: seats.where,
    tiers: [{ amount: parseDecimal(seats.amount) }],
  };
  const made = await cloud({ ...BOOK, prices: [...BOOK.prices, price as (typeof BOOK.prices)[number]] });
  const told = (day: number, stance: "states" | "ends") =>
    sampleOf({
      region: "RegionOne",
      project: "acme",
      meter: SEATS.name,
      resource: "licence-1",
      at: march(day),
      value: 5n,
      origin: "notification",
      source: "licences",
      stance,
      dimensions: { product: "db" },
      sequence: march(day) * 1_000,
      message: `m-${day}`,
    });
  await made.say([told(10, "states"), told(12, "ends")]);
  const { ask } = await api(made);

  const [usage] = await made.store.measure({ meters: [SEATS.name], period: MARCH }, EVERYTHING);
  const listed = await ask("admin", "/v1/meters?limit=500");
  const asked = await ask(
    "admin",
    `/prometheus/api/v1/query?query=ceilometer_licence_seats&time=${march(10, 0) / 1_000}`,
  );
  const costs = await ask("finance", "/v1/costs?period=2026-03&project=acme");

  expect(usage?.quantity).toBe(5n * BigInt(march(12) - march(10)));
  expect(listed.json().items ?? listed.json()).toEqual(
    expect.arrayContaining([expect.objectContaining({ name: SEATS.name, unit: "seat", dimensions: ["product"] })]),
  );
  expect(asked.json().data.result).toEqual([
    expect.objectContaining({ metric: expect.objectContaining({ resource: "licence-1", product: "db" }) }),
  ]);
  expect([costs.statusCode, costs.body]).toEqual([200, expect.stringContaining("seats")]);
});
