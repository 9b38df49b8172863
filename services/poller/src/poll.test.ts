import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Bus, Message } from "@raingauge/bus";
import { BusUnavailable } from "@raingauge/bus";
import { memoryBus } from "@raingauge/bus/memory";
import { spooled } from "@raingauge/bus/spool";
import { type Batch, type Instant, measure, meterNamed } from "@raingauge/domain";
import { silentLog } from "@raingauge/runtime";
import { decodeBatch } from "@raingauge/wire";
import { describe, expect, it, onTestFinished } from "vitest";
import { ACME, GUESTS, listed, type Recorded, recorded, xmlOf } from "./captured.ts";
import { historyFile } from "./libvirt/history-file.ts";
import { virsh } from "./libvirt/virsh.ts";
import { pollerMetrics } from "./metrics.ts";
import { polling } from "./poll.ts";

const SERIES = recorded("libvirt/domstats-raw-series.txt");
const [FIRST, SECOND, THIRD, FOURTH] = SERIES as [Recorded, Recorded, Recorded, Recorded];

/** A host whose virsh plays recordings, and agents on it that may come and go. */
const host = () => {
  const folder = mkdtempSync(join(tmpdir(), "raingauge-poller-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const { uuid, name } of GUESTS) writeFileSync(join(folder, `${uuid}.xml`), xmlOf(name));
  const metrics = pollerMetrics();
  let now: Instant = FIRST.at;
  const agent = (bus: Pick<Bus, "publish">) =>
    polling(
      {
        virsh: virsh({
          command: fileURLToPath(new URL("fixtures/virsh", import.meta.url)),
          uri: `playing:${folder}`,
          timeoutSeconds: 20,
        }),
        historyFile: historyFile(join(folder, "state", "history.json"), "compute-01"),
        bus,
        metrics,
        log: silentLog,
        now: () => now,
      },
      { region: "north", host: "compute-01" },
    );
  return {
    folder,
    agent,
    play({ at, report }: Recorded): void {
      now = at;
      writeFileSync(join(folder, "report.txt"), report);
    },
    calls: (): string[] => readFileSync(join(folder, "calls"), "utf8").trimEnd().split("\n"),
    counted: async (name: string): Promise<number> => {
      const lines = (await metrics.text()).split("\n").filter((line) => line.startsWith(`poller_${name}`));
      return lines.reduce((total, line) => total + Number(line.split(" ").at(-1)), 0);
    },
  };
};

/** Takes everything that is on the bus, as one batch. */
const batchOf = (messages: readonly Message[]): Batch => {
  const batches = messages.map(({ body }) => decodeBatch(body));
  return {
    samples: batches.flatMap(({ samples }) => samples),
    events: batches.flatMap(({ events }) => events),
    coverage: batches.flatMap(({ coverage }) => coverage),
  };
};

/** A bus that remembers what it took, and can be taken away. */
const listening = () => {
  const messages: Message[] = [];
  const bus = memoryBus();
  const self = {
    ...bus,
    away: false,
    messages,
    publish: async (message: Message) => {
      if (self.away) throw new BusUnavailable("the line is cut");
      messages.push(message);
      return bus.publish(message);
    },
    [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
  };
  return self;
};

const cpuBilled = ({ samples }: Batch): bigint =>
  measure(
    meterNamed("cpu") ?? expect.fail(),
    samples.filter(({ meter }) => meter === "cpu"),
    { start: FIRST.at, end: (FOURTH.at + 1) as Instant },
  )
    .filter(({ resource }) => resource === GUESTS[0].uuid)
    .reduce((total, { quantity }) => total + quantity, 0n);

const cpuGrowth = (from: Recorded, to: Recorded): bigint => cpuIn(to.report) - cpuIn(from.report);

/** The first guest's, straight from the recorded text. */
const cpuIn = (report: string): bigint =>
  [...report.slice(0, report.indexOf("instance-00000003'")).matchAll(/vcpu\.\d\.time=(\d+)/g)].reduce(
    (sum, [, time = "0"]) => sum + BigInt(time),
    0n,
  );

describe("polling a host", () => {
  it("publishes each project's readings apart, and the agent's coverage", async () => {
    const compute = host();
    const bus = listening();
    const poll = await compute.agent(bus);

    compute.play(FIRST);
    expect(await poll()).toBeUndefined();

    expect(bus.messages.map(({ kind, region, service, project }) => [kind, region, service, project])).toEqual([
      ["samples", "north", "libvirt", ACME],
      ["samples", "north", "libvirt", "591cc5a1cd814ffda5c696fb6e7f4ed5"],
      ["samples", "north", "libvirt", ""],
    ]);
    const { samples, coverage } = batchOf(bus.messages);
    expect(samples).toHaveLength(await compute.counted("samples_read_total"));
    expect(samples.every(({ at }) => at === FIRST.at)).toBe(true);
    expect(coverage).toMatchObject([{ source: "libvirt", agent: "compute-01" }]);
    expect(await compute.counted("packets_published_total")).toBe(3);
  });

  it("makes one call a poll, and reads a domain's XML once for each process of it", async () => {
    const compute = host();
    const poll = await compute.agent(listening());

    for (const each of [FIRST, SECOND]) {
      compute.play(each);
      await poll();
    }
    expect(compute.calls().map((call) => call.split(" ")[0])).toEqual([
      "list",
      "dumpxml",
      "dumpxml",
      "dumpxml",
      "list",
    ]);

    compute.play({ ...THIRD, report: THIRD.report.replace(`${GUESTS[1].uuid} 5 `, `${GUESTS[1].uuid} 7 `) });
    await poll();
    expect(compute.calls().slice(5)).toEqual([expect.stringMatching(/^list /), `dumpxml ${GUESTS[1].uuid}`]);
  });

  it("goes on after polls that failed, each counted with its reason, and bills what grew meanwhile", async () => {
    const compute = host();
    const bus = listening();
    const poll = await compute.agent(bus);
    compute.play(FIRST);
    await poll();

    compute.play({ ...SECOND, report: "\nDomain: 'instance-00000001'\n  state.state=1\n" });
    expect(await poll()).toBe("report_unreadable");
    writeFileSync(join(compute.folder, "refuse"), "error: failed to connect to the hypervisor");
    expect(await poll()).toBe("virsh_failed");
    rmSync(join(compute.folder, "refuse"));
    compute.play({ ...THIRD, at: FIRST.at });
    expect(await poll()).toBe("clock_went_back");
    compute.play(FOURTH);
    expect(await poll()).toBeUndefined();

    expect(await compute.counted("polls_failed_total")).toBe(3);
    expect(await compute.counted("polls_finished_total")).toBe(2);
    expect(cpuBilled(batchOf(bus.messages))).toBe(cpuGrowth(FIRST, FOURTH));
  });

  it("skips what it cannot meter, says how often and why, and meters the others", async () => {
    const compute = host();
    const bus = listening();
    const strange = { uuid: "11111111-1111-1111-1111-111111111111", process: 9, name: "router" };
    const broken = { uuid: "22222222-2222-2222-2222-222222222222", process: 10, name: "broken" };
    const gone = { uuid: "33333333-3333-3333-3333-333333333333", process: 11, name: "gone" };
    writeFileSync(join(compute.folder, `${strange.uuid}.xml`), "<domain><uuid>1</uuid></domain>");
    writeFileSync(join(compute.folder, `${broken.uuid}.xml`), "<domain>");
    const stats = FIRST.report.slice(FIRST.report.indexOf("Domain:"));
    const more = [strange, broken, gone]
      .map(({ name }) => `Domain: '${name}'\n  state.state=1\n  vcpu.0.time=x\n  ???\n`)
      .join("\n");

    compute.play({ at: FIRST.at, report: listed(stats + more, [...GUESTS, strange, broken, gone]) });
    await (await compute.agent(bus))();

    const text = await Promise.all(
      ["not_nova", "malformed", "undescribed"].map((reason) =>
        compute.counted(`domains_skipped_total{reason="${reason}"}`),
      ),
    );
    expect(text).toEqual([1, 1, 1]);
    expect(await compute.counted("domains_read_total")).toBe(6);
    expect(await compute.counted("fields_refused_total")).toBe(3);
    expect(new Set(batchOf(bus.messages).samples.map(({ resource }) => resource.slice(0, 36)))).toEqual(
      new Set(GUESTS.map(({ uuid }) => uuid)),
    );
  });

  it("bills across a restart of the agent, which remembers what it polled", async () => {
    const compute = host();
    const bus = listening();
    const before = await compute.agent(bus);
    compute.play(FIRST);
    await before();
    compute.play(SECOND);
    await before();

    const after = await compute.agent(bus);
    compute.play(FOURTH);
    await after();

    const { coverage } = batchOf(bus.messages);
    expect(cpuBilled(batchOf(bus.messages))).toBe(cpuGrowth(FIRST, FOURTH));
    expect(coverage.map(({ period }) => period)).toEqual([
      { start: FIRST.at, end: FIRST.at },
      { start: FIRST.at, end: SECOND.at },
      { start: SECOND.at, end: FOURTH.at },
    ]);
  });

  it("begins with baselines where its memory is lost, and says so by billing less, never more", async () => {
    const compute = host();
    const bus = listening();
    compute.play(FIRST);
    await (await compute.agent(bus))();
    writeFileSync(join(compute.folder, "state", "history.json"), '{"v":1,"host":"compu');

    const after = await compute.agent(bus);
    compute.play(SECOND);
    await after();
    compute.play(FOURTH);
    await after();

    expect(cpuBilled(batchOf(bus.messages))).toBe(cpuGrowth(SECOND, FOURTH));
  });

  it("publishes nothing that it could not remember", async () => {
    const compute = host();
    const bus = listening();
    const poll = await compute.agent(bus);
    writeFileSync(join(compute.folder, "state"), "a file where a folder is needed");
    compute.play(FIRST);

    expect(await poll()).toBe("history_unwritable");
    rmSync(join(compute.folder, "state"));
    compute.play(SECOND);
    expect(await poll()).toBeUndefined();

    expect(new Set(batchOf(bus.messages).samples.map(({ at }) => at))).toEqual(new Set([SECOND.at]));
  });

  it("ends on a bug instead of going on", async () => {
    const compute = host();
    const poll = await compute.agent({ publish: () => Promise.reject(new TypeError("a bug")) });
    compute.play(FIRST);

    await expect(poll()).rejects.toThrow("a bug");
  });
});

describe("polling a host while the bus is away", () => {
  it("delivers every reading at its original instant when the bus is back, also after the agent was killed meanwhile", async () => {
    const compute = host();
    const bus = listening();
    const folder = join(compute.folder, "spool");
    const copy = join(compute.folder, "copy");
    bus.away = true;

    const dying = await spooled(bus, { folder, limitBytes: 1_000_000 });
    const before = await compute.agent(dying);
    for (const each of [FIRST, SECOND]) {
      compute.play(each);
      await before();
    }
    // What a killed agent leaves behind is what is on disk at this moment.
    cpSync(folder, copy, { recursive: true, filter: (name) => !name.endsWith("lock") });
    await dying[Symbol.asyncDispose]();
    const spool = await spooled(bus, { folder: copy, limitBytes: 1_000_000 });
    const after = await compute.agent(spool);
    compute.play(THIRD);
    await after();
    expect(spool.held.messages).toBe(9);
    bus.away = false;
    await emptied(spool);

    const { samples } = batchOf(bus.messages);
    expect([...new Set(samples.map(({ at }) => at))]).toEqual([FIRST.at, SECOND.at, THIRD.at]);
    expect(cpuBilled(batchOf(bus.messages))).toBe(cpuGrowth(FIRST, THIRD));
    await spool[Symbol.asyncDispose]();
  });

  it("gives up the newest readings when the spool is full, counts them, and still bills all growth", async () => {
    const compute = host();
    const bus = listening();
    bus.away = true;
    const spool = await spooled(bus, { folder: join(compute.folder, "spool"), limitBytes: 8_000 });
    const poll = await compute.agent(spool);
    for (const each of SERIES.slice(0, 3)) {
      compute.play(each);
      await poll();
    }
    expect(await compute.counted("packets_refused_total")).toBeGreaterThan(0);

    bus.away = false;
    await emptied(spool);
    compute.play(FOURTH);
    await poll();
    await emptied(spool);

    expect(await compute.counted("packets_published_total")).toBe(bus.messages.length);
    expect(cpuBilled(batchOf(bus.messages))).toBe(cpuGrowth(FIRST, FOURTH));
    await spool[Symbol.asyncDispose]();
  });
});

const emptied = async (spool: { readonly held: { readonly messages: number } }): Promise<void> => {
  while (spool.held.messages > 0) await new Promise((resolve) => setImmediate(resolve));
};
