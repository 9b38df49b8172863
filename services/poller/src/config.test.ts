import { hostname } from "node:os";
import { ConfigError } from "@raingauge/runtime";
import { expect, it } from "vitest";
import { config } from "./config.ts";

it("needs no settings on a compute node that speaks to a bus on the same machine", () => {
  expect(config({})).toMatchObject({
    region: "RegionOne",
    host: hostname(),
    schedule: "*/5 * * * *",
    libvirtUri: "qemu:///system",
  });
});

it("names every problem at once", () => {
  const env = {
    RAINGAUGE_POLLER_SCHEDULE: "often",
    RAINGAUGE_POLLER_FOLDER: "here",
    RAINGAUGE_POLLER_SPOOL_BYTES: "1",
    RAINGAUGE_VIRSCH: "x",
  };

  expect(() => config(env)).toThrow(ConfigError);
  expect(() => config(env)).toThrow(
    /4 problem\(s\)[\s\S]*a cron expression[\s\S]*an absolute path[\s\S]*did you mean RAINGAUGE_VIRSH\?/,
  );
});
