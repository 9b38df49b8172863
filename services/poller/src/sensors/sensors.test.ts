import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Message } from "@raingauge/bus";
import { at, type Sample } from "@raingauge/domain";
import { silentLog } from "@raingauge/runtime";
import { decodeBatch } from "@raingauge/wire";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { centralMetrics } from "../central/metrics.ts";
import { surveyor } from "../central/surveyor.ts";
import { pollerMetrics } from "../metrics.ts";
import { BoardsUnreadable, boardsIn } from "./boards.ts";
import { boardsSurvey } from "./boards-survey.ts";
import { powerIn, sensorsIn } from "./sdr.ts";
import { sensorWatch } from "./watch-sensors.ts";

const NOW = at(Date.parse("2026-11-28T12:00:00Z"));
const IPMITOOL = fileURLToPath(new URL("fixtures/ipmitool", import.meta.url));
const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");

const folder = mkdtempSync(join(tmpdir(), "boards-"));
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content, { mode: 0o600 });
  return join(folder, name);
};
const password = file("password", "hunter2\n");
afterAll(() => rmSync(folder, { recursive: true }));

const shown = (samples: readonly Sample[]): Record<string, bigint> =>
  Object.fromEntries(samples.map(({ meter, resource, value }) => [`${meter} ${resource}`, value]));

describe("what ipmitool says of a board", () => {
  it("is each sensor that reads something there is a meter for, exactly", () => {
    expect(sensorsIn(fixture("sdr.txt"))).toEqual([
      { meter: "hardware.ipmi.temperature", sensor: "Inlet Temp (0x1)", value: 23_000n },
      { meter: "hardware.ipmi.temperature", sensor: "CPU1 Temp (0x2)", value: 48_000n },
      { meter: "hardware.ipmi.fan", sensor: "FAN 1 (0x4)", value: 5_700n },
      { meter: "hardware.ipmi.voltage", sensor: "12V (0x5)", value: 12_120n },
      { meter: "hardware.ipmi.current", sensor: "Current 1 (0x6)", value: 800n },
      { meter: "hardware.ipmi.power", sensor: "Pwr Consumption (0x7)", value: 182_000n },
    ]);
    expect(powerIn(fixture("dcmi.txt"))).toEqual({ meter: "hardware.ipmi.power", sensor: "DCMI", value: 220_000n });
  });

  it.each([
    ["0.04 (+/- 0.001) Volts", 40n],
    ["-5 (+/- 0.500) degrees C", -5_000n],
    ["1.23456 (+/- 0) Amps", 1_235n],
    ["0x01", undefined],
    ["Disabled", undefined],
    ["No Reading", undefined],
    ["7 (+/- 0) degrees F", undefined],
    ["40 (+/- 0) percent", undefined],
  ] as const)("%s reads %s", (text, value) => {
    const said = `Sensor ID              : X (0x9)\n Sensor Type (Threshold)  : Other (0x0b)\n Sensor Reading        : ${text}\n`;

    expect(sensorsIn(said).map((each) => each.value)).toEqual(value === undefined ? [] : [value]);
  });

  it("a board that does not measure its power now is not believed", () => {
    expect(powerIn(fixture("dcmi.txt").replace("activated", "deactivated"))).toBeUndefined();
  });

  it("is told of the agent's own host, and what fails is counted by its reason", async () => {
    const sent: Message[] = [];
    const metrics = pollerMetrics();
    const bus = {
      publish: async (message: Message) => {
        sent.push(message);
        return "stored" as const;
      },
    };
    const watch = {
      bus,
      metrics,
      log: silentLog,
      now: () => NOW,
      region: "one",
      host: "compute-1",
      timeoutSeconds: 20,
    };

    await sensorWatch({ ...watch, command: IPMITOOL })();
    await sensorWatch({ ...watch, command: "/nowhere/ipmitool" })();

    const samples = sent.flatMap(({ body }) => decodeBatch(body).samples);
    expect(shown(samples)["hardware.ipmi.power compute-1/DCMI"]).toBe(220_000n);
    expect(samples).toHaveLength(7);
    expect(await metrics.text()).toContain('poller_looks_failed_total{source="ipmi",reason="missing"} 1');
  });
});

/** A board in the form of Redfish's older schemas, where power and thermal are an answer each. */
const OLDER: Readonly<Record<string, unknown>> = {
  "/redfish/v1/": { Chassis: { "@odata.id": "/redfish/v1/Chassis" } },
  "/redfish/v1/Chassis": { Members: [{ "@odata.id": "/redfish/v1/Chassis/1" }] },
  "/redfish/v1/Chassis/1": {
    Id: "1",
    Power: { "@odata.id": "/redfish/v1/Chassis/1/Power" },
    Thermal: { "@odata.id": "/redfish/v1/Chassis/1/Thermal" },
  },
  "/redfish/v1/Chassis/1/Power": {
    PowerControl: [{ Name: "Server", PowerConsumedWatts: 344 }],
    Voltages: [
      { Name: "VRM1", ReadingVolts: 12.05, Status: { State: "Enabled" } },
      { Name: "VRM2", ReadingVolts: 5, Status: { State: "Absent" } },
    ],
  },
  "/redfish/v1/Chassis/1/Thermal": {
    Temperatures: [
      { Name: "CPU", ReadingCelsius: 41, Status: { State: "Enabled" } },
      { Name: "CPU", ReadingCelsius: 43, Status: { State: "Enabled" } },
      { Name: "Outside", ReadingCelsius: -4 },
      { Name: "Slot", ReadingCelsius: null },
    ],
    Fans: [
      { Name: "Fan 1", Reading: 2_100, ReadingUnits: "RPM" },
      { FanName: "Fan 2", Reading: 37, ReadingUnits: "Percent" },
    ],
  },
};

