import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { privatePort } from "@raingauge/harness";
import { domainOf, parseHost } from "@raingauge/poller";
import { type Bench, type Benchmark, duration, type Figure, figure, held } from "./benchmark.ts";
import { usualSecondsOf } from "./stopwatch.ts";

/** The agent of a compute node with many machines, as its own process with the settings of its systemd unit. */
export const agent: Benchmark = {
  name: "agent",
  about: "processor and memory of a compute node's agent with 200 machines",
  needs: ["nats-server"],
  run: watched,
};

const ROOT = join(import.meta.dirname, "../..");
const MACHINES = 200;
const POLLS = 20;
const MINUTE_SECONDS = 60;
/** Once, on New Year's Day. */
const SELDOM = "0 0 1 1 *";
const SETTLING_MS = 25_000;
const IDLE_MS = 30_000;
/** What the kernel counts in, over half a minute: less than that is not seen. */
const TICK_SECONDS = 0.02;

async function watched({ scale, folder, url, say }: Bench): Promise<readonly Figure[]> {
  const machines = Math.max(2, Math.round(MACHINES * scale));
  const polls = Math.max(2, Math.round(POLLS * Math.min(1, scale)));
  const play = join(folder, "host");
  const report = host(play, machines);
  const settings = {
    ...TUNED,
    NODE_COMPILE_CACHE: join(folder, "cache"),
    RAINGAUGE_NATS_URL: url("nats-server"),
    RAINGAUGE_POLLER_HOST: "compute-1",
    RAINGAUGE_POLLER_SCHEDULE: "* * * * * *",
    RAINGAUGE_POLLER_FOLDER: join(folder, "agent"),
    RAINGAUGE_VIRSH: join(ROOT, "services/poller/src/fixtures/virsh"),
    RAINGAUGE_LIBVIRT_URI: `playing:${play}`,
  };

  say("starting the agent for the first time");
  await during(settings, async (first) => void (await first.until(1)));
  say(`polling ${machines} machines ${polls} times`);
  const spent = await during(settings, async (second) => {
    const [before, cpuBefore] = [await second.until(2), second.cpuSeconds()];
    const after = await second.until(before + polls);
    return {
      seconds: (second.cpuSeconds() - cpuBefore) / (after - before),
      bytes: second.bytes("VmRSS"),
      bytesMax: second.bytes("VmHWM"),
    };
  });
  say("waiting while it has nothing to do");
  const idle = await during({ ...settings, RAINGAUGE_POLLER_SCHEDULE: SELDOM }, async (third) => {
    await third.until(1);
    // After a poll the collector of garbage comes back a few times; a minute later it has settled.
    await pause(SETTLING_MS * Math.min(1, scale));
    const before = third.cpuSeconds();
    await pause(IDLE_MS * Math.min(1, scale));
    return ((third.cpuSeconds() - before) / (IDLE_MS * Math.min(1, scale))) * 1_000 * MINUTE_SECONDS;
  });
  const node = await nodeAlone();
  const reading = duration(
    "reading libvirt's answer alone",
    await usualSecondsOf(() => parseHost(report).domains.map(({ fields }) => domainOf(fields))),
  );
  return [
    held(duration("processor time of a poll", spent.seconds), [reading]),
    duration("processor time of a minute without a poll", Math.max(idle, TICK_SECONDS)),
    figure("of a core, at one poll a minute", "%", ((spent.seconds + idle) / MINUTE_SECONDS) * 100),
    held(figure("memory of the agent", "MB", megabytes(spent.bytes)), [node]),
    figure("memory of the agent at most", "MB", megabytes(spent.bytesMax)),
    reading,
    node,
  ];
}

/** What the unit sets: a small heap, collected often, and one heap of the C library. */
const TUNED = {
  PATH: process.env["PATH"],
  NODE_OPTIONS: "--max-semi-space-size=1 --max-old-space-size=64 --v8-pool-size=0",
  MALLOC_ARENA_MAX: "1",
};

