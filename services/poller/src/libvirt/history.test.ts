import { at, type Incarnation, type Instant, instant } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import type { Domain } from "./domain.ts";
import { type Found, type History, incarnationOf, type Kind, remembered, strangerTo } from "./history.ts";
import { decodeHistory, encodeHistory } from "./history-file.ts";

const UUID = "b7708c68-66e9-4a1b-90bf-fda40ff3acb0";
const START = instant("2026-01-01T00:00:00Z");

/** Minutes after midnight. */
const minute = (minutes: number): Instant => at(START + minutes * 60_000);

interface Seen {
  /** The process's number; none for a stopped domain. */
  readonly process?: number;
  readonly cpu?: bigint;
  /** By name, bytes written; undefined where a busy domain names a disk and does not read it. */
  readonly disks?: Readonly<Record<string, bigint | undefined>>;
  readonly interfaces?: Readonly<Record<string, bigint>>;
  readonly isComplete?: boolean;
  readonly writtenAt?: Instant;
}

const counted = (meter: string, devices: Readonly<Record<string, bigint | undefined>> = {}): Domain["disks"] =>
  Object.entries(devices).map(([name, value]) => ({ name, counters: value === undefined ? {} : { [meter]: value } }));

const found = ({ process, cpu, disks, interfaces, isComplete = true, writtenAt }: Seen): Found => ({
  report: { uuid: UUID, name: "instance-1", fields: new Map(), ...(process === undefined ? {} : { process }) },
  domain: {
    state: "active",
    disks: counted("disk.device.write.bytes", disks),
    interfaces: counted("network.outgoing.bytes", interfaces),
    isComplete,
    malformedFields: 0,
    counters: cpu === undefined ? {} : { cpu },
    gauges: {},
  },
  ...(writtenAt === undefined ? {} : { writtenAt }),
});

/** The history after polls at these minutes, each of which found the domain so, or did not find it. */
const after = (
  polls: readonly (readonly [minutes: number, seen?: Seen])[],
  before = strangerTo("compute-01"),
): History =>
  polls.reduce(
    (history, [minutes, seen]) => remembered(history, minute(minutes), seen === undefined ? [] : [found(seen)]),
    before,
  );

const lifeOf = (history: History, kind: Kind, device = ""): Omit<Incarnation, "host" | "device"> | undefined => {
  const incarnation = incarnationOf(history, UUID, kind, device);
  return incarnation && { startedAt: incarnation.startedAt, witnessed: incarnation.witnessed };
};

