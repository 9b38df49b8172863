import { at, type Instant, instant, type Meter, measure, meterNamed, type Sample } from "@raingauge/domain";
import { runs } from "@raingauge/test/generators/hunt.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { xmlOf } from "../captured.ts";
import type { Domain } from "./domain.ts";
import { type History, remembered, strangerTo } from "./history.ts";
import { decodeHistory, encodeHistory } from "./history-file.ts";
import { type Machine, machineOf } from "./machine.ts";
import { samplesOf } from "./samples.ts";

const PERIOD = { start: instant("2026-01-01T00:00:00Z"), end: instant("2026-02-01T00:00:00Z") };
const POLL_MS = 300_000;

const meter = (name: string): Meter => meterNamed(name) ?? expect.fail(name);
const MACHINE = machineOf(xmlOf("instance-00000001")) as Machine;

/** A host with one machine on it, whose counters do what real ones do, and the agent that watches it. */
class World {
  readonly samples: Sample[] = [];
  /** What was really used, by meter. */
  readonly used = { cpu: 0n, "disk.device.write.bytes": 0n, "network.outgoing.bytes": 0n };
  #now: Instant = PERIOD.start;
  #process = 0;
  #state: "running" | "stopped" | "away" = "away";
  #cpu = 0n;
  readonly #disks = new Map<string, bigint>();
  #interface = 0n;
  #writtenAt: Instant | undefined;
  #isBusy: "no" | "unread" | "unnamed" = "no";
  #history: History = strangerTo("compute-01");

  use(amount: bigint): void {
    if (this.#state !== "running") return;
    this.#cpu += amount;
    this.#interface += 2n * amount;
    this.used.cpu += amount;
    this.used["network.outgoing.bytes"] += 2n * amount;
    for (const [disk, written] of this.#disks) {
      this.#disks.set(disk, written + amount);
      this.used["disk.device.write.bytes"] += amount;
    }
  }

  /** Anew, by Nova (which writes the XML) or by libvirt alone; the interface may outlive what used it. */
  start({ isHard, keepsInterface }: { readonly isHard: boolean; readonly keepsInterface: boolean }): void {
    this.#state = "running";
    this.#process += 1;
    this.#cpu = 0n;
    for (const disk of ["vda", ...this.#disks.keys()]) this.#disks.set(disk, 0n);
    if (!keepsInterface) this.#interface = 0n;
    if (isHard) this.#writtenAt = at(this.#now + 1_000);
  }

  stop(): void {
    if (this.#state === "running") this.#state = "stopped";
  }

  leave(): void {
    this.#state = "away";
    this.#disks.clear();
    this.#interface = 0n;
  }

  plug(): void {
    if (this.#disks.has("vdb")) this.#disks.delete("vdb");
    else if (this.#state === "running") this.#disks.set("vdb", 0n);
  }

  busy(how: "no" | "unread" | "unnamed"): void {
    this.#isBusy = how;
  }

  poll(): void {
    this.samples.push(...this.#read());
  }

  /** The agent dies after it has saved what it knows, before it has published what it read. */
  crash(): void {
    this.#read();
    this.#history = decodeHistory(encodeHistory(this.#history));
  }

  #read(): readonly Sample[] {
    this.#now = at(this.#now + POLL_MS);
    const found = this.#state === "away" ? [] : [this.#found()];
    const before = this.#history;
    const after = remembered(before, this.#now, found);
    this.#history = after;
    return samplesOf({ region: "north", at: this.#now, before, after, machines: found }).samples;
  }

  #found() {
    const isRunning = this.#state === "running";
    const disks = [...this.#disks].map(([name, written]) => ({
      name,
      counters: !isRunning || this.#isBusy === "unread" ? {} : { "disk.device.write.bytes": written },
    }));
    const domain: Domain = {
      state: isRunning ? "active" : "stopped",
      disks: this.#isBusy === "unnamed" ? [] : disks,
      interfaces:
        isRunning && this.#isBusy !== "unnamed"
          ? [{ name: "tap1", counters: { "network.outgoing.bytes": this.#interface } }]
          : [],
      isComplete: this.#isBusy !== "unnamed",
      malformedFields: 0,
      counters: isRunning ? { cpu: this.#cpu } : {},
      gauges: {},
    };
    const process = isRunning ? { process: this.#process } : {};
    const writtenAt = this.#writtenAt === undefined ? {} : { writtenAt: this.#writtenAt };
    return {
      report: { uuid: MACHINE.id, name: "instance-1", fields: new Map(), ...process },
      domain,
      machine: MACHINE,
      ...writtenAt,
    };
  }

  forget(): void {
    this.#history = strangerTo("compute-01");
  }

  billed(name: keyof World["used"]): bigint {
    const read = this.samples.filter((sample) => sample.meter === name);
    return measure(meter(name), read, PERIOD).reduce((total, { quantity }) => total + quantity, 0n);
  }
}

type Step = (world: World) => void;

const use = fc.bigInt({ min: 0n, max: 20n }).map(
  (amount): Step =>
    (world) =>
      world.use(amount),
);
const poll = fc.constant<Step>((world) => world.poll());
const start = fc.record({ isHard: fc.boolean(), keepsInterface: fc.boolean() }).map(
  (how): Step =>
    (world) =>
      world.start(how),
);
const mishap = fc.constantFrom<Step>(
  (world) => world.stop(),
  (world) => world.leave(),
  (world) => world.plug(),
  (world) => world.busy("no"),
  (world) => world.busy("unread"),
  (world) => world.busy("unnamed"),
  (world) => world.crash(),
  (world) => world.forget(),
);

const METERS = ["cpu", "disk.device.write.bytes", "network.outgoing.bytes"] as const;

describe("what counters are billed", () => {
  it("is never more than what was used, whatever happens to the machine and to the agent", () => {
    const steps = fc.array(
      fc.oneof(
        { weight: 3, arbitrary: use },
        { weight: 3, arbitrary: poll },
        { weight: 1, arbitrary: start },
        { weight: 2, arbitrary: mishap },
      ),
      { maxLength: 60, size: "max" },
    );

    fc.assert(
      fc.property(steps, (taken) => {
        const world = new World();
        for (const step of taken) step(world);

        for (const name of METERS) expect(world.billed(name) <= world.used[name], name).toBe(true);
      }),
      { numRuns: runs(2_000) },
    );
  });

  it("is all that was used while an agent polls that keeps its memory, however it is restarted", () => {
    const disturbance = fc.constantFrom<Step>(
      (world) => world.start({ isHard: true, keepsInterface: true }),
      (world) => world.start({ isHard: false, keepsInterface: true }),
      (world) => world.stop(),
      (world) => world.crash(),
    );

    fc.assert(
      fc.property(fc.array(fc.tuple(use, disturbance), { maxLength: 20, size: "max" }), (lives) => {
        const world = new World();
        world.poll();
        world.start({ isHard: true, keepsInterface: false });
        for (const [step, disturb] of lives) {
          step(world);
          world.poll();
          disturb(world);
        }
        world.poll();

        for (const name of METERS) expect(world.billed(name), name).toBe(world.used[name]);
      }),
    );
  });
});