/** Nothing here runs long enough to be worth V8's optimizing compilers. */
const FLAGS = ["--optimize-for-size", "--no-turbofan", "--no-maglev"];

const megabytes = (bytes: number): number => bytes / 1_000_000;

interface Running {
  /** Waits until so many polls are finished, and says how many are. */
  until(polls: number): Promise<number>;
  cpuSeconds(): number;
  bytes(of: "VmRSS" | "VmHWM"): number;
}

async function during<T>(
  settings: Readonly<Record<string, string | undefined>>,
  act: (agent: Running) => Promise<T>,
): Promise<T> {
  const port = await privatePort();
  const env = { ...settings, RAINGAUGE_POLLER_HEALTH_PORT: String(port) };
  const main = join(ROOT, "services/poller/src/main.ts");
  const child = spawn(process.execPath, [...FLAGS, main], { env, stdio: "ignore" });
  try {
    return await act({
      until: (polls) => finished(child, port, polls),
      cpuSeconds: () => cpuSecondsOf(child.pid),
      bytes: (of) => bytesOf(child.pid, of),
    });
  } finally {
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  }
}

/** How often it is looked; between two polls lies a second. */
const LOOK_MS = 100;

async function finished(child: ChildProcess, port: number, polls: number): Promise<number> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the agent ended with ${child.exitCode}`);
    const shown = await fetch(`http://127.0.0.1:${port}/metrics`).then(
      (answer) => answer.text(),
      () => "",
    );
    const count = Number(/^poller_polls_finished_total (\d+)$/m.exec(shown)?.[1] ?? 0);
    if (count >= polls) return count;
    await pause(LOOK_MS);
  }
}

/** Hundredths of a second, behind the name in brackets: of the process itself, and not of what it starts. */
function cpuSecondsOf(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const bytesOf = (pid: number | undefined, of: string): number =>
  Number(new RegExp(`^${of}:\\s+(\\d+) kB$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1_024;

/** A Node that does nothing at all, with the same settings. */
async function nodeAlone(): Promise<Figure> {
  const child = spawn(process.execPath, [...FLAGS, "-e", "console.log(1);setInterval(()=>{},1e6)"], {
    env: TUNED,
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    await once(child.stdout ?? child, "data");
    return figure("Node alone, doing nothing", "MB", megabytes(bytesOf(child.pid, "VmRSS")));
  } finally {
    child.kill();
  }
}

const capture = (name: string): string => readFileSync(join(ROOT, "test/captures/libvirt", name), "utf8");

const RECORDED = { uuid: "b7708c68-66e9-4a1b-90bf-fda40ff3acb0", name: "instance-00000001" };

/** One recorded machine, many times: what virsh answers of each, in a folder that a fixture plays. */
function host(folder: string, machines: number): string {
  mkdirSync(folder, { recursive: true });
  const [, series = ""] = capture("domstats-raw-series.txt").split(/^### .*\n/m);
  const [, stats = ""] = new RegExp(`(Domain: '${RECORDED.name}'[\\s\\S]*?)(?=\\nDomain: |$)`).exec(series) ?? [];
  const xml = capture(`${RECORDED.name}.dumpxml.xml`);
  const all = Array.from({ length: machines }, (_, index) => {
    const name = `instance-${String(index).padStart(8, "0")}`;
    const uuid = `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
    writeFileSync(join(folder, `${uuid}.xml`), xml.replaceAll(RECORDED.uuid, uuid).replaceAll(RECORDED.name, name));
    return { line: `${uuid} ${index + 1} ${name}`, stats: stats.trim().replaceAll(RECORDED.name, name) };
  });
  const report = `${all.map(({ line }) => line).join("\n")}\n\n${all.map((each) => each.stats).join("\n\n")}\n`;
  writeFileSync(join(folder, "report.txt"), report);
  return report;
}
