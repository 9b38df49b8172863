import { readFileSync } from "node:fs";
import { meterNamed } from "@raingauge/domain";
import { openEnvelope } from "@raingauge/openstack";
import { describe, expect, it } from "vitest";
import { captured, samplesOf } from "./captured.ts";
import { MalformedNotification } from "./fields.ts";
import { isIgnored, type Reason } from "./heard.ts";
import { made } from "./made.ts";
import { translate } from "./translate.ts";

const said = captured();
const readings = samplesOf(said);

describe("what a cloud says", () => {
  // The event types of Ceilometer's own definitions; a pattern stands for the types that services do send.
  const types = readFileSync(new URL("golden/ceilometer-event-types.txt", import.meta.url), "utf8")
    .trim()
    .split("\n");

  it.each(types)("is known wherever Ceilometer knows it: %s", (pattern) => {
    const meanings = typesOf(pattern).map(meaningOf);

    expect(meanings.filter((meaning) => meaning !== "unknown_type")).not.toEqual([]);
  });

  it("is never of a type that we have not heard of", () => {
    const unknown = said.filter(({ body }) => {
      const heard = translate(openEnvelope(body), { region: "one" });
      return isIgnored(heard) && heard.ignored === "unknown_type";
    });

    expect(unknown).toEqual([]);
  });

  it("comes to readings of meters that are in the catalogue, with exactly the dimensions that a price may name", () => {
    const shapes = new Set(readings.map(({ meter, dimensions }) => `${meter}: ${Object.keys(dimensions).toSorted()}`));

    expect([...shapes].toSorted()).toEqual(
      [...new Set(readings.map(({ meter }) => meter))]
        .map((name) => `${name}: ${[...(meterNamed(name)?.dimensions ?? ["no such meter"])].toSorted()}`)
        .toSorted(),
    );
  });

  it("ends every existence that began and was deleted while it was recorded, whatever its type", () => {
    const ended = new Set(readings.filter(({ stance }) => stance === "ends").map(({ meter }) => meter));
    const existing = new Set(readings.map(({ meter }) => meter).filter((name) => meterNamed(name)?.existence === true));

    // A router was never deleted while it was recorded; see the made notifications.
    expect([...existing].filter((meter) => !ended.has(meter))).toEqual(["router"]);
  });
});

const SUFFIXES = [
  "create.end",
  "create",
  "created",
  "delete.end",
  "exists",
  "update.end",
  "accept.end",
  "hit",
  "request",
  "instance.create",
];

const typesOf = (pattern: string): string[] => {
  const type = pattern.replace(/^\*/, "");
  return type.endsWith("*") ? [...SUFFIXES, "end"].map((suffix) => type.replace(/\*$/, suffix)) : [type];
};

function meaningOf(type: string): Reason | "heard" {
  try {
    const heard = translate(made(type, {}), { region: "one" });
    return isIgnored(heard) ? heard.ignored : "heard";
  } catch (error) {
    if (error instanceof MalformedNotification) return "heard";
    throw error;
  }
}