describe("a counter's beginning", () => {
  it("is a baseline where the domain ran before the agent ever polled", () => {
    const history = after([[5, { process: 4, cpu: 7n, writtenAt: minute(1) }]]);

    expect(lifeOf(history, "cpu")).toEqual({ startedAt: minute(5), witnessed: false });
  });

  it("is when Nova started the domain, where the agent had polled without it before", () => {
    const history = after([[5], [10, { process: 4, cpu: 7n, writtenAt: minute(7) }]]);

    expect(lifeOf(history, "cpu")).toEqual({ startedAt: minute(7), witnessed: true });
  });

  it("is the last poll without it where Nova's time is older, as after a soft reboot or a live migration", () => {
    const history = after([[5], [10, { process: 4, cpu: 7n, writtenAt: minute(1) }]]);

    expect(lifeOf(history, "cpu")).toEqual({ startedAt: minute(5), witnessed: true });
  });

  it("stays what it is while the process lives, whatever Nova writes into its XML meanwhile", () => {
    const history = after([
      [5],
      [10, { process: 4, cpu: 7n, writtenAt: minute(7) }],
      [15, { process: 4, cpu: 9n, writtenAt: minute(12) }],
    ]);

    expect(lifeOf(history, "cpu")).toEqual({ startedAt: minute(7), witnessed: true });
  });

  it("is new with each new process", () => {
    const history = after([
      [5],
      [10, { process: 4, cpu: 7n, disks: { vda: 3n } }],
      [15, { process: 9, cpu: 1n, disks: { vda: 5n } }],
    ]);

    expect(lifeOf(history, "cpu")).toEqual({ startedAt: minute(10), witnessed: true });
    expect(lifeOf(history, "disk", "vda")).toEqual({ startedAt: minute(10), witnessed: true });
  });

  it("is new after a stop and a start", () => {
    const history = after([[5], [10, { process: 4, cpu: 7n }], [15, {}], [20, { process: 5, cpu: 1n }]]);

    expect(lifeOf(history, "cpu")).toEqual({ startedAt: minute(15), witnessed: true });
  });

  it("is new when a machine comes back to this host", () => {
    const history = after([[5], [10, { process: 4, cpu: 7n }], [15], [20, { process: 8, cpu: 1n }]]);

    expect(lifeOf(history, "cpu")).toEqual({ startedAt: minute(15), witnessed: true });
  });

  it("of a disk that is attached later is the last poll without it", () => {
    const history = after([
      [5],
      [10, { process: 4, disks: { vda: 3n } }],
      [15, { process: 4, disks: { vda: 3n, vdb: 1n } }],
    ]);

    expect(lifeOf(history, "disk", "vdb")).toEqual({ startedAt: minute(10), witnessed: true });
  });

  it("of a disk that was detached and attached again is new", () => {
    const history = after([
      [5],
      [10, { process: 4, disks: { vda: 3n, vdb: 9n } }],
      [15, { process: 4, disks: { vda: 3n } }],
      [20, { process: 4, disks: { vda: 3n, vdb: 1n } }],
    ]);

    expect(lifeOf(history, "disk", "vdb")).toEqual({ startedAt: minute(15), witnessed: true });
  });

  it("of a disk that a busy domain did not mention for a while is the old one", () => {
    const history = after([
      [5],
      [10, { process: 4, disks: { vda: 3n } }],
      [15, { process: 4, isComplete: false }],
      [20, { process: 4, disks: { vda: 4n } }],
    ]);

    expect(lifeOf(history, "disk", "vda")).toEqual({ startedAt: minute(5), witnessed: true });
  });

  it("of a disk that a busy domain did not mention in the agent's first poll is a baseline", () => {
    const history = after([
      [5, { process: 4, isComplete: false }],
      [10, { process: 4, disks: { vda: 999n } }],
    ]);

    expect(lifeOf(history, "disk", "vda")).toMatchObject({ witnessed: false });
  });

  it("of an interface that outlives its process is the old one: only a lower reading proves a new beginning", () => {
    const history = after([
      [5],
      [10, { process: 4, interfaces: { tap1: 100n, tap2: 100n } }],
      [15, { process: 9, interfaces: { tap1: 100n, tap2: 99n } }],
    ]);

    expect(lifeOf(history, "interface", "tap1")).toEqual({ startedAt: minute(5), witnessed: true });
    expect(lifeOf(history, "interface", "tap2")).toEqual({ startedAt: minute(10), witnessed: true });
  });

  it("of an interface that outlives a stop is the old one too", () => {
    const history = after([
      [5],
      [10, { process: 4, interfaces: { tap1: 100n } }],
      [15, {}],
      [20, { process: 9, interfaces: { tap1: 120n } }],
    ]);

    expect(lifeOf(history, "interface", "tap1")).toEqual({ startedAt: minute(5), witnessed: true });
  });

  it("of an interface that may have outlived a stop that the agent knows nothing of is a baseline", () => {
    const history = after([
      [5, {}],
      [10, { process: 9, interfaces: { tap1: 120n } }],
    ]);

    expect(lifeOf(history, "interface", "tap1")).toMatchObject({ witnessed: false });
    expect(lifeOf(history, "cpu")).toMatchObject({ witnessed: true });
  });

  it("survives the agent: what is saved and loaded says the same", () => {
    const history = after([
      [5, { process: 3, cpu: 1n, isComplete: false, writtenAt: minute(2) }],
      [10, { process: 4, cpu: 2n ** 62n, disks: { vda: undefined }, interfaces: { "tap 1/ü": 9n } }],
      [15, {}],
      [20, { process: 5, cpu: 7n }],
    ]);

    expect(decodeHistory(encodeHistory(history))).toEqual(history);
    expect(decodeHistory(encodeHistory(strangerTo("compute-01")))).toEqual(strangerTo("compute-01"));
  });
});
