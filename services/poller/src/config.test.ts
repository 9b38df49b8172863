import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { ConfigError } from "@raingauge/runtime";
import { expect, it } from "vitest";
import { config, POLLER_READERS } from "./config.ts";
import { definedReader } from "./dynamic/defined-reader.ts";
import { pollerMetrics } from "./metrics.ts";

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

it("is documented: every setting and every metric, and none that is not there", async () => {
  const page = readFileSync(new URL("../../../docs/polling.md", import.meta.url), "utf8");
  const readers = [definedReader, ...Object.values(POLLER_READERS)];
  const settings = readers.flatMap(({ names }) => names.map((name) => `RAINGAUGE_${name}`));
  const metrics = [...(await pollerMetrics().text()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);

  expect(new Set(page.match(/RAINGAUGE_\w+/g))).toEqual(new Set([...settings, "RAINGAUGE_LOG_LEVEL"]));
  expect(new Set(page.match(/\bpoller_\w+/g))).toEqual(new Set(metrics));
});
