import { describe, expect, it } from "vitest";
import { readDefinitions } from "./definitions.ts";
import { traitsOf } from "./event-definition.ts";
import type { Message } from "./message.ts";
import { type Problem, sentenceOf } from "./problem.ts";
import { isLeftOut, readingsOf } from "./readings.ts";

const message = (payload: Message["payload"], said: Partial<Message> = {}): Message => ({
  event_type: "licence.granted",
  publisher_id: "licences.host-1",
  payload,
  ctxt: {},
  metadata: { message_id: "m-1", timestamp: "2026-11-23T10:00:00.000000" },
  ...said,
});

const meter = (fields: string): string => `metric:
  - name: licence.seats
    event_type: licence.*
    type: gauge
    unit: seat
    volume: $.payload.seats
    resource_id: $.payload.id
    project_id: $.payload.tenant_id
${fields}`;

/** Without the column. */
const said = (problem: Problem): string => sentenceOf(problem).replace(/^([^:]+:\d+):\d+/, "$1");

const read = (...texts: readonly string[]) =>
  readDefinitions(texts.map((text, index) => ({ name: `${index + 1}.yaml`, text })));

const problems = (...texts: readonly string[]): string[] => read(...texts).problems.map(said);

describe("definitions of meters", () => {
  it.each([
    ["a field that nobody knows", meter("    volum: 1"), "1.yaml:9: metric[0].volum: not understood"],
    [
      "a field left out",
      "metric:\n  - name: a.b\n    type: gauge\n    event_type: a\n    unit: B\n    volume: 1",
      "1.yaml:2: metric[0].resource_id: missing",
    ],
    [
      "a path that is none",
      meter("    user_id: $..id"),
      "1.yaml:9: metric[0].user_id: in the path $..id at character 2: “..” searches everywhere",
    ],
    [
      "a kind that is none",
      meter("").replace("gauge", "histogram"),
      "1.yaml:4: metric[0].type: not gauge, delta, cumulative",
    ],
    [
      "a broken regular expression",
      meter("").replace("licence.*", "'licence.('"),
      "1.yaml:3: metric[0].event_type: not a regular expression",
    ],
    [
      "a plugin that nobody knows",
      meter("    metadata: {a: {fields: payload.a, plugin: eval}}"),
      '1.yaml:9: metric[0].metadata.a.plugin: no plugin is called "eval"',
    ],
    [
      "a plugin's parameter",
      meter("    metadata: {a: {fields: payload.a, plugin: {name: split, parameters: {segment: x}}}}"),
      "1.yaml:9: metric[0].metadata.a.plugin.parameters.segment: not a whole number",
    ],
    ["what is no YAML", "metric: [", "1.yaml:1: not YAML"],
    ["what is none of Ceilometer's", "a: 1", "1.yaml:1: neither meters"],
    [
      "names that only messages know",
      meter("    lookup: [name]").replace("licence.seats", "$.payload.names.[*]"),
      "1.yaml:2: name: only messages say how these meters are called",
    ],
    [
      "two meters that PromQL could not tell apart",
      meter("").replace("licence.seats", "volume_size"),
      "1.yaml:2: name: volume_size and the built-in volume.size would be one in queries",
    ],
    [
      "a dimension that queries have already",
      meter("    metadata: {region: $.payload.r}"),
      "1.yaml:2: metadata.region: a dimension cannot be called so",
    ],
    [
      "an unknown manner",
      meter("    raingauge: {silence: 5}"),
      "1.yaml:9: metric[0].raingauge.silence: not understood",
    ],
    [
      "ends of what does not last",
      meter("    raingauge: {ends_on: licence.revoked}").replace("gauge", "delta"),
      "1.yaml:2: raingauge.ends_on: only a gauge",
    ],
    [
      "a life that is told already",
      meter("    raingauge: {ends_on: a, resource_type: volume}"),
      "1.yaml:2: raingauge.resource_type: volume is a type whose beginnings and ends are known already",
    ],
  ])("refuse %s by file, line and field", (_, text, says) => {
    expect(problems(text)).toEqual([expect.stringContaining(says)]);
  });

  it("say the column too, as editors count it", () => {
    const { problems: wrong } = read(meter("    metadata: {a: $..b}"));

    expect(wrong.map(sentenceOf)).toEqual([expect.stringMatching(/^1\.yaml:9:16: metric\[0\]\.metadata\.a: /)]);
  });

  it("refuse one meter in two files, and say where the other stands", () => {
    expect(problems(meter(""), meter(""))).toEqual([
      "2.yaml:2: name: licence.seats is defined at 1.yaml:2 already; list all event types in one definition",
    ]);
  });

  it("set aside what is built in or gone, and say why", () => {
    const { definitions, problems: wrong } = read(
      meter("").replace("licence.seats", "volume.size"),
      meter("").replace("licence.seats", "cpu_util"),
    );

    expect(wrong).toEqual([]);
    expect(definitions.own).toEqual([]);
    expect(definitions.aside.map(({ why }) => why)).toEqual([
      expect.stringMatching(/^built in, told by notifications .*begins to when it ends$/),
      expect.stringMatching(/^nothing says it any more: a rate .*; ask for cpu$/),
    ]);
  });

  it("make a meter with its unit, its dimensions and its manners", () => {
    const text = meter(
      "    metadata: {product: $.payload.product}\n    raingauge: {decimals: 2, silence_seconds: 7200, resource_type: agreement, priceable: false}",
    );

    expect(read(text).definitions.own).toEqual([
      {
        name: "licence.seats",
        kind: "gauge",
        unit: "1e-2 seat",
        shown: { unit: "seat", factor: { numerator: 100n, denominator: 1n } },
        resourceType: "agreement",
        existence: false,
        dimensions: ["product"],
        isPriceable: false,
        silenceSeconds: 7_200,
        sources: [{ by: "notification", from: "licence.*" }],
        aliases: [],
      },
    ]);
  });
});

