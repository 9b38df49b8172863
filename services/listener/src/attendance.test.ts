import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { at, type Coverage } from "@raingauge/domain";
import type { Session } from "@raingauge/openstack";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { attendance } from "./attendance.ts";

describe("attendance", () => {
  let folder: string;
  let clock: number;
  let published: Coverage[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "attendance-"));
    clock = 1_000;
    published = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("begins when messages can come in, and each period where the one before ended", async () => {
    const present = await attending();
    present.connected(session());
    clock = 61_000;
    await present.confirm();
    clock = 121_000;
    await present.confirm();

    expect(periods()).toEqual([
      [1_000, 61_000],
      [61_000, 121_000],
    ]);
  });

  it("claims nothing while messages cannot come in, or wait to be passed on", async () => {
    const present = await attending();
    expect(await present.confirm()).toBeUndefined();

    present.connected(session({ caughtUp: async () => false }));
    clock = 61_000;

    expect(await present.confirm()).toBeUndefined();
    expect(published).toEqual([]);
  });

  it("claims nothing when the session ended while it was catching up", async () => {
    const present = await attending();
    const behind = Promise.withResolvers<boolean>();
    present.connected(session({ caughtUp: () => behind.promise }));
    const confirming = present.confirm();
    present.disconnected();
    behind.resolve(true);

    expect(await confirming).toBeUndefined();
  });

  it("claims a region of several brokers only while all of them can be heard, and have been", async () => {
    const present = await attending("both", 2);
    const behind = Promise.withResolvers<boolean>();
    present.connected(session(), 0);
    clock = 61_000;
    expect(await present.confirm()).toBeUndefined();

    present.connected(session({ unbroken: true, caughtUp: () => behind.promise }), 1);
    const confirming = present.confirm();
    behind.resolve(true);
    await confirming;
    present.disconnected(1);
    clock = 121_000;
    expect(await present.confirm()).toBeUndefined();
    present.connected(session({ unbroken: false }), 1);
    clock = 181_000;
    await present.confirm();

    expect(periods()).toEqual([
      [1_000, 61_000],
      [121_000, 181_000],
    ]);
  });

  it("goes on without a gap, after a lost connection and after a restart, where the queue kept everything", async () => {
    const first = await attending();
    first.connected(session());
    clock = 61_000;
    await first.confirm();
    first.disconnected();
    clock = 500_000;
    first.connected(session({ unbroken: true }));
    clock = 560_000;
    await first.confirm();
    const second = await attending();
    clock = 900_000;
    second.connected(session({ unbroken: true }));
    await second.confirm();

    expect(periods()).toEqual([
      [1_000, 61_000],
      [61_000, 560_000],
      [560_000, 900_000],
    ]);
  });

  it("begins anew where the queue may have missed something, or was another one", async () => {
    const first = await attending();
    first.connected(session());
    clock = 61_000;
    await first.confirm();
    clock = 500_000;
    first.connected(session({ unbroken: false }));
    clock = 560_000;
    await first.confirm();
    const other = await attending("another queue");
    clock = 600_000;
    other.connected(session({ unbroken: true }));
    clock = 660_000;
    await other.confirm();

    expect(periods()).toEqual([
      [1_000, 61_000],
      [500_000, 560_000],
      [600_000, 660_000],
    ]);
  });

  it("claims less, never more, when it cannot read what it remembers", async () => {
    writeFileSync(join(folder, "attendance.json"), "{ torn");
    const present = await attending();
    present.connected(session({ unbroken: true }));
    clock = 61_000;
    await present.confirm();

    expect(periods()).toEqual([[1_000, 61_000]]);
  });

  it("claims nothing twice when the clock was set back", async () => {
    const present = await attending();
    present.connected(session());
    clock = 61_000;
    await present.confirm();
    clock = 31_000;

    expect(await present.confirm()).toBeUndefined();
  });

  const attending = (agent = "the queue", queues = 1) =>
    attendance({
      region: "one",
      agent,
      queues,
      file: join(folder, "attendance.json"),
      now: () => at(clock),
      publish: async (coverage) => {
        published.push(coverage);
      },
    });

  const periods = () => published.map(({ period: { start, end } }) => [start, end]);
});

const session = (of: Partial<Session> = {}): Session => ({ unbroken: false, caughtUp: async () => true, ...of });
