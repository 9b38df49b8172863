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