describe("readings", () => {
  const of = (text: string, said: Message): unknown[] => {
    const { definitions, problems: wrong } = read(text);
    expect(wrong).toEqual([]);
    const named = new Map(definitions.own.map((each) => [each.name, each]));
    return readingsOf(definitions.meters, (name) => named.get(name), said).map((each) =>
      isLeftOut(each) ? each.nothing : [each.meter.name, each.value, each.resource, each.project, each.dimensions],
    );
  };
  const whole = { id: "l-1", tenant_id: "acme" };

  it.each([
    ["a number", meter(""), { ...whole, seats: 5 }, [["licence.seats", 5n, "l-1", "acme", {}]]],
    ["0", meter(""), { ...whole, seats: 0 }, [["licence.seats", 0n, "l-1", "acme", {}]]],
    [
      "decimals of what is measured, cut off",
      meter(""),
      { ...whole, seats: 5.9 },
      [["licence.seats", 5n, "l-1", "acme", {}]],
    ],
    [
      "decimals that are kept",
      meter("    raingauge: {decimals: 2}"),
      { ...whole, seats: 5.94 },
      [["licence.seats", 594n, "l-1", "acme", {}]],
    ],
    [
      "GB as GiB",
      meter("").replace("seat\n", "GB\n"),
      { ...whole, seats: 2 },
      [["licence.seats", 2n << 30n, "l-1", "acme", {}]],
    ],
    [
      "dimensions, without what is not there",
      meter("    metadata: {a: $.payload.a, b: $.payload.b, c: $.payload.c}"),
      { ...whole, seats: 1, a: "x", b: 7 },
      [["licence.seats", 1n, "l-1", "acme", { a: "x", b: "7" }]],
    ],
    [
      "no secret, whatever it is called here, nor one within something else",
      meter("    metadata: {hint: $.payload.psk, password: $.payload.a, all: $.payload.all}"),
      { ...whole, seats: 1, psk: "hunter2", a: "hunter2", all: { token: "hunter2", b: 1 } },
      [["licence.seats", 1n, "l-1", "acme", { all: '{"b":1}' }]],
    ],
    [
      "seconds between two times",
      meter("")
        .replace("$.payload.seats", "{fields: [$.payload.a, $.payload.b], plugin: timedelta}")
        .replace("seat\n", "s\n"),
      { ...whole, a: "2026-01-01 00:00:00", b: "2026-01-01T00:01:05.5" },
      [["licence.seats", 65n, "l-1", "acme", {}]],
    ],
    [
      "no number",
      meter(""),
      { ...whole, seats: "many" },
      ["“volume” finds no number, or one that was rounded on its way"],
    ],
    [
      "a number that JSON has rounded",
      meter(""),
      { ...whole, seats: 2 ** 60 },
      ["“volume” finds no number, or one that was rounded on its way"],
    ],
    ["nothing", meter(""), whole, ["“volume” finds nothing in the message"]],
    ["less than nothing", meter(""), { ...whole, seats: -1 }, ["“volume” is negative"]],
    ["no resource", meter(""), { tenant_id: "acme", seats: 1 }, ["“resource_id” finds nothing in the message"]],
    [
      "nobody",
      meter(""),
      { id: "l-1", seats: 1 },
      ["“project_id” finds nothing: what belongs to nobody is nobody's to pay for"],
    ],
    [
      "part of a difference",
      meter("").replace("gauge", "delta"),
      { ...whole, seats: 1.5 },
      ["“volume” is not a whole number of seat; raingauge: {decimals: …} keeps more of it"],
    ],
  ])("say %s", (_, text, payload, expected) => {
    expect(of(text, message(payload))).toEqual(expected);
  });

  it("are of the one who asked, where the payload names nobody", () => {
    expect(of(meter(""), message({ id: "l-1", seats: 1 }, { ctxt: { project_id: "globex" } }))).toEqual([
      ["licence.seats", 1n, "l-1", "globex", {}],
    ]);
  });

  it("come from matching messages alone", () => {
    expect(of(meter(""), message({ ...whole, seats: 1 }, { event_type: "other.licence" }))).toEqual([]);
  });

  it("are taken item by item where a message holds several, and equal differences are added up", () => {
    const text = meter("    lookup: [name, unit, volume]\n    raingauge: {names: {seat.used: seat, seat.free: seat}}")
      .replace("licence.seats", "$.payload.items.[*].what")
      .replace("gauge", "delta")
      .replace("unit: seat", "unit: $.payload.items.[*].unit")
      .replace("$.payload.seats", "$.payload.items.[*].count");
    const item = (what: string, count: number) => ({ what, unit: "seat", count });
    const items = [item("seat.used", 2), item("seat.used", 2), item("seat.free", 1), item("seat.lost", 9)];

    expect(of(text, message({ ...whole, items }))).toEqual([
      "seat.lost is not among the names of this definition",
      ["seat.used", 4n, "l-1", "acme", {}],
      ["seat.free", 1n, "l-1", "acme", {}],
    ]);
    expect(of(text, message({ ...whole, items: [...items, { what: "seat.used", unit: "seat" }] }))).toEqual([
      "“volume” finds 4 values for 5 meters",
    ]);
  });
});

