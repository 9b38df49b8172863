import { readFileSync } from "node:fs";
import { ConfigError } from "@raingauge/runtime";
import { expect, it } from "vitest";
import { POLLER_READERS } from "../config.ts";
import { definedReader } from "../dynamic/defined-reader.ts";
import { BOARDS_SURVEY } from "../sensors/boards-survey.ts";
import { centralConfig, SWEEP_READERS } from "./config.ts";
import { RADOSGW_SURVEY } from "./dials/radosgw.ts";
import { SURVEYS } from "./dials/surveys.ts";
import { centralMetrics } from "./metrics.ts";
import { SOURCES } from "./sources.ts";

const ALL = [...[...SOURCES, ...SURVEYS].map(({ name }) => name), RADOSGW_SURVEY, BOARDS_SURVEY];

const CLOUD = {
  OS_AUTH_URL: "https://keystone.example",
  OS_USERNAME: "raingauge",
  OS_PASSWORD: "hunter2",
  OS_PROJECT_NAME: "service",
};

it("needs a cloud and nothing else", () => {
  expect(centralConfig(CLOUD)).toMatchObject({
    region: "RegionOne",
    sweepMinutes: 5,
    sweepSources: ALL,
    cloud: { authUrl: "https://keystone.example/v3" },
  });
  expect(() => centralConfig({})).toThrow(/RAINGAUGE_OS_CLOUD, OS_CLOUD or OS_AUTH_URL/);
});

it("names every problem at once, the cloud's too, and no secret", () => {
  const { OS_USERNAME: _, ...env } = CLOUD;
  const wrong = { ...env, RAINGAUGE_SWEEP_INTERVAL: "7m", RAINGAUGE_SWEEP_SOURCES: "nova", RAINGAUGE_SWEPT: "x" };

  expect(() => centralConfig(wrong)).toThrow(ConfigError);
  expect(() => centralConfig(wrong)).toThrow(
    /4 problem\(s\)[\s\S]*divide an hour[\s\S]*nova is none of nova.sweep[\s\S]*OS_USERNAME is missing[\s\S]*RAINGAUGE_SWEPT is not a setting/,
  );
  expect(() => centralConfig(wrong)).not.toThrow(/hunter2/);
});

it("needs both keys of Ceph's gateway where that is named, and shows neither", () => {
  const rgw = { ...CLOUD, RAINGAUGE_RGW_URL: "https://rgw.example", RAINGAUGE_RGW_SECRET_KEY: "s3cret" };

  expect(() => centralConfig(rgw)).toThrow(/RAINGAUGE_RGW_ACCESS_KEY must be set/);
  expect(() => centralConfig({ ...rgw, RAINGAUGE_RGW_URL: "rgw" })).toThrow(/RAINGAUGE_RGW_URL must be a URL/);
  expect(JSON.stringify(centralConfig({ ...rgw, RAINGAUGE_RGW_ACCESS_KEY: "key" }))).not.toContain("s3cret");
});

it("looks at the authorities behind the services' certificates before anything is asked", () => {
  const rgw = {
    RAINGAUGE_RGW_URL: "https://rgw.example",
    RAINGAUGE_RGW_ACCESS_KEY: "a",
    RAINGAUGE_RGW_SECRET_KEY: "b",
  };
  const lost = { ...CLOUD, ...rgw, OS_CACERT: "/nowhere/cloud.pem", RAINGAUGE_RGW_CA: "/nowhere/rgw.pem" };

  expect(() => centralConfig(lost)).toThrow(
    /RGW_CA cannot be used: there is no [\s\S]*cacert cannot be used: there is no/,
  );
});

it("is documented: every setting, source and metric, and none that is not there", async () => {
  const page = readFileSync(new URL("../../../../docs/sweeping.md", import.meta.url), "utf8");
  const mine = Object.values(SWEEP_READERS).flatMap(({ names }) => names);
  const shared = Object.values(POLLER_READERS).flatMap(({ names }) => names);
  const settings = [...mine, ...definedReader.names, "OS_CLOUD"].map((name) => `RAINGAUGE_${name}`);
  const metrics = [...(await centralMetrics().text()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  const named = new Set(page.match(/RAINGAUGE_\w+/g));

  expect(settings.filter((name) => !named.has(name))).toEqual([]);
  expect(
    [...named].filter((name) => ![...settings, ...shared.map((each) => `RAINGAUGE_${each}`)].includes(name)),
  ).toEqual([]);
  expect(new Set(page.match(/\bpoller_\w+/g))).toEqual(new Set(metrics));
  expect(new Set(page.match(/\b\w+(\.\w+)?\.(sweep|survey)\b/g))).toEqual(new Set(ALL));
});
