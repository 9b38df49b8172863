import type { Delivery } from "@raingauge/bus";
import { at, type Batch, instant } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { arrived } from "./arrived.ts";
import { collectorMetrics } from "./metrics.ts";

const now = instant("2026-01-01T00:10:00Z");
const started = instant("2026-01-01T00:00:00Z");

const delivery = (fields: Partial<Delivery> = {}): Delivery => ({
  position: { stream: "s", sequence: 1n },
  message: {
    id: "1",
    kind: "samples",
    region: "RegionOne",
    service: "libvirt",
    project: "acme",
    body: new Uint8Array(),
  },
  attempt: 1,
  storedAt: now,
  sentAt: now,
  ...fields,
});

const telling = (seconds: number): Batch => ({
  samples: [],
  events: [
    {
      id: "1",
      type: "compute.instance.create.end",
      region: "RegionOne",
      source: "nova",
      at: at(started + seconds * 1_000),
      attributes: {},
    },
  ],
  coverage: [],
});

const watching: Batch = {
  samples: [],
  events: [],
  coverage: [
    {
      region: "RegionOne",
      source: "libvirt",
      agent: "compute-1",
      period: { start: started, end: at(started + 60_000) },
    },
  ],
};

async function shown(given: Delivery, batch: Batch): Promise<string[]> {
  const counts = collectorMetrics();
  arrived(counts, () => now)(given, batch);
  return (await counts.text()).split("\n").filter((line) => line.startsWith("collector_"));
}

describe("what the collector tells of a message that is stored", () => {
  it("says how old its newest row is, and when its region and service were last heard", async () => {
    const lines = await shown(delivery(), telling(590));

    expect(lines).toContain('collector_end_to_end_seconds_sum{region="RegionOne",service="libvirt"} 10');
    expect(lines).toContain(
      `collector_last_stored_timestamp_seconds{region="RegionOne",service="libvirt"} ${now / 1_000}`,
    );
    expect(lines.filter((line) => line.startsWith("collector_messages_predated_total{"))).toEqual([]);
  });

  it("counts a message that tells of what has not come yet, and takes its age for nothing", async () => {
    const lines = await shown(delivery(), telling(601));

    expect(lines).toContain('collector_end_to_end_seconds_sum{region="RegionOne",service="libvirt"} 0');
    expect(lines).toContain('collector_messages_predated_total{region="RegionOne",service="libvirt"} 1');
  });

  it.each([
    ["behind", -30_000, 30],
    ["ahead", 45_000, -45],
  ])("says how far the clock of an agent is %s", async (_, ahead, offset) => {
    const lines = await shown(delivery({ sentAt: now + ahead }), watching);

    const labels = 'region="RegionOne",source="libvirt",agent="compute-1"';
    expect(lines).toContain(`collector_agent_clock_offset_seconds{${labels}} ${offset}`);
    expect(lines).toContain(`collector_agent_last_seen_timestamp_seconds{${labels}} ${(started + 60_000) / 1_000}`);
  });

  it("takes no age from a message that only says who was watching", async () => {
    const lines = await shown(delivery(), watching);

    expect(lines.filter((line) => line.startsWith("collector_end_to_end_seconds_count"))).toEqual([]);
  });
});
