import { describe, expect, it } from "vitest";
import { readDefinitions } from "../definitions.ts";
import { type Problem, sentenceOf } from "../problem.ts";
import { intervalOf, isExcluded } from "./polling-source.ts";

/** Without the column. */
const said = (problem: Problem): string => sentenceOf(problem).replace(/^([^:]+:\d+):\d+/, "$1");

const read = (...texts: readonly string[]) =>
  readDefinitions(texts.map((text, index) => ({ name: `${index + 1}.yaml`, text })));

describe("polling.yaml", () => {
  const { definitions, problems } = read(`sources:
  - name: often
    interval: 60
    meters: [cpu, 'disk.*']
  - name: seldom
    interval: 600
    meters: ['!memory.*', '!cpu']`);

  it.each([
    ["cpu", 60],
    ["disk.device.read.bytes", 60],
    ["volume.size", 600],
    ["memory.usage", undefined],
    ["diskette", 600],
  ])("asks for %s every %s s", (meter, seconds) => {
    expect(problems).toEqual([]);
    expect(intervalOf(definitions.polling ?? [], meter)).toBe(seconds);
  });

  it("excludes what it says so of, and not what it does not speak of", () => {
    const polling = definitions.polling ?? [];
    const named = read("sources: [{name: a, interval: 60, meters: [cpu]}]").definitions.polling ?? [];

    expect(["memory.usage", "cpu", "volume.size"].map((meter) => isExcluded(polling, meter))).toEqual([
      true,
      false,
      false,
    ]);
    expect(isExcluded(named, "volume.size")).toBe(false);
  });

  it.each([
    [
      "no interval",
      "sources:\n  - name: a\n    meters: [cpu]",
      "1.yaml:2: sources[0].interval: not a whole number of seconds",
    ],
    ["none at all", "sources:\n  - {name: a, interval: 0, meters: [cpu]}", "sources[0].interval: not a whole number"],
    ["no meters", "sources:\n  - {name: a, interval: 60}", "1.yaml:2: sources[0].meters: not a list of names"],
    ["no name", "sources:\n  - {interval: 60, meters: [cpu]}", "1.yaml:2: sources[0].name: missing"],
    [
      "names and exclusions",
      "sources:\n  - name: a\n    interval: 60\n    meters:\n      - cpu\n      - '!disk.*'",
      "1.yaml:4: sources[0].meters: names and exclusions in one list",
    ],
    ["all and one", "sources:\n  - {name: a, interval: 60, meters: ['*', cpu]}", "“*” takes all"],
    [
      "what nobody knows",
      "sources:\n  - {name: a, interval: 60, meters: [cpu], sinks: [x]}",
      "sources[0].sinks: not understood",
    ],
  ])("is refused by line with %s", (_, text, says) => {
    expect(read(text).problems.map(said)).toEqual([expect.stringContaining(says)]);
  });

  it("passes over, and says so, what nobody needs to be told here", () => {
    const { definitions, problems } = read(
      "sources:\n  - name: a\n    interval: 60\n    meters: [cpu]\n    resources: ['snmp://a']\n    discovery: []",
    );

    expect(problems).toEqual([]);
    expect(definitions.passed.map(said)).toEqual([
      "1.yaml:5: sources[0].resources: passed over: what is asked is found in Keystone's catalog, on the host, or in RAINGAUGE_BOARDS",
    ]);
  });
});

const pipeline = (publisher: string, more = "", meters = "['*']"): string => `sources:
  - name: meter_source
    meters: ${meters}
    sinks: [meter_sink]
sinks:
  - name: meter_sink
    publishers:
      - ${publisher}
${more}`;

describe("pipeline.yaml", () => {
  it.each([
    ["gnocchi://", "Raingauge's own store takes its place"],
    ["notifier://?topic=alarm.all", "Raingauge's own bus takes its place"],
    ["https://raingauge.example/v1/samples/ceilometer", "these are Raingauge's own samples already"],
  ])("with %s changes nothing, and says why", (publisher, says) => {
    const { definitions, problems } = read(pipeline(publisher));

    expect(problems).toEqual([]);
    expect(definitions.passed.map(said)).toEqual([expect.stringMatching(`^1.yaml:8: .*${says}`)]);
  });

  it.each([
    [
      "a publisher that somebody listens to",
      pipeline("prometheus://gateway:9091"),
      "1.yaml:8: sinks[0].publishers[0]: prometheus:// is not fed from here: let Prometheus ask",
    ],
    ["a file", pipeline("file:///tmp/a"), "`raingauge store export` writes files"],
    ["what is no URL", pipeline("gnocchi"), "1.yaml:8: sinks[0].publishers[0]: not a URL"],
    [
      "a transformer",
      pipeline("gnocchi://", "    transformers: [{name: rate_of_change}]"),
      "1.yaml:9: sinks[0].transformers: nothing is transformed on its way",
    ],
    [
      "a sink that is not there",
      pipeline("gnocchi://").replace("sinks: [meter_sink]", "sinks: [another]"),
      "1.yaml:4: sources[0].sinks[0]: there is no sink another",
    ],
    [
      "an interval",
      pipeline("gnocchi://").replace("    sinks: [", "    interval: 60\n    sinks: ["),
      "1.yaml:4: sources[0].interval: pipelines no longer say what is polled",
    ],
    [
      "names and exclusions",
      pipeline("gnocchi://", "", "[cpu, '!disk.*']"),
      "1.yaml:3: sources[0].meters: names and exclusions",
    ],
  ])("is refused by line with %s", (_, text, says) => {
    expect(read(text).problems.map(said)).toEqual([expect.stringContaining(says)]);
  });

  it("that takes no such meter sets its definition aside, and keeps events", () => {
    const meter =
      "metric: [{name: licence.seats, event_type: a, type: gauge, unit: seat, volume: 1, resource_id: $.payload.id}]";
    const events = pipeline("notifier://").replace("meters: ['*']", "events: ['*']");
    const { definitions, problems } = read(meter, pipeline("gnocchi://", "", "['!licence.*']"), events);

    expect(problems).toEqual([]);
    expect(definitions.meters).toEqual([]);
    expect(definitions.own.map(({ name }) => name)).toEqual(["licence.seats"]);
    expect(definitions.aside.map(({ why }) => why)).toEqual(["no source of pipeline.yaml takes it"]);
    expect(definitions.passed.map(said)).toContainEqual(expect.stringContaining("every event is kept"));
  });
});

it("gnocchi_resources.yaml is passed over, for a defined meter needs no second word", () => {
  const { definitions, problems } = read("archive_policy_default: low\narchive_policies: []\nresources: []");

  expect(problems).toEqual([]);
  expect(definitions.passed.map(said)).toEqual([
    "1.yaml:1: passed over: a defined meter is stored with no second word",
  ]);
});
