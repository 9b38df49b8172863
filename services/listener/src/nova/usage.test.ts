import { readFileSync } from "node:fs";
import {
  at,
  HOUR_MS,
  instant,
  METERS,
  measure,
  type Period,
  type Sample,
  SECOND_MS,
  type Usage,
} from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { captured, samplesOf } from "../captured.ts";

const HOUR = { start: instant("2026-11-23T00:00:00Z"), end: instant("2026-11-23T01:00:00Z") };
const nova = captured().filter(({ exchange }) => exchange === "nova");
const legacy = samplesOf(nova.filter(({ routing_key }) => routing_key.startsWith("notifications.")));
const versioned = samplesOf(nova.filter(({ routing_key }) => routing_key.startsWith("versioned_notifications.")));

describe("the captured Nova lifecycles", () => {
  it("give the same usage from legacy notifications as from both formats together", () => {
    expect(usage(legacy)).not.toEqual([]);
    expect(usage([...legacy, ...versioned])).toEqual(usage(legacy));
  });

  it("give the same usage from versioned notifications, but for one suspension told across the edge of a second", () => {
    // Nova notes no time for a suspension; it told this one at 00:41:53.994 and again, versioned, at 00:41:54.019.
    const edge = "fe64efc0-5a20-4762-92fb-a2ecfee3af92";
    const elsewhere = (all: readonly Quantity[]) => all.filter(({ resource }) => resource !== edge);
    const there = (samples: readonly Sample[]) =>
      Object.fromEntries(
        usage(samples)
          .filter(({ resource, meter }) => resource === edge && meter === "instance")
          .map(({ dimensions, quantity }) => [dimensions["state"], quantity / BigInt(SECOND_MS)]),
      );

    expect(elsewhere(usage(versioned))).toEqual(elsewhere(usage(legacy)));
    expect(there(legacy)).toEqual({ active: 1207n, suspended: 5n });
    expect(there(versioned)).toEqual({ active: 1208n, suspended: 4n });
  });

  it("give the same usage when every notification comes three times, in any order", () => {
    const all = [...legacy, ...versioned];
    expect(usage([...all, ...all.toReversed(), ...all])).toEqual(usage(all));
  });

  it.each(STORIES)("are split to the second: $story", ({ machine, seconds }) => {
    for (const told of [legacy, versioned, [...legacy, ...versioned]]) {
      const split = usage(told.filter(({ resource }) => resource.startsWith(machine)))
        .filter(({ meter }) => meter === "instance")
        .map(({ dimensions: { flavor, state, image }, quantity }) => [
          `${flavor} ${state} ${image?.slice(0, 6)}`,
          Number(quantity) / SECOND_MS,
        ]);

      expect(Object.fromEntries(split)).toEqual(seconds);
    }
  });

  it.each(apiUsage())("agree with what Nova's own usage report says of $instance_id", (reported) => {
    const start = instant(`${reported.started_at}Z`);
    const seconds = BigInt(reported.uptime);
    const period = { start, end: at(start + reported.uptime * SECOND_MS) };
    const mine = [...legacy, ...versioned].filter(({ resource }) => resource === reported.instance_id);

    expect(total(mine, "instance", period)).toBe(seconds);
    expect(total(mine, "vcpus", period)).toBe(seconds * BigInt(reported.vcpus));
    expect(total(mine, "memory", period)).toBe(seconds * BigInt(reported.memory_mb) * 1024n ** 2n);
    expect(total(mine, "disk.root.size", period) + total(mine, "disk.ephemeral.size", period)).toBe(
      seconds * BigInt(reported.local_gb) * 1024n ** 3n,
    );
    if (reported.ended_at !== null) expect(total(mine, "instance", after(period))).toBe(0n);
  });
});

// Worked out by hand from the notifications' times.
const STORIES = [
  {
    story: "made, soft-deleted a second later, restored, deleted",
    machine: "137a8b4d",
    seconds: { "m1.tiny active fb207c": 1 + 4, "m1.tiny soft-delete fb207c": 3 },
  },
  {
    story:
      "stopped, suspended, paused, rescued, resized and confirmed, resized and reverted, rebuilt from another image",
    machine: "b7708c68",
    seconds: {
      "m1.tiny active fb207c": 11 + 1 + 1 + 8 + 10,
      "m1.tiny stopped fb207c": 2,
      "m1.tiny suspended fb207c": 2,
      "m1.tiny paused fb207c": 1,
      "m1.tiny rescued fb207c": 2,
      "m1.small active fb207c": 11 + 3,
      "m1.large active fb207c": 5,
      "m1.small active 560d30": 22 * 60 + 54,
    },
  },
  {
    story: "shelved and unshelved, twice",
    machine: "2e1260a0",
    seconds: { "m1.small active fb207c": 70 + 3 + 21 * 60 + 25, "m1.small shelved fb207c": 5 + 66 },
  },
];

type Quantity = Pick<Usage, "project" | "meter" | "resource" | "dimensions" | "quantity">;

const usage = (samples: readonly Sample[], period: Period = HOUR): Quantity[] =>
  METERS.flatMap((meter) => {
    const readings = samples.filter((sample) => sample.meter === meter.name);
    return measure(meter, readings, period, LISTENING).map(({ project, resource, dimensions, quantity }) => ({
      project,
      meter: meter.name,
      resource,
      dimensions,
      quantity,
    }));
  });

/** A listener that never looked away: what was not said to end is held. */
const LISTENING = { confirmations: [], listening: [{ start: HOUR.start, end: at(HOUR.end + HOUR_MS) }] };

/** In base units and seconds. */
const total = (samples: readonly Sample[], meter: string, period: Period): bigint =>
  usage(samples, period)
    .filter((each) => each.meter === meter)
    .reduce((sum, { quantity }) => sum + quantity, 0n) / BigInt(SECOND_MS);

const after = ({ end }: Period): Period => ({ start: end, end: HOUR.end });

interface Reported {
  readonly instance_id: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  /** Seconds from the last launch to the end, or to when the report was asked for. */
  readonly uptime: number;
  readonly vcpus: number;
  readonly memory_mb: number;
  readonly local_gb: number;
}

function apiUsage(): readonly Reported[] {
  const file = new URL("../../../../test/captures/rest/nova.os-simple-tenant-usage.json", import.meta.url);
  const { body } = JSON.parse(readFileSync(file, "utf8"));
  return body.tenant_usages.flatMap(({ server_usages }: { server_usages: Reported[] }) => server_usages);
}
