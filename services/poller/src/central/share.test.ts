import { memoryLeases } from "@raingauge/bus/memory-leases";
import { silentLog } from "@raingauge/runtime";
import { runs } from "@raingauge/test/generators/hunt.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SharedWork, sharing } from "./share.ts";
import { SOURCES } from "./sources.ts";

const WORKS = SOURCES.map(({ name }) => name);
const TERM_MS = 30_000;
const ROUND_MS = 10_000;
const INTERVAL_MS = 60_000;

interface Agent {
  readonly name: string;
  readonly share: SharedWork;
  /** From when on it is silent; nobody was told. */
  readonly diesAt: number;
}

/** Agents by one clock: each renews every ten seconds, all sweep at the full minute. Who swept what, minute by minute. */
async function played(deaths: readonly number[], minutes: number): Promise<ReadonlyMap<string, string[]>[]> {
  let now = 0;
  const leases = memoryLeases({ termMs: TERM_MS, now: () => now });
  const agents = deaths.map((diesAt, index): Agent => {
    const name = `central-${index}`;
    return {
      name,
      diesAt,
      share: sharing({ leases, region: "one", agent: name, works: WORKS, now: () => now, log: silentLog }),
    };
  });
  const swept: Map<string, string[]>[] = [];
  for (let second = -20; second <= minutes * 60; second += 1) {
    now = second * 1_000;
    for (const [index, { share, diesAt }] of agents.entries())
      if (now < diesAt && (second + index * 3) % (ROUND_MS / 1_000) === 0) await share.round();
    if (now % INTERVAL_MS !== 0 || now < 0) continue;
    const doers = new Map(WORKS.map((work) => [work, [] as string[]]));
    for (const { name, share, diesAt } of agents)
      if (now < diesAt)
        for (const work of WORKS) await share.during(work, async () => void doers.get(work)?.push(name));
    swept.push(doers);
  }
  return swept;
}

describe("agents that share the sweeps", () => {
  it("do all of it, each a part, and nothing twice", async () => {
    const swept = await played([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY], 4);

    for (const doers of swept) expect([...doers.values()].map((each) => each.length)).toEqual(WORKS.map(() => 1));
    expect(new Set([...(swept.at(-1)?.values() ?? [])].flat()).size).toBe(3);
  });

  it("take over within two intervals from one that is killed, whenever that is, and never sweep a thing twice", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 300 }), async (second) => {
        const swept = await played([Number.POSITIVE_INFINITY, second * 1_000, Number.POSITIVE_INFINITY], 8);

        for (const [minute, doers] of swept.entries())
          for (const [work, names] of doers) {
            expect(names.length, `${work} at minute ${minute}`).toBeLessThanOrEqual(1);
            const before = swept[minute - 1]?.get(work) ?? ["nobody yet"];
            expect(names.length + before.length, `${work} twice missed at minute ${minute}`).toBeGreaterThan(0);
          }
      }),
      { numRuns: runs(30) },
    );
  });

  it("leave a sweep to whoever is at it, though another came whose it is to be", async () => {
    let now = 0;
    const leases = memoryLeases({ termMs: TERM_MS, now: () => now });
    const agent = (name: string) =>
      sharing({ leases, region: "one", agent: name, works: WORKS, now: () => now, log: silentLog });
    const [one, other] = [agent("central-0"), agent("central-1")];
    await one.round();
    const finish = Promise.withResolvers<void>();
    const running = Promise.all(WORKS.map((work) => one.during(work, () => finish.promise)));

    for (now = 0; now < 3 * TERM_MS; now += ROUND_MS) {
      await other.round();
      await one.round();
    }
    const held = WORKS.filter((work) => other.mine(work));
    finish.resolve();
    await running;
    await one.round();
    await other.round();

    expect(held).toEqual([]);
    expect(WORKS.filter((work) => other.mine(work)).length).toBeGreaterThan(0);
    expect(WORKS.filter((work) => other.mine(work) && one.mine(work))).toEqual([]);
  });

  it("stop when they cannot be sure any more that nobody else does it", async () => {
    let now = 0;
    const leases = memoryLeases({ termMs: TERM_MS, now: () => now });
    const share = sharing({ leases, region: "one", agent: "central-0", works: WORKS, now: () => now, log: silentLog });
    await share.round();
    expect(share.mine("nova.sweep")).toBe(true);

    now = TERM_MS;

    expect(share.mine("nova.sweep")).toBe(false);
  });
});