/** And in the form of the newer ones, with a list of sensors over two pages. */
const NEWER: Readonly<Record<string, unknown>> = {
  "/redfish/v1/": { ...rootOf(true) },
  "/redfish/v1/Chassis": { Members: [{ "@odata.id": "/redfish/v1/Chassis/1U" }] },
  "/redfish/v1/Chassis/1U": {
    Id: "1U",
    Sensors: { "@odata.id": "/redfish/v1/Chassis/1U/Sensors" },
    EnvironmentMetrics: { "@odata.id": "/redfish/v1/Chassis/1U/EnvironmentMetrics" },
    Thermal: { "@odata.id": "/redfish/v1/Chassis/1U/Thermal" },
  },
  "/redfish/v1/Chassis/1U/Sensors?$expand=.($levels=1)": {
    Members: [
      { Name: "Ambient", ReadingType: "Temperature", Reading: 22.5, Status: { State: "Enabled" } },
      { Name: "Fan Bay 1", ReadingType: "Rotational", Reading: 2_200 },
      { Name: "Fan Bay 2", ReadingType: "Percent", PhysicalContext: "Fan", Reading: 45 },
      { Name: "Humidity", ReadingType: "Humidity", Reading: 30 },
    ],
    "Members@odata.nextLink": "/redfish/v1/Chassis/1U/Sensors?$skip=4",
  },
  "/redfish/v1/Chassis/1U/Sensors?$skip=4": {
    Members: [{ Name: "PS1 Current", ReadingType: "Current", Reading: 1.25 }],
  },
  "/redfish/v1/Chassis/1U/EnvironmentMetrics": { PowerWatts: { Reading: 374.5, DataSourceUri: "/redfish/v1/x" } },
};

function rootOf(expands: boolean) {
  return {
    Chassis: { "@odata.id": "/redfish/v1/Chassis" },
    ProtocolFeaturesSupported: { ExpandQuery: { NoLinks: expands, Levels: expands } },
  };
}

const openssl = (...args: string[]): void => void execFileSync("openssl", args, { stdio: "pipe" });

