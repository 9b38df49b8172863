import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bus } from "@raingauge/bus";
import { memoryBus } from "@raingauge/bus/memory";
import type { Batch } from "@raingauge/domain";
import { inPages, type Play, type RecordedCloud, recordedCloud, recording } from "@raingauge/harness";
import { silentLog } from "@raingauge/runtime";
import { decodeBatch } from "@raingauge/wire";
import { describe, expect, it, onTestFinished } from "vitest";
import { type CloudSettings, pollCloud } from "./central.ts";
import { centralMetrics } from "./metrics.ts";

const VOLUMES = "GET /8776/v3/ed67957e32384123ab166d55f1c4cdbb/volumes/detail";
const IMAGES = "GET /9292/v2/images";
const ADDRESSES = "GET /9696/v2.0/floatingips";
const SERVERS = "GET /8774/v2.1/servers/detail";
/** Only ends what hangs. */
const PATIENCE = { timeout: 20_000 };

describe("the poller in its central role", () => {
  it("sweeps at once, and no endpoint that fails keeps the others from being swept", async () => {
    await using cloud = await recordedCloud({
      [SERVERS]: () => "cut",
      [VOLUMES]: () => recording("nova.servers_detail.member_forbidden"),
      [IMAGES]: () => "hang",
      [ADDRESSES]: inPages(recording("neutron.floatingips"), "floatingips"),
      [VOLUMES.replace("volumes", "backups")]: () => ({ status: 406, response_headers: [], body: {} }),
      "GET /8776/v3/": () => ({ status: 200, response_headers: [], body: OLD_CINDER }),
    });
    await using bus = memoryBus();
    const stop = new AbortController();
    const metrics = centralMetrics();
    const poller = pollCloud(settings(cloud), { bus, log: silentLog, metrics });

    const ended = poller.run(stop.signal);
    const batches = await untilCovered(bus, 1);

    const why = () => poller.unready() ?? "";
    await expect.poll(why, PATIENCE).toMatch(/nova.sweep: .*\/servers\/detail/);
    await expect.poll(why, PATIENCE).toMatch(/cinder.volumes.sweep: .*403, Policy doesn't allow/);
    await expect.poll(why, PATIENCE).toMatch(/glance.sweep: .*no answer in time/);
    await expect
      .poll(why, PATIENCE)
      .toMatch(/backups.sweep: .*block-storage speaks 3.0 to 3.10, and was asked at 3.63/);
    await expect.poll(why, PATIENCE).not.toContain("neutron");
    expect(batches.flatMap(({ samples }) => samples.map(({ meter }) => meter))).toContain("ip.floating");
    expect(batches.flatMap(({ coverage }) => coverage)).toEqual([
      expect.objectContaining({ source: "neutron.floatingips.sweep", agent: "central-01", region: "RegionOne" }),
    ]);
    expect(await metrics.text()).toMatch(
      /sweeps_failed_total{source="cinder.backups.sweep",reason="not_acceptable"} 1/,
    );
    stop.abort();
    await ended;
  });

  it("is ready when all of it has been seen, and counts what it saw", async () => {
    await using cloud = await recordedCloud(everything());
    await using bus = memoryBus();
    const stop = new AbortController();
    const metrics = centralMetrics();
    const poller = pollCloud(settings(cloud), { bus, log: silentLog, metrics });
    expect(poller.unready()).toBeDefined();

    const ended = poller.run(stop.signal);
    const batches = await untilCovered(bus, 5);
    await expect.poll(() => poller.unready(), PATIENCE).toMatch(/^cinder.backups.sweep: 3 items made no sense$/);
    stop.abort();
    await ended;

    const shown = await metrics.text();
    expect(shown).toContain('poller_sweep_items_read_total{source="nova.sweep"} 16');
    expect(shown).toContain('poller_sweep_items_refused_total{source="cinder.backups.sweep"} 3');
    expect(shown).toContain('poller_sweeps_failed_total{source="cinder.backups.sweep",reason="items_unreadable"} 1');
    const said = batches.flatMap(({ samples }) => samples).length;
    expect(shown).toContain(`poller_sweep_samples_read_total ${said}`);
  });

  it("stops in the middle of a question when it is told to", async () => {
    await using cloud = await recordedCloud({ [SERVERS]: () => "hang" });
    await using bus = memoryBus();
    const stop = new AbortController();
    const options = { ...settings(cloud), sweepSources: ["nova.sweep"], sweepSeconds: 3_600 };
    const ended = pollCloud(options, { bus, log: silentLog, metrics: centralMetrics() }).run(stop.signal);
    await expect.poll(() => cloud.asked.filter(({ method }) => method === "GET"), PATIENCE).toHaveLength(1);

    stop.abort();

    await ended;
  });
});

const OLD_CINDER = { versions: [{ id: "v3.0", status: "CURRENT", version: "3.10", min_version: "3.0" }] };

/** Backups as Cinder tells them below microversion 3.18: without their project. */
function everything(): Readonly<Record<string, Play>> {
  const servers = inPages(recording("nova.servers_detail.latest"), "servers");
  const nobody = { ...recording("nova.servers_detail.latest"), body: { servers: [] } };
  const images = inPages(recording("glance.images"), "images");
  const hidden = { ...recording("glance.images"), body: { images: [] } };
  return {
    [SERVERS]: (asked) => (asked.query["deleted"] === "true" ? nobody : servers(asked)),
    [VOLUMES]: inPages(recording("cinder.volumes_detail.latest"), "volumes"),
    [VOLUMES.replace("volumes", "snapshots")]: inPages(recording("cinder.snapshots_detail"), "snapshots"),
    [VOLUMES.replace("volumes", "backups")]: inPages(recording("cinder.backups_detail"), "backups"),
    [IMAGES]: (asked) => (asked.query["os_hidden"] === "true" ? hidden : images(asked)),
    [ADDRESSES]: inPages(recording("neutron.floatingips"), "floatingips"),
  };
}

/** Of an agent that was never here before. */
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), "raingauge-central-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
};

const settings = ({ authUrl }: RecordedCloud): CloudSettings => ({
  ...{ region: "RegionOne", host: "central-01", sweepMinutes: 60, sweepDials: [], radosgw: undefined },
  sweepSources: ["nova", "cinder.volumes", "cinder.snapshots", "cinder.backups", "glance", "neutron.floatingips"].map(
    (each) => `${each}.sweep`,
  ),
  ...{
    sweepSeconds: 0.3,
    sweepRequests: 2,
    sweepPageItems: 3,
    boards: undefined,
    ipmitool: undefined,
    folder: folder(),
    boardSeconds: 5,
  },
  cloud: {
    authUrl,
    interface: "public",
    verify: true,
    identity: { kind: "application_credential", credential: { id: "c0ffee" }, secret: () => "hunter2" },
  },
});

/** Reads the bus until so many sources have proved that they saw everything. */
async function untilCovered(bus: Bus, sources: number): Promise<Batch[]> {
  const stop = new AbortController();
  const batches: Batch[] = [];
  await bus.consume(
    async (deliveries) => {
      batches.push(...deliveries.map(({ message }) => decodeBatch(message.body)));
      if (batches.flatMap(({ coverage }) => coverage).length >= sources) stop.abort();
      return deliveries.map(() => "done");
    },
    { consumer: "test", batchMessages: 10, signal: stop.signal },
  );
  return batches;
}
