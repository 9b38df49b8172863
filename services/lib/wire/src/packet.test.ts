import { at, type Batch, type Event, instant, type Sample } from "@raingauge/domain";
import { runs } from "@raingauge/test/generators/hunt.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBatch } from "./batch.ts";
import { WireError } from "./error.ts";
import { type Packet, packets } from "./packet.ts";
import { sampleOf } from "./sample.ts";

const started = instant("2026-01-01T00:00:00Z");

const reading = (number: number, project: string, region = "RegionOne"): Sample =>
  sampleOf({
    region,
    project,
    meter: "cpu",
    resource: `vm-${number % 100}`,
    at: at(started + number),
    value: BigInt(number),
    origin: "poll",
    source: "libvirt",
    stance: "sights",
    dimensions: {},
    sequence: number,
    message: "poll-1",
  });

const event = (id: string, attributes: Readonly<Record<string, string>> = {}): Event => ({
  id,
  type: "compute.instance.create.end",
  region: "RegionOne",
  source: "nova",
  at: started,
  project: "acme",
  attributes,
});

const NOTHING: Batch = { samples: [], events: [], coverage: [] };
const all = (sent: readonly Packet[]): Batch[] => sent.map(({ body }) => decodeBatch(body));
const readings = (count: number, project: string): Sample[] =>
  Array.from({ length: count }, (_, index) => reading(index, project));

describe("a batch as messages for the bus", () => {
  it("keeps each project, each region and each kind by itself", () => {
    const samples = [reading(1, "acme"), reading(2, "globex"), reading(3, "acme"), reading(4, "acme", "RegionTwo")];
    const coverage = [
      { region: "RegionOne", source: "libvirt", agent: "compute-1", period: { start: started, end: at(started + 1) } },
    ];

    const sent = packets({ samples, events: [event("1")], coverage }, "libvirt");

    expect(sent.map(({ kind, region, service, project }) => [kind, region, service, project])).toEqual([
      ["samples", "RegionOne", "libvirt", "acme"],
      ["samples", "RegionOne", "libvirt", "globex"],
      ["samples", "RegionTwo", "libvirt", "acme"],
      ["samples", "RegionOne", "libvirt", ""],
      ["events", "RegionOne", "libvirt", "acme"],
    ]);
    expect(all(sent).map((batch) => batch.samples.map(({ sequence }) => sequence))).toEqual([[1, 3], [2], [4], [], []]);
  });

  it("loses nothing, doubles nothing and keeps a project's order, however large it is", () => {
    fc.assert(
      fc.property(fc.nat(4_000), fc.nat(1_500), (ours, theirs) => {
        const sent = packets(
          { ...NOTHING, samples: [...readings(ours, "acme"), ...readings(theirs, "globex")] },
          "libvirt",
        );

        const read = (project: string) =>
          sent.filter((each) => each.project === project).flatMap(({ body }) => decodeBatch(body).samples);
        expect(read("acme")).toEqual(readings(ours, "acme"));
        expect(read("globex")).toEqual(readings(theirs, "globex"));
      }),
      { numRuns: runs(10) },
    );
  });

  it("makes messages of at most a thousand readings and 60 KB", () => {
    const sent = packets(
      {
        ...NOTHING,
        samples: readings(5_000, "acme"),
        events: Array.from({ length: 100 }, (_, index) => event(`${index}`, { name: "x".repeat(5_000) })),
      },
      "libvirt",
    );

    for (const { body } of sent) expect(body.length).toBeLessThanOrEqual(60_000);
    for (const { samples } of all(sent)) expect(samples.length).toBeLessThanOrEqual(1_000);
  });

  it("gives the same ids when the same batch is sent again, and others when anything in it differs", () => {
    const ids = (batch: Batch): string[] => packets(batch, "libvirt").map(({ id }) => id);
    const batch = { ...NOTHING, samples: readings(3, "acme") };

    expect(ids(batch)).toEqual(ids(batch));
    expect(ids(batch)).not.toEqual(ids({ ...batch, samples: readings(4, "acme") }));
  });

  it("is no message at all when there is nothing in it", () => {
    expect(packets(NOTHING, "libvirt")).toEqual([]);
  });

  it("sends a single event larger than the others, and refuses one that no server takes", () => {
    expect(packets({ ...NOTHING, events: [event("1", { name: "x".repeat(500_000) })] }, "nova")).toHaveLength(1);

    const enormous = (): unknown =>
      packets({ ...NOTHING, events: [event("1", { name: "x".repeat(5_000_000) })] }, "nova");
    expect(enormous).toThrow(WireError);
    expect(enormous).toThrow(expect.objectContaining({ code: "too_large" }));
  });
});
