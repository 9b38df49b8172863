import { at, instant, measure, meterNamed, type Period, type Sample, UNWATCHED, watch } from "@raingauge/domain";
import { type Reading, sampleOf } from "@raingauge/wire";
import { describe, expect, it } from "vitest";
import { ACME, GUESTS, type Recorded, recorded, xmlOf } from "../captured.ts";
import { domainOf } from "./domain.ts";
import { parseHost } from "./domstats.ts";
import { type History, remembered, strangerTo } from "./history.ts";
import { type Machine, machineOf } from "./machine.ts";
import { type FoundMachine, samplesOf } from "./samples.ts";

const MACHINES = new Map(GUESTS.map(({ uuid, name }) => [uuid as string, machineOf(xmlOf(name)) as Machine]));

const POLLED = recorded("ceilometer/domstats-during-polling.txt.gz");
const [FIRST] = POLLED;
const [VM] = GUESTS;

interface Watched {
  readonly host: string;
  readonly history: History;
  readonly samples: readonly Sample[];
}

/** What an agent makes of reports, one after the other. */
const polled = (reports: readonly Recorded[], { host, history, samples }: Watched = stranger("compute-01")): Watched =>
  reports.reduce<Watched>(
    (so, { at: moment, report }) => {
      const machines = parseHost(report).domains.map((each): FoundMachine => {
        const machine = MACHINES.get(each.uuid) ?? expect.fail(each.uuid);
        return {
          report: each,
          domain: domainOf(each.fields),
          machine,
          ...(machine.writtenAt === undefined ? {} : { writtenAt: machine.writtenAt }),
        };
      });
      const after = remembered(so.history, moment, machines);
      const batch = samplesOf({ region: "north", at: moment, before: so.history, after, machines });
      return { host, history: after, samples: [...so.samples, ...batch.samples] };
    },
    { host, history, samples },
  );

const stranger = (host: string): Watched => ({ host, history: strangerTo(host), samples: [] });

const of = (samples: readonly Sample[], meter: string, resource: string = VM.uuid): Sample[] =>
  samples.filter((sample) => sample.meter === meter && sample.resource === resource);

const billed = (meter: string, samples: readonly Sample[], period: Period): bigint =>
  measure(meterNamed(meter) ?? expect.fail(meter), of(samples, meter), period).reduce(
    (sum, { quantity }) => sum + quantity,
    0n,
  );

describe("one poll of a recorded host", () => {
  const { samples } = polled([FIRST ?? expect.fail()]);

  it("gives every libvirt meter of Ceilometer's for every guest, each reading with its own identity", () => {
    expect(of(samples, "cpu")).toHaveLength(1);
    expect(new Set(samples.map(({ id }) => id)).size).toBe(samples.length);
    expect(samples.map(({ meter }) => meter).slice(0, samples.length / 3)).toEqual([
      "instance",
      "vcpus",
      "memory",
      "disk.root.size",
      "disk.ephemeral.size",
      "cpu",
      "cpu.steal",
      "memory.swap.in",
      "memory.swap.out",
      "memory.usage",
      "memory.available",
      "memory.resident",
      "disk.device.read.bytes",
      "disk.device.write.bytes",
      "disk.device.read.requests",
      "disk.device.write.requests",
      "disk.device.read.latency",
      "disk.device.write.latency",
      "disk.device.capacity",
      "disk.device.allocation",
      "disk.device.usage",
      "network.incoming.bytes",
      "network.outgoing.bytes",
      "network.incoming.packets",
      "network.outgoing.packets",
      "network.incoming.packets.drop",
      "network.outgoing.packets.drop",
      "network.incoming.packets.error",
      "network.outgoing.packets.error",
    ]);
  });

  it("sights a machine, and leaves it to Nova to state what it is", () => {
    const [sighting] = of(samples, "instance");

    expect(sighting).toMatchObject({
      project: ACME,
      value: 1n,
      at: FIRST?.at,
      origin: "poll",
      source: "libvirt",
      stance: "sights",
      dimensions: { flavor: "m1.small", state: "active", image: "560d3055-5f37-4901-822b-40cdde47a5f0" },
    });
    expect(of(samples, "memory")[0]).toMatchObject({ value: 2n * 1024n ** 3n, stance: "sights" });
  });

  it("books what a device counts under its machine, and tells the devices apart by their incarnation", () => {
    expect(of(samples, "disk.device.read.bytes")[0]).toMatchObject({
      resource: VM.uuid,
      stance: "states",
      dimensions: {},
      incarnation: { host: "compute-01", device: "vda", witnessed: false },
    });
    expect(of(samples, "network.outgoing.bytes")[0]?.incarnation?.device).toBe("tapb7708c68");
  });

  it("does not sight a machine that was started a moment ago: it may come to nothing, and Nova has not launched it yet", () => {
    const moment = at(instant("2026-11-23T00:39:58Z") + 299_000);
    const report = FIRST?.report ?? "";

    const young = polled([{ at: moment, report }]).samples;
    const settled = polled([{ at: at(moment + 1_000), report }]).samples;

    expect(of(young, "instance")).toEqual([]);
    expect(of(young, "cpu")).toHaveLength(1);
    expect(of(settled, "instance")).toHaveLength(1);
  });

  it("sights a stopped machine too, and counts nothing of it", () => {
    const report = (FIRST?.report ?? "")
      .replace(`${VM.uuid} 4 `, `${VM.uuid} - `)
      .replace("state.state=1", "state.state=5");

    const stopped = polled([{ at: FIRST?.at ?? expect.fail(), report }]).samples.filter(
      ({ resource }) => resource === VM.uuid,
    );

    expect(stopped.map(({ meter }) => meter)).toEqual([
      "instance",
      "vcpus",
      "memory",
      "disk.root.size",
      "disk.ephemeral.size",
    ]);
    expect(stopped[0]?.dimensions["state"]).toBe("stopped");
  });
});

