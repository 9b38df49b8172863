import { ConfigError } from "@raingauge/runtime";
import { expect, it } from "vitest";
import { config } from "./config.ts";

it("needs nothing to be set on a machine with everything on it", () => {
  expect(config({})).toMatchObject({ consumer: "collector", rollUpSchedule: "*/5 * * * *", busBytes: undefined });
});

it("names every problem at once", () => {
  const wrong = {
    RAINGAUGE_NATS_URL: "http://127.0.0.1",
    RAINGAUGE_STORE_URL: "duckdb:samples.duckdb",
    RAINGAUGE_COLLECTOR_ROLL_UP: "now and then",
    RAINGAUGE_COLLECTOR_BATCH_MESSAGES: "0",
  };

  expect(() => config(wrong)).toThrow(ConfigError);
  expect(() => config(wrong)).toThrow(expect.objectContaining({ problems: expect.objectContaining({ length: 4 }) }));
});

it.each([
  { said: "400d", seconds: 400 * 86_400 },
  { said: undefined, seconds: undefined },
])("keeps readings for ever unless told for how long: $said", ({ said, seconds }) => {
  expect(config({ RAINGAUGE_RETENTION: said }).retentionSeconds).toBe(seconds);
});

it("refuses a retention that a month might not be closed within", () => {
  expect(() => config({ RAINGAUGE_RETENTION: "61d" })).toThrow(/RAINGAUGE_RETENTION/);
});