describe("definitions of events", () => {
  const traits = (text: string, payload: Message["payload"]) => {
    const { definitions, problems: wrong } = read(text);
    expect(wrong).toEqual([]);
    const event = definitions.events.findLast(({ hears }) => hears("licence.granted"));
    return event === undefined ? undefined : traitsOf(event, message(payload));
  };

  it.each([
    ["text", "{fields: payload.a}", 7, "7"],
    ["int", "{type: int, fields: payload.a}", "7.9", "7"],
    ["float", "{type: float, fields: payload.a}", "7.5", "7.5"],
    ["datetime", "{type: datetime, fields: payload.a}", "2026-01-01 00:00:00", "2026-01-01 00:00:00"],
    ["the first of several", "{fields: [payload.none, payload.a]}", "x", "x"],
    ["split", "{fields: payload.a, plugin: {name: split, parameters: {separator: '/', segment: 1}}}", "a/b/c", "b"],
    [
      "bitfield",
      "{type: int, fields: payload.a, plugin: {name: bitfield, parameters: {flags: [{path: payload.a, bit: 3, value: on!}, {path: payload.b, bit: 1}]}}}",
      "on!",
      "8",
    ],
    [
      "map",
      "{fields: payload.a, plugin: {name: map, parameters: {values: {up: 1}, default: 0, case_sensitive: false}}}",
      "UP",
      "1",
    ],
  ])("take %s out of a message", (_, trait, a, expected) => {
    expect(traits(`- event_type: licence.*\n  traits: {t: ${trait}}`, { a })).toEqual({
      traits: { t: expected },
      unfit: [],
    });
  });

  it("name a trait that does not fit its type", () => {
    expect(traits("- event_type: licence.*\n  traits: {t: {type: int, fields: payload.a}}", { a: "x" })).toEqual({
      traits: {},
      unfit: ["t"],
    });
  });

  it.each([
    ["licence.*", true],
    ["licence.grante?", true],
    ["licence.[gr]ranted", true],
    ["licenceXgranted", false],
    ["'!image.*'", true],
    ["'!licence.*'", false],
    ["['*', '!licence.g*']", false],
  ])("%s: hears licence.granted or not", (eventType, isHeard) => {
    expect(traits(`- event_type: ${eventType}\n  traits: {}`, {}) !== undefined).toBe(isHeard);
  });

  it("refuse a type that is none, by its line", () => {
    expect(problems("- event_type: a\n  traits:\n    size: {type: whole, fields: payload.a}")).toEqual([
      "1.yaml:3: [0].traits.size.type: not text, int, float, datetime",
    ]);
  });
});