describe("what recorded readings are billed", () => {
  const last = POLLED.at(-1) ?? expect.fail();
  const whole = { start: at((FIRST?.at ?? 0) - 1_000), end: at(last.at + 1_000) };

  it("is the growth from the agent's first poll to its last", () => {
    const { samples } = polled(POLLED);
    const read = of(samples, "cpu").map(({ value }) => value);

    expect(billed("cpu", samples, whole)).toBe((read.at(-1) ?? 0n) - (read[0] ?? 0n));
  });

  it("is the same however many of the polls failed in between", () => {
    const every = polled(POLLED).samples;
    const some = polled(POLLED.filter((_, index) => index % 7 === 0 || index === POLLED.length - 1)).samples;

    for (const meter of ["cpu", "disk.device.read.bytes", "network.outgoing.bytes"]) {
      expect(billed(meter, some, whole)).toBe(billed(meter, every, whole));
    }
  });

  it("counts the traffic of a machine that moves while two hosts report it once", () => {
    const target = polled([{ at: at((POLLED[0]?.at ?? 0) - 500), report: "\n" }], stranger("compute-02"));
    const leaving = polled(POLLED.slice(0, 30));
    // The target's counters begin at zero while the source still reports; both are seen for three polls.
    const arriving = POLLED.slice(27, 40).map(({ at: moment }, index) => ({
      at: moment,
      report: arrived(index * 1_000),
    }));
    const moved = [...leaving.samples, ...polled(arriving, target).samples];

    const source = of(leaving.samples, "network.outgoing.bytes").map(({ value }) => value);
    expect(billed("network.outgoing.bytes", moved, whole)).toBe((source.at(-1) ?? 0n) - (source[0] ?? 0n) + 12_000n);
  });

  const arrived = (sent: number): string =>
    [
      `${VM.uuid} 1 instance-00000001`,
      "",
      "Domain: 'instance-00000001'",
      "  state.state=1",
      "  block.count=0",
      "  net.count=1",
      "  net.0.name=tapb7708c68",
      `  net.0.tx.bytes=${sent}`,
    ].join("\n");

  it("lets a machine's existence be confirmed by sightings, and its price by nothing but what Nova stated", () => {
    const launched = at((FIRST?.at ?? 0) - 3_600_000);
    const stated: Reading = {
      region: "north",
      project: ACME,
      meter: "instance",
      resource: VM.uuid,
      at: launched,
      value: 1n,
      origin: "notification",
      source: "nova",
      stance: "states",
      dimensions: { flavor: "m1.large", state: "active", image: "", availability_zone: "nova" },
      sequence: 0,
      message: "m-1",
    };
    const meter = meterNamed("instance") ?? expect.fail();
    const samples = [sampleOf(stated), ...of(polled(POLLED).samples, "instance")];

    const usages = measure(meter, samples, { start: launched, end: last.at }, UNWATCHED);

    expect(usages).toHaveLength(1);
    expect(usages[0]).toMatchObject({ dimensions: { flavor: "m1.large" }, quantity: BigInt(last.at - launched) });
  });
});

describe("coverage", () => {
  const poll = (moment: string, polledAt?: string) => {
    const before: History = {
      ...strangerTo("compute-01"),
      ...(polledAt === undefined ? {} : { polledAt: instant(polledAt) }),
    };
    const now = instant(moment);
    return samplesOf({ region: "north", at: now, before, after: remembered(before, now, []), machines: [] }).coverage;
  };

  it("reaches from the last successful poll to this one", () => {
    expect(poll("2026-01-01T00:05:00Z", "2026-01-01T00:00:00Z")).toEqual([
      {
        region: "north",
        source: "libvirt",
        agent: "compute-01",
        period: { start: instant("2026-01-01T00:00:00Z"), end: instant("2026-01-01T00:05:00Z") },
        confirms: { resourceTypes: ["instance"], limitSeconds: 900 },
      },
    ]);
  });

  it.each([
    { name: "the first poll", polledAt: undefined },
    { name: "a poll after a longer silence than sightings speak for", polledAt: "2026-01-01T00:44:59Z" },
  ])("of $name begins with it", ({ polledAt }) => {
    const [coverage] = poll("2026-01-01T01:00:00Z", polledAt);

    expect(coverage?.period).toEqual({ start: instant("2026-01-01T01:00:00Z"), end: instant("2026-01-01T01:00:00Z") });
  });

  it("makes libvirt a confirming source of the region's instances", () => {
    const { confirmations } = watch(poll("2026-01-01T00:05:00Z", "2026-01-01T00:00:00Z"), "north", "instance");

    expect(confirmations).toEqual([{ source: "libvirt", limitMs: 900_000, since: instant("2026-01-01T00:00:00Z") }]);
  });
});
