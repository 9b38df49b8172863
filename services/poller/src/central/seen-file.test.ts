import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { at, type Batch, instant } from "@raingauge/domain";
import { inPages, type Play, recordedCloud, recording } from "@raingauge/harness";
import { silentLog } from "@raingauge/runtime";
import { expect, it, onTestFinished } from "vitest";
import { sessionOf } from "../fixtures/session-of.ts";
import { centralMetrics } from "./metrics.ts";
import { type SeenFile, SeenUnreadable, SeenUnwritable, seenFile } from "./seen-file.ts";
import { SOURCES } from "./sources.ts";
import { sweeper } from "./sweeper.ts";

const ADDRESSES = "GET /9696/v2.0/floatingips";
const RECORDED = recording("neutron.floatingips");
const START = instant("2026-11-23T12:00:00Z");
const source = SOURCES.find(({ name }) => name === "neutron.floatingips.sweep") ?? expect.fail();

const fresh = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "raingauge-seen-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** A cloud and pollers of it that come and go, with one folder. */
async function sweeping(play: Play) {
  const cloud = await recordedCloud({ [ADDRESSES]: play });
  let now = START;
  const session = sessionOf(cloud, { now: () => now });
  const told: Batch[] = [];
  const metrics = centralMetrics();
  const poller = (memory: SeenFile) =>
    sweeper(
      source,
      {
        ...{ session, region: "one", agent: "central", intervalSeconds: 300, pageItems: 50, log: silentLog, metrics },
        now: () => now,
        post: async (batch) => told.push(batch) > 0,
      },
      memory,
    );
  return {
    ...{ cloud, poller, metrics },
    tick: (seconds: number) => {
      now = at(now + seconds * 1_000);
    },
    /** What was told since the last question. */
    told: () => {
      const batches = told.splice(0);
      return {
        samples: batches.flatMap(({ samples }) => samples),
        events: batches.flatMap(({ events }) => events),
        coverage: batches.flatMap(({ coverage }) => coverage),
      };
    },
  };
}

const all = inPages(RECORDED, "floatingips");
const addresses = (RECORDED.body?.["floatingips"] ?? []) as readonly { readonly id: string }[];
const without = (id: string | undefined): Play =>
  inPages({ ...RECORDED, body: { floatingips: addresses.filter((each) => each.id !== id) } }, "floatingips");

it("what vanished while the poller was being restarted is missed, and what is known is not news again", async () => {
  const { cloud, poller, tick, told } = await sweeping(all);
  const folder = fresh();
  const gone = addresses[0]?.id;
  await poller(seenFile(folder, source.name)).once();
  const before = told();
  tick(300);
  cloud.play(ADDRESSES, without(gone));

  await poller(seenFile(folder, source.name)).once();

  const after = told();
  const ends = after.samples.filter(({ stance }) => stance === "vanishes");
  expect(ends.map(({ resource, project, meter }) => ({ resource, project, meter }))).toEqual([
    {
      resource: gone,
      meter: "ip.floating",
      project: before.samples.find(({ resource }) => resource === gone)?.project,
    },
  ]);
  expect(ends[0]?.dimensions).toEqual(before.samples.findLast(({ resource }) => resource === gone)?.dimensions);
  expect([before.events.length > 0, after.events.length]).toEqual([true, 0]);
  expect(after.coverage[0]?.period).toEqual({ start: START, end: START + 300_000 });
});

it("a poller that was away for days misses the same, and does not say that it had watched", async () => {
  const { cloud, poller, tick, told } = await sweeping(all);
  const folder = fresh();
  await poller(seenFile(folder, source.name)).once();
  told();
  tick(3 * 86_400);
  cloud.play(ADDRESSES, without(addresses[0]?.id));

  await poller(seenFile(folder, source.name)).once();

  const { samples, coverage } = told();
  expect(samples.filter(({ stance }) => stance === "vanishes")).toHaveLength(1);
  expect(coverage[0]?.period.start).toBe(coverage[0]?.period.end);
});

it("a sweep that was not believed is not believed the less for a restart", async () => {
  const many = Array.from({ length: 30 }, (_, index) => ({ ...addresses[0], id: `address-${index}` }));
  const listing = (count: number): Play =>
    inPages({ ...RECORDED, body: { floatingips: many.slice(0, count) } }, "floatingips");
  const { cloud, poller, tick, told } = await sweeping(listing(30));
  const folder = fresh();
  await poller(seenFile(folder, source.name)).once();
  tick(300);
  cloud.play(ADDRESSES, listing(5));
  await poller(seenFile(folder, source.name)).once();
  expect(told().samples.filter(({ stance }) => stance === "vanishes")).toEqual([]);
  tick(300);

  await poller(seenFile(folder, source.name)).once();

  expect(told().samples.filter(({ stance }) => stance === "vanishes")).toHaveLength(25);
});

it("a memory that is cut short, or of another version, is none, and the sweep goes on", async () => {
  const { poller, told, metrics } = await sweeping(all);
  const folder = fresh();
  const memory = seenFile(folder, source.name);
  const file = join(folder, `${source.name}.jsonl.gz`);
  await poller(memory).once();
  truncateSync(file, readFileSync(file).length - 9);
  await expect(memory.load()).rejects.toThrow(SeenUnreadable);
  told();

  await poller(memory).once();

  expect(told().coverage).toHaveLength(1);
  expect((await memory.load())?.there.size).toBe(addresses.length);
  writeFileSync(file, "{}");
  await expect(memory.load()).rejects.toThrow(SeenUnreadable);
  expect(await metrics.text()).toContain('poller_sweeps_finished_total{source="neutron.floatingips.sweep"} 2');
});

it("a folder that cannot be written costs the memory, and never the sweep", async () => {
  const { poller, told } = await sweeping(all);
  const taken = join(fresh(), "taken");
  writeFileSync(taken, "");
  const memory = seenFile(taken, source.name);

  await poller(memory).once();

  expect(told().coverage).toHaveLength(1);
  expect(existsSync(join(taken, source.name))).toBe(false);
  await expect(memory.save({ at: START, there: new Map() })).rejects.toThrow(SeenUnwritable);
});
