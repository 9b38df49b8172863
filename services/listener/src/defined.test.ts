import { type Definitions, readDefinitions } from "@raingauge/definitions";
import { declareMeters, iso, type Sample } from "@raingauge/domain";
import { decodeBatch } from "@raingauge/wire";
import { beforeAll, describe, expect, it } from "vitest";
import { captured, finder } from "./captured.ts";
import { withDefined } from "./defined.ts";
import { type Heard, isIgnored } from "./heard.ts";
import { made } from "./made.ts";
import { outcomeOf } from "./outcome.ts";
import { translate } from "./translate.ts";

const TEXT = `
metric:
  - name: licence.seats
    event_type: licence.*
    type: gauge
    unit: seat
    volume: $.payload.seats
    resource_id: $.payload.id
    project_id: $.payload.tenant_id
    metadata: {product: $.payload.product}
    raingauge: {ends_on: licence.revoked}
  - name: licence.checks
    event_type: licence.checked
    type: delta
    unit: check
    volume: $.payload.checks
    resource_id: $.payload.id
    project_id: $.payload.tenant_id
  - name: licence.counter
    event_type: licence.checked
    type: cumulative
    unit: check
    volume: $.payload.total
    resource_id: $.payload.id
    project_id: $.payload.tenant_id
  - name: machine.name.length
    event_type: compute.instance.create.end
    type: gauge
    unit: letter
    volume: $.payload.vcpus
    resource_id: $.payload.instance_id
    project_id: $.payload.tenant_id
`;
const EVENTS = `
- event_type: '*'
  traits: {seats: {type: int, fields: payload.seats}, api_token: {fields: payload.token}, host: {fields: payload.node}}
`;

let definitions: Definitions;
const left: { meter: string; reason: string }[] = [];

beforeAll(() => {
  const read = readDefinitions([
    { name: "meters.yaml", text: TEXT },
    { name: "events.yaml", text: EVENTS },
  ]);
  expect(read.problems).toEqual([]);
  definitions = read.definitions;
  declareMeters(definitions.own);
});

const PLACE = { region: "one" };
const licence = { id: "l-1", tenant_id: "acme", seats: 5, product: "db", token: "s3cret" };

const hear = (notification: ReturnType<typeof made>): Heard =>
  withDefined(translate(notification, PLACE), notification, PLACE, definitions, (leftOut) => left.push(leftOut));

const batch = (notification: ReturnType<typeof made>) => {
  const heard = hear(notification);
  if (isIgnored(heard)) throw new Error(`ignored: ${heard.ignored}`);
  return heard;
};

const claims = (samples: readonly Sample[]): string[] =>
  samples.map(({ stance, meter, value, at, project, dimensions }) =>
    [stance, meter, String(value), iso(at), project, JSON.stringify(dimensions)].join(" "),
  );

describe("an operator's own definitions", () => {
  it("make readings and an event of what nobody else knows, to the second where something begins or ends", () => {
    const granted = batch(made("licence.granted", licence));

    expect(claims(granted.samples)).toEqual(['states licence.seats 5 2026-11-23T10:00:30Z acme {"product":"db"}']);
    expect(granted.events).toEqual([
      expect.objectContaining({ type: "licence.granted", resource: "l-1", project: "acme", resourceType: "licence" }),
    ]);
    expect(claims(batch(made("licence.revoked", licence)).samples)).toEqual([
      'ends licence.seats 5 2026-11-23T10:00:30Z acme {"product":"db"}',
    ]);
  });

  it("keep traits, and repeat no secret", () => {
    expect(batch(made("licence.granted", licence)).events[0]?.attributes).toEqual({ seats: "5" });
  });

  it("count what is told as a difference by its message, and a counter from a baseline", () => {
    const { samples } = batch(made("licence.checked", { ...licence, checks: 3, total: 40 }));

    expect(samples.map(({ meter, value, incarnation }) => [meter, value, incarnation?.witnessed])).toEqual([
      ["licence.seats", 5n, undefined],
      ["licence.checks", 3n, undefined],
      ["licence.counter", 40n, false],
    ]);
  });

  it("stand beside what is built in, whose word counts", () => {
    const created = finder()("compute.instance.create.end");
    const plain = translate(created, PLACE);
    const both = batch(created);

    if (isIgnored(plain)) throw new Error("a machine's creation is no news");
    expect(both.samples).toEqual([
      ...plain.samples,
      expect.objectContaining({ meter: "machine.name.length", value: BigInt(created.payload["vcpus"] as number) }),
    ]);
    expect(both.events[0]?.attributes).toMatchObject(plain.events[0]?.attributes ?? {});
  });

  it("leave out what fits no reading, say why, and keep the rest", () => {
    left.length = 0;
    const { samples } = batch(made("licence.checked", { ...licence, checks: 0.5 }));

    expect(samples.map(({ meter }) => meter)).toEqual(["licence.seats"]);
    expect(left).toEqual([
      { meter: "licence.checks", reason: expect.stringContaining("not a whole number of check") },
      { meter: "licence.counter", reason: "“volume” finds nothing in the message" },
    ]);
  });

  it("change nothing of what begins, fails or is told elsewhere", () => {
    for (const type of ["licence.x.start", "licence.x.error"]) {
      expect(hear(made(type, { id: "l-1" }))).toEqual(translate(made(type, { id: "l-1" }), PLACE));
    }
  });

  it("are heard on the way from RabbitMQ to the bus", () => {
    const [first] = captured();
    const body = {
      ...JSON.parse(first?.body ?? ""),
      "oslo.message": JSON.stringify({
        message_id: "m-1",
        publisher_id: "licences.host-1",
        event_type: "licence.granted",
        priority: "INFO",
        timestamp: "2026-11-23 10:00:30.250000",
        payload: licence,
      }),
    };

    const outcome = outcomeOf({ body }, { ...PLACE, isNews: () => true, definitions });

    if (outcome.kind !== "heard") throw new Error(outcome.kind);
    const samples = outcome.packets.flatMap((packet) => decodeBatch(packet.body).samples);
    expect(samples.map(({ meter, value }) => [meter, value])).toEqual([["licence.seats", 5n]]);
  });
});
