import { describe, expect, it } from "vitest";
import { recorded } from "../captured.ts";
import { domainOf } from "./domain.ts";
import { parseHost } from "./domstats.ts";

const fields = (said: Readonly<Record<string, string>>) => new Map(Object.entries(said));

const TWO_CPUS = { "vcpu.current": "2", "vcpu.maximum": "4", "vcpu.0.time": "100", "vcpu.2.time": "20" };

const A_NUMBER = expect.any(BigInt);

describe("domainOf", () => {
  it("reads a recorded guest", () => {
    const [first] = recorded("libvirt/domstats-raw-series.txt");
    const [guest] = parseHost(first?.report ?? "").domains;

    expect(domainOf(guest?.fields ?? new Map())).toEqual({
      state: "active",
      counters: expect.objectContaining({ cpu: 4_660_000_000n + 3_520_000_000n }),
      gauges: expect.objectContaining({
        "memory.usage": (157_832n - 133_564n) * 1024n,
        "memory.available": 157_832n * 1024n,
      }),
      disks: [
        {
          name: "vda",
          gauges: {
            "disk.device.capacity": 1_073_741_824n,
            "disk.device.allocation": A_NUMBER,
            "disk.device.usage": A_NUMBER,
          },
          counters: {
            "disk.device.read.latency": A_NUMBER,
            "disk.device.write.latency": A_NUMBER,
            "disk.device.read.bytes": 99_488_256n,
            "disk.device.write.bytes": 48_234_496n,
            "disk.device.read.requests": 761n,
            "disk.device.write.requests": 69n,
          },
        },
      ],
      interfaces: [
        {
          name: "tapb7708c68",
          gauges: {},
          counters: {
            "network.incoming.packets.drop": A_NUMBER,
            "network.outgoing.packets.drop": 0n,
            "network.incoming.packets.error": 0n,
            "network.outgoing.packets.error": 0n,
            "network.incoming.bytes": 17_844n,
            "network.outgoing.bytes": 10_170n,
            "network.incoming.packets": 162n,
            "network.outgoing.packets": 91n,
          },
        },
      ],
      isComplete: true,
      malformedFields: 0,
    });
  });

  it.each([
    { name: "what the virtual CPUs ran, wherever they sit", said: TWO_CPUS, cpu: 120n },
    { name: "not what they waited", said: { ...TWO_CPUS, "vcpu.0.wait": "999" }, cpu: 120n },
    { name: "not what the emulator ran", said: { ...TWO_CPUS, "cpu.time": "999" }, cpu: 120n },
    { name: "nothing where one of them is missing", said: { ...TWO_CPUS, "vcpu.current": "3" }, cpu: undefined },
    { name: "nothing where the report has only the total", said: { "cpu.time": "999" }, cpu: undefined },
    { name: "nothing of a stopped domain", said: { "vcpu.current": "1", "vcpu.maximum": "1" }, cpu: undefined },
  ])("counts as CPU time $name", ({ said, cpu }) => {
    expect(domainOf(fields(said)).counters["cpu"]).toBe(cpu);
  });

  it("reads perf events, swapping and steal where the domain tells them, and memory without a balloon driver", () => {
    const said = {
      "perf.cpu_cycles": "7",
      "perf.cache_misses": "3",
      "perf.instructions": "11",
      "perf.cache_references": "13",
      "balloon.swap_in": "2",
      "balloon.rss": "5",
    };
    const steal = { ...TWO_CPUS, "vcpu.0.delay": "40", "vcpu.2.delay": "2" };

    expect(domainOf(fields(said)).counters).toEqual({
      "perf.cpu.cycles": 7n,
      "perf.cache.misses": 3n,
      "perf.instructions": 11n,
      "perf.cache.references": 13n,
      "memory.swap.in": 2_048n,
    });
    expect(domainOf(fields(said)).gauges).toEqual({ "memory.resident": 5_120n });
    expect(domainOf(fields(steal)).counters).toEqual({ cpu: 120n, "cpu.steal": 42n });
  });

  it.each([
    {
      name: "what is usable",
      said: { "balloon.available": "100", "balloon.usable": "40", "balloon.unused": "30" },
      usage: 60n,
    },
    {
      name: "what is unused, in older guests",
      said: { "balloon.available": "100", "balloon.unused": "30" },
      usage: 70n,
    },
    { name: "nothing without a balloon driver", said: { "balloon.current": "100" }, usage: undefined },
    { name: "nothing that cannot be", said: { "balloon.available": "100", "balloon.usable": "101" }, usage: undefined },
  ])("takes memory usage from $name", ({ said, usage }) => {
    expect(domainOf(fields(said)).gauges["memory.usage"]).toBe(usage === undefined ? undefined : usage * 1024n);
  });

  it.each([
    ["1", "1", "active"],
    ["3", "1", "paused"],
    ["3", "2", "active"],
    ["3", "11", "active"],
    ["5", "1", "stopped"],
    ["6", "1", "error"],
    ["7", "0", "suspended"],
    ["0", "0", "active"],
  ])("calls state %s for reason %s what Nova calls it: %s", (state, reason, word) => {
    expect(domainOf(fields({ "state.state": state, "state.reason": reason })).state).toBe(word);
  });

  it.each(["-1", "NaN", "1e3", "", "9223372036854775808", "99999999999999999999999", "0x10"])(
    "counts %j as a field that makes no sense, and reads the others",
    (value) => {
      const domain = domainOf(
        fields({ "net.count": "1", "net.0.name": "tap1", "net.0.rx.bytes": value, "net.0.tx.bytes": "7" }),
      );

      expect(domain.interfaces).toEqual([{ name: "tap1", counters: { "network.outgoing.bytes": 7n }, gauges: {} }]);
      expect(domain.malformedFields).toBe(1);
    },
  );

  it.each([
    { name: "all are named", said: { "block.count": "1", "block.0.name": "vda", "net.count": "0" }, isComplete: true },
    { name: "none are there", said: { "block.count": "0", "net.count": "0" }, isComplete: true },
    { name: "a busy domain says nothing of its disks", said: { "net.count": "0" }, isComplete: false },
    { name: "an interface has no name", said: { "block.count": "0", "net.count": "1" }, isComplete: false },
    { name: "nothing is said", said: {}, isComplete: false },
  ])("knows whether it was told of all devices: $name", ({ said, isComplete }) => {
    expect(domainOf(fields(said)).isComplete).toBe(isComplete);
  });
});
