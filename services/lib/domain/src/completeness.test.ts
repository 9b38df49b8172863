import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { completeness, condensed, partPercent, unreconciled, watching } from "./completeness.ts";
import type { Coverage } from "./coverage.ts";
import { at, HOUR_MS } from "./instant.ts";
import { NO_EVIDENCE } from "./portion.ts";
import type { Usage } from "./usage.ts";

const hour = (count: number) => at(count * HOUR_MS);
const DAY = { start: hour(24), end: hour(48) };
const told = (source: string, agent: string, from: number, to: number, limitHours?: number): Coverage => ({
  region: "north",
  source,
  agent,
  period: { start: hour(from), end: hour(to) },
  ...(limitHours === undefined ? {} : { confirms: { resourceTypes: ["instance"], limitSeconds: limitHours * 3_600 } }),
});
const hours = (count: number) => BigInt(count * HOUR_MS);

describe("who was watching", () => {
  it.each([
    {
      name: "two listeners of one queue are expected once",
      coverage: [told("listener", "a", 0, 40), told("listener", "b", 38, 48)],
      watched: { agents: 1, silent: 0, expectedMs: hours(24), seenMs: hours(24) },
    },
    {
      name: "two hosts are expected each, and one of them was away for six hours",
      coverage: [told("libvirt", "a", 20, 48, 1), told("libvirt", "b", 20, 30, 1), told("libvirt", "b", 36, 48, 1)],
      watched: { agents: 2, silent: 0, expectedMs: hours(48), seenMs: hours(42) },
    },
    {
      name: "a host that is new is expected from when it first told of itself",
      coverage: [told("libvirt", "a", 42, 48, 1)],
      watched: { agents: 1, silent: 0, expectedMs: hours(6), seenMs: hours(6) },
    },
    {
      name: "a host that fell silent the day before is missed all day",
      coverage: [told("libvirt", "a", 10, 20, 1)],
      watched: { agents: 1, silent: 1, expectedMs: hours(24), seenMs: 0n },
    },
    {
      name: "silence within the limit is none",
      coverage: [told("nova.audit", "a", 10, 47, 26)],
      watched: { agents: 1, silent: 0, expectedMs: hours(24), seenMs: hours(23) },
    },
  ])("$name", ({ coverage, watched }) => {
    expect(watching(coverage, DAY).watched).toMatchObject([watched]);
  });

  it.each([
    { name: "nobody waits for it from then on", at: 30, silent: 0, expected: 24 + 6 },
    { name: "until then it was waited for", at: 40, silent: 1, expected: 24 + 16 },
    { name: "a word that it outlived counts no more", at: 29, silent: 1, expected: 24 + 24 },
    { name: "a word for later finds it silent at the period's end", at: 60, silent: 1, expected: 24 + 24 },
  ])("of a host that was retired: $name", ({ at: hoursIn, silent, expected }) => {
    const coverage = [told("libvirt", "a", 20, 48, 1), told("libvirt", "b", 20, 30, 1)];
    const word = { region: "north", source: "libvirt", agent: "b", at: hour(hoursIn) };

    const found = watching(coverage, DAY, [{ ...word, agent: "a", at: hour(21) }, word]);

    expect(found.watched).toMatchObject([{ agents: 2, silent, expectedMs: hours(expected), seenMs: hours(30) }]);
    expect(found.silent).toHaveLength(silent);
  });

  it("names who fell silent, and since when", () => {
    const { silent } = watching([told("libvirt", "a", 20, 48, 1), told("libvirt", "b", 20, 30, 1)], DAY);

    expect(silent).toEqual([{ region: "north", source: "libvirt", agent: "b", since: hour(30) }]);
  });

  it("is the same however finely the coverage was told", () => {
    const stretch = fc.tuple(fc.constantFrom("a", "b"), fc.nat(60), fc.nat(10));
    fc.assert(
      fc.property(fc.array(stretch, { maxLength: 20 }), (stretches) => {
        const coverage = stretches.map(([agent, from, length]) => told("libvirt", agent, from, from + length, 1));

        expect(watching(condensed(coverage), DAY)).toEqual(watching(coverage, DAY));
      }),
    );
  });
});

const used = (resource: string, more: Partial<Usage> = {}): Usage => ({
  region: "north",
  project: "acme",
  meter: "instance",
  resource,
  dimensions: {},
  period: DAY,
  quantity: 1n,
  evidence: { ...NO_EVIDENCE, observedMs: 300, inferredMs: 100 },
  ...more,
});

describe("what a bill is founded on", () => {
  const inferred = { ...NO_EVIDENCE, end: { at: hour(30), kind: "inferred" } } as const;

  it("adds up what was seen and concluded, and keeps to its own regions", () => {
    const watched = watching(
      [told("listener", "a", 24, 48), { ...told("listener", "b", 24, 48), region: "south" }],
      DAY,
    ).watched;

    const founded = completeness([{ usages: [used("vm-1"), used("vm-2")] }, { usages: [used("vm-2")] }], watched);

    expect(founded).toMatchObject({ observedMs: 900n, inferredMs: 300n, resources: 2, unreconciled: 0 });
    expect(founded.watched.map(({ region }) => region)).toEqual(["north"]);
  });

  it.each([
    { name: "an end that is only concluded", usage: used("vm-1", { evidence: inferred }), names: ["vm-1"] },
    {
      name: "not an end that is certain",
      usage: used("vm-1", { evidence: { ...inferred, end: { at: hour(30), kind: "final" } } }),
      names: [],
    },
    {
      name: "not the end of a measured value, which proves nothing",
      usage: used("vm-1", { meter: "cpu_util", evidence: inferred }),
      names: [],
    },
  ])("counts as unreconciled $name", ({ usage, names }) => {
    expect(unreconciled([{ usages: [usage] }])).toEqual(names);
  });

  it.each([
    [999n, 1_000n, "99.9"],
    [9_999n, 10_000n, "99.9"],
    [1n, 1n, "100"],
    [0n, 0n, "100"],
    [1n, 3n, "33.3"],
  ])("never rounds a part up: %s of %s is %s %%", (part, whole, percent) => {
    expect(partPercent(part, whole)).toBe(percent);
  });
});
