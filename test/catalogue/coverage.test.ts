import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { METERS } from "@raingauge/domain";
import { isIgnored, translate } from "@raingauge/listener";
import { openEnvelope } from "@raingauge/openstack";
import { SOURCES } from "@raingauge/poller";
import { describe, expect, it } from "vitest";
import { coverageDocument } from "./coverage-document.ts";
import { OPPORTUNITIES } from "./opportunities.ts";
import { isTested, proofOf } from "./proofs.ts";
import { UNBUILT, unbuilt } from "./unbuilt.ts";

const DOCUMENT = new URL("../../docs/coverage.md", import.meta.url);
const NOTIFICATIONS = new URL("../captures/notifications.jsonl.gz", import.meta.url);

/** Which types of a real cloud's notifications came to a meter. */
function recorded(): Map<string, readonly string[]> {
  const told = gunzipSync(readFileSync(NOTIFICATIONS))
    .toString()
    .trim()
    .split("\n")
    .flatMap((line) => {
      const notification = openEnvelope(JSON.parse(line).body);
      const heard = translate(notification, { region: "one" });
      return isIgnored(heard) ? [] : heard.samples.map(({ meter }) => ({ meter, type: notification.type }));
    });
  return new Map(
    [...Map.groupBy(told, ({ meter }) => meter)].map(([meter, all]) => [
      meter,
      [...new Set(all.map(({ type }) => type))].sort(),
    ]),
  );
}

describe("every meter", () => {
  const sources = METERS.flatMap(({ name, sources: all }) => all.map(({ by }) => ({ name, by })));
  const byRecording = recorded();

  it("has a test for each of its sources, or says that nothing reads it yet", () => {
    const without = sources.filter(
      ({ name, by }) => unbuilt(name, by) === undefined && proofOf(name, by) === undefined,
    );

    expect(without).toEqual([]);
  });

  it("that is said to be read by nothing is really not heard, and is in the catalogue", () => {
    const unheard = UNBUILT.map((each) => sources.filter(({ name, by }) => by === each.by && each.meters.test(name)));

    expect(unheard.filter((found) => found.length === 0)).toEqual([]);
    const heard = unheard.flat().filter(({ name, by }) => by === "notification" && byRecording.has(name));
    expect(heard).toEqual([]);
  });

  it("that a real cloud's notifications came to has notifications for a source", () => {
    const strange = [...byRecording.keys()].filter(
      (meter) => !sources.some(({ name, by }) => name === meter && by === "notification"),
    );

    expect(byRecording.size).toBeGreaterThan(10);
    expect(strange).toEqual([]);
  });

  it("that says that something is there can miss it: a sweep of its type tells that it is gone, whatever was notified", () => {
    const swept = new Set(SOURCES.flatMap(({ resourceTypes }) => resourceTypes));
    const types = new Set(METERS.filter(({ existence }) => existence).map(({ resourceType }) => resourceType));

    expect([...types].filter((type) => !swept.has(type))).toEqual([]);
  });

  it("is documented with its tests as they are (UPDATE=1 writes the document)", () => {
    if (process.env["UPDATE"] === "1") writeFileSync(DOCUMENT, coverageDocument(byRecording));

    expect(readFileSync(DOCUMENT, "utf8")).toBe(coverageDocument(byRecording));
  });
});

it.each(OPPORTUNITIES.flatMap(({ number, proofs }) => proofs.map((each) => ({ number, ...each }))))(
  "$number is shown by a test that there is: $title",
  (proof) => {
    expect(isTested(proof)).toBe(true);
  },
);