describe("boards that are asked over the network", () => {
  const keyFile = join(folder, "board.key");
  const authority = join(folder, "board.pem");
  const stops: (() => void)[] = [];
  const asked: string[] = [];
  beforeAll(() => {
    const names = ["-subj", "/CN=board", "-addext", "subjectAltName=IP:127.0.0.1"];
    const made = ["-keyout", keyFile, "-out", authority];
    openssl(
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-days",
      "2",
      ...names,
      ...made,
    );
  });
  afterAll(() => {
    for (const stop of stops) stop();
  });

  /** A board behind TLS; undefined for an answer that never comes. */
  async function board(says: Readonly<Record<string, unknown>> | "nothing" | "garbage"): Promise<string> {
    const server = createServer({ key: readFileSync(keyFile), cert: readFileSync(authority) }, (request, response) => {
      asked.push(request.url ?? "");
      if (says === "nothing") return;
      const isKnown = request.headers.authorization === `Basic ${Buffer.from("monitor:hunter2").toString("base64")}`;
      const said = says === "garbage" ? "<html>" : says[decodeURIComponent(request.url ?? "")];
      response.writeHead(isKnown ? (said === undefined ? 404 : 200) : 401, { "content-type": "application/json" });
      response.end(typeof said === "string" ? said : JSON.stringify(said ?? {}));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    stops.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const entry = (host: string, url: string, more = `, ca_file: ${authority}`): string =>
    `  - { host: ${host}, url: "${url}", user: monitor, password_file: ${password}${more} }\n`;

  async function surveyed(entries: readonly string[], timeoutSeconds = 20) {
    const logged: string[] = [];
    const log = { ...silentLog, warn: (...said: unknown[]) => void logged.push(JSON.stringify(said, errors)) };
    const samples: Sample[] = [];
    const metrics = centralMetrics();
    const boards = boardsIn(file("boards.yaml", `boards:\n${entries.join("")}`));
    const survey = boardsSurvey(boards, { ipmitool: IPMITOOL, timeoutSeconds, signal: new AbortController().signal });
    const nobody = () => expect.fail("the cloud is not asked");
    await surveyor(survey, {
      ...{ log, metrics, now: () => NOW, region: "one", agent: "central" },
      session: { fetch: nobody, get: nobody, pages: nobody },
      post: async (batch) => {
        samples.push(...batch.samples);
        return true;
      },
    }).once();
    return { samples, metrics: await metrics.text(), logged: logged.join("\n") };
  }

  it("tell power and what is warm, by Redfish's older schemas and by its newer ones", async () => {
    const { samples } = await surveyed([entry("old", await board(OLDER)), entry("new", await board(NEWER))]);

    expect(shown(samples)).toEqual({
      "hardware.ipmi.power old/1/Server": 344_000n,
      "hardware.ipmi.voltage old/1/VRM1": 12_050n,
      "hardware.ipmi.temperature old/1/CPU": 41_000n,
      "hardware.ipmi.temperature old/1/CPU 2": 43_000n,
      "hardware.ipmi.fan old/1/Fan 1": 2_100n,
      "hardware.ipmi.fan.duty old/1/Fan 2": 370_000n,
      "hardware.ipmi.temperature new/1U/Ambient": 22_500n,
      "hardware.ipmi.fan new/1U/Fan Bay 1": 2_200n,
      "hardware.ipmi.fan.duty new/1U/Fan Bay 2": 450_000n,
      "hardware.ipmi.current new/1U/PS1 Current": 1_250n,
      "hardware.ipmi.power new/1U/PowerWatts": 374_500n,
    });
  });

  it("that are dead, strange, slow or locked cost their own readings and no other's, and nobody learns a password", async () => {
    const stranger = await board({
      ...OLDER,
      "/redfish/v1/": { Chassis: { "@odata.id": "https://thief.example/redfish/" } },
    });
    const lost = ", verify: false".replace("}", "");
    const { samples, metrics, logged } = await surveyed(
      [
        entry("dead", "https://127.0.0.1:9"),
        entry("slow", await board("nothing")),
        entry("garbage", await board("garbage")),
        entry("thief", stranger),
        entry("untrusted", await board(OLDER), ""),
        `  - { host: locked, url: "${await board(OLDER)}", user: nobody, password_file: ${password}, ca_file: ${authority} }\n`,
        `  - { host: lost, url: "${await board(OLDER)}", user: monitor, password_file: /nowhere/password${lost} }\n`,
        entry("ipmi-dead", "ipmi://dead", ""),
        entry("ipmi-hangs", "ipmi://hangs", ""),
        entry("ipmi-old", "ipmi://old", ""),
        entry("well", await board(NEWER)),
      ],
      4,
    );

    const hosts = new Set(samples.map(({ resource }) => resource.slice(0, resource.indexOf("/"))));
    expect([...hosts]).toEqual(["ipmi-old", "well"]);
    expect(shown(samples)["hardware.ipmi.temperature ipmi-old/CPU1 Temp (0x2)"]).toBe(48_000n);
    const skipped = (reason: string): string | undefined =>
      new RegExp(`survey_parts_skipped_total{source="boards.survey",reason="${reason}"} (\\d+)`).exec(metrics)?.[1];
    expect(["unreachable", "timed_out", "unreadable", "unauthorized", "refused"].map(skipped)).toEqual([
      ...["3", "2", "2", "1", "1"],
    ]);
    expect(asked.every((path) => path.startsWith("/redfish/"))).toBe(true);
    expect(logged).toContain("thief");
    expect(logged).not.toMatch(/hunter2|bW9uaXRvcjpodW50ZXIy/);
  });

  it("a reading below zero has no meter, and is told of", async () => {
    const { samples, logged } = await surveyed([entry("cold", await board(OLDER))]);

    expect(samples.filter(({ resource }) => resource.includes("Outside"))).toEqual([]);
    expect(logged).toContain("cold/1/Outside");
  });
});

/** What an error holds, for whoever looks for a secret in it. */
const errors = (_: string, value: unknown): unknown =>
  value instanceof Error ? { ...value, message: value.message, stack: value.stack, cause: value.cause } : value;

describe("a file of boards", () => {
  it.each([
    ["boards: 7", /no list of boards/],
    ["boards:\n  - host: a\n    url: http://10.0.0.1\n    user: u\n    password_file: /p\n", /https: or ipmi:/],
    [
      "boards:\n  - host: a\n    url: https://u:hunter2@10.0.0.1\n    user: u\n    password_file: p\n",
      /absolute path[\s\S]*must not have credentials/,
    ],
    ["boards:\n  - host: a\n    password: hunter2\n", /has no setting password[\s\S]*needs user[\s\S]*needs url/],
    [
      "boards:\n  - {host: a, url: 'ipmi://b', user: u, password_file: /p}\n  - {host: a, url: 'ipmi://c', user: u, password_file: /p}\n",
      /a has two boards/,
    ],
    ["boards: [hunter2: :", /it is not YAML/],
  ])("%j is refused by a sentence", (content, says) => {
    const reading = () => boardsIn(file("wrong.yaml", content));

    expect(reading).toThrow(BoardsUnreadable);
    expect(reading).toThrow(says);
    expect(reading).not.toThrow(/hunter2/);
  });
});
