import { ConfigError } from "@raingauge/runtime";
import { expect, it } from "vitest";
import { config } from "./config.ts";

const ENOUGH = {
  RAINGAUGE_NATS_URL: "nats://127.0.0.1:4222",
  RAINGAUGE_LEDGER_URL: "postgresql://127.0.0.1/raingauge",
  RAINGAUGE_STORE_URL: "influxdb+http://127.0.0.1:8086/raingauge",
};

it("listens on this machine alone, and bills months of UTC, unless told otherwise", () => {
  expect(config(ENOUGH)).toMatchObject({ listenHost: "127.0.0.1", zone: "UTC", book: "standard", graceHours: 6 });
});

it("names every problem at once, and no secret", () => {
  const wrong = {
    RAINGAUGE_NATS_URL: "http://u:hush@h",
    RAINGAUGE_LEDGER_URL: "postgresql://u:hush@h/d",
    RAINGAUGE_STORE_URL: "influxdb+http://u:hush@h",
    RAINGAUGE_ZONE: "Mars/Olympus",
    RAINGAUGE_LISTEN_PORT: "99999",
  };
  const problems = (() => {
    try {
      return config(wrong);
    } catch (error) {
      return error instanceof ConfigError ? error.problems : error;
    }
  })();

  expect(problems).toHaveLength(4);
  expect(String(problems)).not.toContain("hush");
});
