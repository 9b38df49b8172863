import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Bus, BusFull, BusUnavailable, type Message } from "../bus.ts";
import { describeBus } from "../conformance.ts";
import { memoryBus } from "../memory/memory.ts";
import { decodeRecords, encodeRecord } from "./record.ts";
import { FolderHeld, type SpooledBus, type SpoolOptions, spooled } from "./spooled.ts";

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), "raingauge-spool-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
};

/** A bus that can be taken away and given back. */
const switched = (bus: Bus = memoryBus()): Bus & { away: boolean } => {
  const self: Bus & { away: boolean } = {
    away: true,
    publish: async (message) => {
      if (self.away) throw new BusUnavailable("the line is cut");
      return bus.publish(message);
    },
    consume: (handle, options) => bus.consume(handle, options),
    backlog: () => bus.backlog(),
    rejected: (after) => bus.rejected(after),
    replay: (sequence) => bus.replay(sequence),
    [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
  };
  return self;
};

/** Goes away at every seventh new message, so that most of them go by way of the disk. */
const reluctant = (bus: Bus): Bus => {
  const known = new Set<string>();
  return {
    ...switched(bus),
    publish: async ({ id, ...rest }) => {
      const isNew = !known.has(id);
      known.add(id);
      if (isNew && known.size % 7 === 1) throw new BusUnavailable("not now");
      return bus.publish({ id, ...rest });
    },
  };
};

const opened = async (bus: Bus, options: Partial<SpoolOptions> = {}): Promise<SpooledBus> => {
  const spool = await spooled(bus, { folder: folder(), limitBytes: 1_000_000, ...options });
  onTestFinished(() => spool[Symbol.asyncDispose]());
  return spool;
};

const message = (number: number, bytes = 10): Message => ({
  id: `message-${number}`,
  kind: "samples",
  region: "north",
  service: "libvirt",
  project: "acme",
  body: new Uint8Array(bytes).fill(number % 251),
});

const consumed = async (bus: Bus, count: number): Promise<Message[]> => {
  const got: Message[] = [];
  const stop = new AbortController();
  const take = bus.consume(
    async (deliveries) => {
      got.push(...deliveries.map((delivery) => delivery.message));
      if (got.length >= count) stop.abort();
      return deliveries.map(() => "done");
    },
    { consumer: "test", batchMessages: 100, signal: stop.signal },
  );
  await take;
  return got;
};

const files = (of: string): string[] => readdirSync(of).filter((name) => name.endsWith(".spool"));

describeBus("memory behind a spool", (limits) => spooled(memoryBus(limits), { folder: folder(), limitBytes: 50_000 }));
describeBus("memory that goes away again and again, behind a spool", (limits) =>
  spooled(reluctant(memoryBus(limits)), { folder: folder(), limitBytes: 50_000 }),
);

describe("a spool", () => {
  it("takes what the bus cannot take, and gives it over in order and unchanged when the bus is back", async () => {
    const bus = switched();
    const spool = await opened(bus, { segmentBytes: 500 });
    const sent = Array.from({ length: 50 }, (_, index) => message(index, index * 7));

    for (const each of sent) expect(await spool.publish(each)).toBe("stored");
    expect(spool.held.messages).toBe(50);
    bus.away = false;

    expect(await consumed(spool, 50)).toEqual(sent);
  });

  it("keeps the order of what is published while it is being emptied", async () => {
    const bus = switched();
    const spool = await opened(bus, { segmentBytes: 300 });
    const sent = Array.from({ length: 300 }, (_, index) => message(index));

    for (const [index, each] of sent.entries()) {
      if (index === 100) bus.away = false;
      await spool.publish(each);
    }

    expect(await consumed(spool, 300)).toEqual(sent);
  });

  it("takes many messages at once, each of them once", async () => {
    const bus = switched();
    const spool = await opened(bus, { segmentBytes: 2_000 });
    const sent = Array.from({ length: 200 }, (_, index) => message(index));

    const fates = await Promise.all([...sent, ...sent].map((each) => spool.publish(each)));
    bus.away = false;

    expect(fates.filter((fate) => fate === "stored")).toHaveLength(200);
    expect(await consumed(spool, 200)).toEqual(sent);
  });

  it("leaves nothing on disk once the bus has everything", async () => {
    const bus = switched();
    const at = folder();
    const spool = await opened(bus, { folder: at, segmentBytes: 300 });
    for (let number = 0; number < 20; number += 1) await spool.publish(message(number));

    bus.away = false;
    await consumed(spool, 20);
    await spool.publish(message(20));
    await consumed(spool, 1);
    await spool[Symbol.asyncDispose]();

    expect(readdirSync(at)).toEqual([]);
    expect(spool.held).toEqual({ messages: 0, bytes: 0 });
  });

  it("refuses when it is full, keeps what it holds, and has room again once the bus has taken some", async () => {
    const bus = switched();
    const spool = await opened(bus, { limitBytes: 5_000, segmentBytes: 1_000 });
    const sent: Message[] = [];
    const fill = async (): Promise<void> => {
      for (;;) {
        const next = message(sent.length, 400);
        await spool.publish(next);
        sent.push(next);
      }
    };

    await expect(fill()).rejects.toThrow(BusFull);
    expect(spool.held.bytes).toBeLessThanOrEqual(5_000);
    bus.away = false;

    expect(await consumed(spool, sent.length)).toEqual(sent);
    expect(await spool.publish(message(1_000, 400))).toBe("stored");
  });

  it("passes on an error that is neither a full nor an absent bus", async () => {
    const broken = { ...switched(), publish: () => Promise.reject(new TypeError("a bug")) };
    const spool = await opened(broken);

    await expect(spool.publish(message(1))).rejects.toThrow("a bug");
  });

  it("tells when the bus went away and when everything has followed", async () => {
    const bus = switched();
    const facts: string[] = [];
    const spool = await opened(bus, { tell: (fact) => void facts.push(fact) });

    await spool.publish(message(1));
    await spool.publish(message(2));
    bus.away = false;
    await consumed(spool, 2);
    await spool[Symbol.asyncDispose]();

    expect(facts).toEqual(["bus refused, spool begun", "spool emptied"]);
  });

  it("says so when the disk refuses a message, and goes on when the disk does", async () => {
    const bus = switched();
    const at = folder();
    const spool = await opened(bus, { folder: at, segmentBytes: 1 });
    await spool.publish(message(1));
    writeFileSync(join(at, "000000000002.spool"), "in the way of the next file");

    await expect(spool.publish(message(2))).rejects.toThrow(BusUnavailable);
    expect(await spool.publish(message(2))).toBe("stored");
    bus.away = false;

    expect(await consumed(spool, 2)).toEqual([message(1), message(2)]);
  });

  it("takes nothing for held that the disk may still refuse", async () => {
    const at = folder();
    const spool = await opened(switched(), { folder: at, segmentBytes: 1 });
    await spool.publish(message(1));
    writeFileSync(join(at, "000000000002.spool"), "in the way of the next file");

    const told = await Promise.allSettled([spool.publish(message(2)), spool.publish(message(2))]);

    expect(told.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(spool.held.messages).toBe(1);
  });

  it("belongs to one process", async () => {
    const at = folder();
    await opened(switched(), { folder: at });

    await expect(spooled(memoryBus(), { folder: at, limitBytes: 1 })).rejects.toThrow(FolderHeld);
  });

  it("can be opened again after an orderly end, and holds what it held", async () => {
    const at = folder();
    const first = await spooled(switched(), { folder: at, limitBytes: 10_000 });
    await first.publish(message(1));
    await first[Symbol.asyncDispose]();

    const bus = switched();
    bus.away = false;
    const second = await opened(bus, { folder: at });

    expect(await consumed(second, 1)).toEqual([message(1)]);
  });

  it("may publish again after a crash what the bus has already, under the same ids", async () => {
    const at = folder();
    const before = folder();
    const bus = switched();
    const spool = await opened(bus, { folder: at });
    for (let number = 0; number < 5; number += 1) await spool.publish(message(number));
    for (const name of files(at)) cpSync(join(at, name), join(before, name));
    bus.away = false;
    const first = await consumed(spool, 5);

    const again = await opened(bus, { folder: before });
    await again.publish(message(5));
    const second = await consumed(again, 1);

    expect([...first, ...second].map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5].map((number) => `message-${number}`));
  });
});

describe("a spool's file", () => {
  const sent = Array.from({ length: 12 }, (_, index) => message(index, index * 13));
  const whole = Buffer.concat(sent.map(encodeRecord));

  it("gives every record that was written whole, wherever it was cut off", () => {
    fc.assert(
      fc.property(fc.nat({ max: whole.length }), (cut) => {
        const { messages, bytes } = decodeRecords(whole.subarray(0, cut));

        expect(messages).toEqual(sent.slice(0, messages.length));
        expect(bytes).toBeLessThanOrEqual(cut);
        expect(messages.length === 12 || bytes + encodeRecord(sent[messages.length]!).length > cut).toBe(true);
      }),
    );
  });

  it("never gives a record that was changed", () => {
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 1, max: 255 }), (where, by) => {
        const changed = Buffer.from(whole);
        changed[where] = (changed[where] ?? 0) ^ by;

        const { messages, tail } = decodeRecords(changed);

        expect(messages).toEqual(sent.slice(0, messages.length));
        expect(tail).not.toBe("clean");
      }),
    );
  });

  it.each([
    { name: "cut short", spoil: (file: string) => truncateSync(file, statSync(file).size - 3), kept: 0 },
    {
      name: "damaged",
      spoil: (file: string) => {
        const content = readFileSync(file);
        content[content.length - 1] = (content.at(-1) ?? 0) ^ 1;
        writeFileSync(file, content);
      },
      kept: 1,
    },
  ])(
    "that is $name at its end gives what stands before, says so, and is kept if a person could learn from it",
    async ({ name, spoil, kept }) => {
      const at = folder();
      const first = await spooled(switched(), { folder: at, limitBytes: 10_000 });
      for (let number = 0; number < 3; number += 1) await first.publish(message(number));
      await first[Symbol.asyncDispose]();
      spoil(join(at, files(at)[0]!));
      const told: unknown[] = [];

      const bus = switched();
      bus.away = false;
      const second = await opened(bus, { folder: at, tell: (fact, { tail }) => void told.push([fact, tail]) });

      expect((await consumed(second, 2)).map(({ id }) => id)).toEqual(["message-0", "message-1"]);
      expect(told).toContainEqual(["spool record dropped", name]);
      expect(readdirSync(at).filter((file) => file.endsWith(".damaged"))).toHaveLength(kept);
    },
  );
});

