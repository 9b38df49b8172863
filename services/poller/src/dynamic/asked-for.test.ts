import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NONE, readDefinitions } from "@raingauge/definitions";
import { at, type Batch } from "@raingauge/domain";
import { silentLog } from "@raingauge/runtime";
import { describe, expect, it, onTestFinished } from "vitest";
import { SURVEYS } from "../central/dials/surveys.ts";
import { SOURCES } from "../central/sources.ts";
import { pollerMetrics } from "../metrics.ts";
import { publisher } from "../publish.ts";
import { askedFor } from "./asked-for.ts";
import { definedReader } from "./defined-reader.ts";
import { cronOf, even } from "./even.ts";
import { hostDefined } from "./host-defined.ts";

const read = (...texts: readonly string[]) => {
  const { definitions, problems } = readDefinitions(texts.map((text, index) => ({ name: `${index}.yaml`, text })));
  expect(problems).toEqual([]);
  return definitions;
};

const source = (interval: number, ...meters: readonly string[]): string =>
  `sources: [{name: a, interval: ${interval}, meters: ${JSON.stringify(meters)}}]`;

const secondsOf = (polling: string | undefined, name: string): number | undefined => {
  const asked = askedFor(polling === undefined ? NONE : read(polling), 300);
  const work = [...SOURCES, ...SURVEYS].find((each) => each.name === name) ?? { name };
  return asked.secondsOf(work);
};

describe("what polling.yaml asks of a cloud's APIs", () => {
  it.each([
    ["all is asked as often as the settings say where there is none", undefined, "swift.survey", 300],
    ["what it names, as often as it says", source(600, "volume.*"), "cinder.volumes.sweep", 600],
    ["what it names by an old name", source(600, "volume.backup.size"), "cinder.backups.sweep", 600],
    ["what bills rest upon, though it is not named", source(600, "cpu"), "cinder.volumes.sweep", 300],
    ["nor could be", source(600, "cpu"), "nova.sweep", 300],
    ["not what it excludes", source(600, "!ip.*"), "neutron.floatingips.sweep", undefined],
    ["what an exclusion leaves", source(600, "!ip.*"), "glance.sweep", 600],
    ["not what nobody wants and nothing rests upon", source(600, "cpu"), "swift.survey", undefined],
    ["what somebody wants of it", source(600, "storage.objects.size"), "swift.survey", 600],
    ["what is looked at, though it is not named", source(600, "cpu"), "nova.survey", 300],
    ["and what is measured beside it", source(600, "cpu"), "octavia.survey", 300],
    ["never less often than each hour", source(86_400, "*"), "glance.sweep", 3_600],
    ["never more often than each minute", source(10, "*"), "glance.sweep", 60],
    ["at what an hour can be cut into", source(500, "*"), "glance.sweep", 360],
  ])("%s", (_, polling, name, seconds) => {
    expect(secondsOf(polling, name)).toBe(seconds);
  });

  const pollster = (name: string, more = ""): string =>
    `- {name: ${name}, sample_type: gauge, unit: a, value_attribute: a, endpoint_type: compute, url_path: a${more}}`;

  it("pollsters each at their own interval, and one question once", () => {
    const definitions = read(
      [pollster("x.a"), pollster("x.b"), pollster("x.c", ", headers: {b: c}"), pollster("y.a")].join("\n"),
      "sources: [{name: a, interval: 600, meters: [x.*]}, {name: b, interval: 60, meters: [y.*]}]",
    );

    expect(
      askedFor(definitions, 300).rounds.map(({ name, intervalSeconds, pollsters }) => [
        name,
        intervalSeconds,
        pollsters.map((each) => each.name),
      ]),
    ).toEqual([
      ["x.a.pollster", 600, ["x.a", "x.b"]],
      ["x.c.pollster", 600, ["x.c"]],
      ["y.a.pollster", 60, ["y.a"]],
    ]);
  });
});

describe("what polling.yaml asks of a host", () => {
  const POLLING = `sources:
  - {name: a, interval: 60, meters: [cpu, disk.read.bytes]}
  - {name: b, interval: 600, meters: [memory.usage]}
  - {name: c, interval: 7200, meters: [memory.resident, network.*]}`;
  const MINUTE = 60_000;
  const wanted = (meter: string): number[] => {
    const { wants } = hostDefined(read(POLLING));
    return Array.from({ length: 121 }, (_, minute) => minute).filter((minute) =>
      wants(meter, at(minute * MINUTE + 50)),
    );
  };

  it("is read as often as its most eager meter, and each is published as often as its own", () => {
    expect(hostDefined(read(POLLING)).schedule).toBe("*/1 * * * *");
    expect(wanted("cpu")).toHaveLength(121);
    expect(wanted("memory.usage")).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120]);
    // A counter loses nothing by it; a gauge would no longer hold.
    expect(wanted("network.incoming.bytes")).toEqual([0, 120]);
    expect(wanted("memory.resident")).toEqual([0, 15, 30, 45, 60, 75, 90, 105, 120]);
  });

  it("always has what says that a machine is there, and nothing that nobody wants", () => {
    expect(wanted("instance")).toHaveLength(121);
    expect(wanted("disk.device.capacity")).toEqual([]);
  });

  it("is read no less often than what says that a machine is there holds, however seldom it is asked", () => {
    const { schedule, wants } = hostDefined(read(source(3_600, "cpu")));

    expect(schedule).toBe("*/15 * * * *");
    const polls = [0, 15, 30, 45, 60].filter((minute) => wants("cpu", at(minute * MINUTE + 50)));
    expect(polls).toEqual([0, 60]);
    expect(wants("instance", at(15 * MINUTE))).toBe(true);
  });

  it("is as the settings say where it speaks of no host", () => {
    const { schedule, wants } = hostDefined(read(source(600, "volume.size")));

    expect([schedule, wants("cpu", at(0)), wants("instance", at(0))]).toEqual([undefined, false, true]);
    expect(hostDefined(NONE).wants("cpu", at(1))).toBe(true);
  });

  it("keeps what is not wanted from the bus", async () => {
    const packets: unknown[] = [];
    const bus = {
      publish: async (packet: unknown) => {
        packets.push(packet);
        return "stored" as const;
      },
    };
    const publish = publisher({ bus, log: silentLog, metrics: pollerMetrics(), wants: (meter) => meter === "cpu" });

    await publish(
      { samples: [{ meter: "memory.usage", at: at(0) }], events: [], coverage: [] } as unknown as Batch,
      "libvirt",
    );

    expect(packets).toEqual([]);
  });
});

it.each([
  [10, "*/10 * * * * *"],
  [60, "*/1 * * * *"],
  [900, "*/15 * * * *"],
  [3_600, "0 * * * *"],
])("%i s is cron's %s", (seconds, expression) => {
  expect(cronOf(even(seconds, 10))).toBe(expression);
});

it("a command is refused by its place unless another setting allows it", () => {
  const folder = mkdtempSync(join(tmpdir(), "raingauge-defined-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(
    join(folder, "a.yaml"),
    "- {name: x.lines, sample_type: gauge, unit: line, value_attribute: out, host_command: 'true'}",
  );
  const problems = (allowed: string | undefined): string[] => {
    const told: string[] = [];
    definedReader.read(
      (name) => (name === "DEFINITIONS" ? folder : allowed),
      (problem) => told.push(problem),
    );
    return told;
  };

  expect(problems(undefined)).toEqual([
    `${folder}/a.yaml:1: host_command: x.lines runs a shell, and only where RAINGAUGE_HOST_COMMANDS=true allows it`,
  ]);
  expect(problems("true")).toEqual([]);
});