const PUBLISHER = `
  import { BusUnavailable } from ${JSON.stringify(new URL("../bus.ts", import.meta.url).href)};
  import { spooled } from ${JSON.stringify(new URL("./spooled.ts", import.meta.url).href)};
  const away = { publish: async () => { throw new BusUnavailable("away"); }, [Symbol.asyncDispose]: async () => {} };
  const [folder, from] = process.argv.slice(1);
  const spool = await spooled(away, { folder, limitBytes: 10_000_000, segmentBytes: 5_000 });
  const one = async (number) => {
    await spool.publish({ id: "message-" + number, kind: "samples", region: "north", service: "libvirt", project: "acme",
      body: new Uint8Array(300).fill(number % 251) });
    process.stdout.write(number + "\\n");
  };
  for (let number = Number(from); ; number += 3) await Promise.all([one(number), one(number + 1), one(number + 2)]);
`;

describe("a process that is killed while it spools", () => {
  it("has every message that it had acknowledged, unchanged and in order, however often that happens", async () => {
    const at = folder();
    const acknowledged: number[] = [];

    for (const wanted of [5, 40, 90, 200]) acknowledged.push(...(await killedAfter(at, acknowledged.length, wanted)));
    const bus = switched();
    bus.away = false;
    const spool = await opened(bus, { folder: at });
    const held = spool.held.messages;
    const got = await consumed(spool, held);

    const numbers = got.map(({ id }) => Number(id.split("-")[1]));
    expect(numbers).toEqual(expect.arrayContaining(acknowledged));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    for (const each of got) expect(each).toEqual(message(Number(each.id.split("-")[1]), 300));
  });
});

/** The numbers that a publisher had acknowledged when it was killed, some time after it had acknowledged `wanted`. */
async function killedAfter(at: string, from: number, wanted: number): Promise<number[]> {
  const child: ChildProcess = spawn(
    process.execPath,
    ["--input-type=module", "--eval", PUBLISHER, at, String(1_000 * (from + 1))],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = once(child, "close");
  let said = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    said += chunk.toString();
    if (said.split("\n").length > wanted) child.kill("SIGKILL");
  });
  await ended;
  return said.slice(0, said.lastIndexOf("\n")).split("\n").map(Number);
}
