import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
  answered,
  describeWith,
  natsRecipe,
  natsServer,
  type Program,
  privatePort,
  run,
  type Server,
} from "@raingauge/harness";
import { expect, it, onTestFinished } from "vitest";
import { type Bus, BusUnavailable, type Delivery, type Fate, type Message } from "../bus.ts";
import { type JetStreamOptions, jetStreamBus } from "./jetstream.ts";

await describeWith("nats-server", "JetStream when things break", () => {
  it("holds every message that it acknowledged, once, after its server was killed again and again", async () => {
    const server = await started();
    const bus = await opened({ url: server.url });
    const wanted = Array.from({ length: 3_000 }, (_, index) => message(index));
    let published = 0;

    const publishing = Promise.all(
      [0, 1, 2, 3].map(async (lane) => {
        for (const each of wanted.filter((_, index) => index % 4 === lane)) {
          await publishedAtLast(bus, each);
          published += 1;
        }
      }),
    );
    for (const share of [0.2, 0.5, 0.8]) {
      while (published < share * wanted.length) await pause(1);
      await server.kill();
      await server.restart();
    }
    await publishing;

    const got = await taken(bus, wanted.length);
    expect(got.map((delivery) => delivery.message.id).toSorted()).toEqual(wanted.map(({ id }) => id).toSorted());
  });

  it("gets rid of what is done, though the server that was told so was killed at once", async () => {
    const server = await started();
    const bus = await opened({ url: server.url, ackWaitMs: 1_000 });
    const all = Array.from({ length: 500 }, (_, index) => message(index));
    await Promise.all(all.map((each) => bus.publish(each)));
    await taken(bus, all.length);
    await server.restart();

    const stop = new AbortController();
    const again = consumedAtLast(bus, stop.signal);
    await publishedAtLast(bus, message(all.length));
    while ((await bus.backlog()) > 0) await pause(20);
    stop.abort();

    const known = new Set([...all, message(all.length)].map(({ id }) => id));
    expect((await again).filter((delivery) => !known.has(delivery.message.id))).toEqual([]);
  });

  it.for([
    {
      crash: "came back with an index by subject that lacks it",
      left: ["retry", "done", "done"],
      parts: ["streams/RAINGAUGE/msgs/1.idx"],
      wanted: ["message-0"],
    },
    {
      crash: "waits for the fate of another message, which is gone",
      left: ["retry", "done", "done"],
      parts: ["streams/RAINGAUGE/obs/collector/o.dat"],
      over: ["done"],
      wanted: ["message-14", "message-7"],
    },
  ] as const)("finds what its server settled and still holds, though it $crash", async (story, { skip }) => {
    const folder = mkdtempSync(join(tmpdir(), "raingauge-crash-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const { url, greeting, command } = await natsRecipe(folder);
    const started = async (): Promise<Program> => {
      const server = run(command, folder, folder);
      onTestFinished(() => server.end());
      await answered(greeting, () => server.failure());
      return server;
    };
    const store = join(folder, "store");
    const file = (name: string): string => join(store, "jetstream/$G", name);
    const settledFrom = async (full: string, fates: readonly Fate[]): Promise<void> => {
      rmSync(store, { recursive: true });
      cpSync(full, store, { recursive: true });
      const server = await started();
      await settledAtLast(bus, fates);
      await server.end();
    };
    const first = await started();
    const bus = await opened({ url, ackWaitMs: 1_000 });
    for (const number of [0, 7, 14]) await bus.publish(message(number));
    await first.end();
    const full = join(folder, "full");
    cpSync(store, full, { recursive: true });

    // What a crash leaves: a part as it was at one moment beside the others as they were at another.
    if (!existsSync(file("streams/RAINGAUGE/msgs/1.idx"))) skip("this nats-server keeps its state otherwise");
    await settledFrom(full, story.left);
    for (const part of story.parts) cpSync(file(part), join(folder, basename(part)));
    await settledFrom(full, "over" in story ? story.over : ["done", "done"]);
    for (const part of story.parts) cpSync(join(folder, basename(part)), file(part));
    await started();

    const stop = new AbortController();
    const again = consumedAtLast(bus, stop.signal);
    while ((await backlogAtLast(bus)) > 0) await pause(20);
    stop.abort();

    expect(new Set((await again).map((delivery) => delivery.message.id))).toEqual(new Set(story.wanted));
  });

  it("hands over again, at the same positions, what a consumer had in hand that was killed", async () => {
    const server = await started();
    const bus = await opened({ url: server.url, ackWaitMs: 1_000 });
    for (let index = 0; index < 5; index += 1) await bus.publish(message(index));

    const seen = await killedInTheMiddle(server.url);
    const got = await taken(bus, 5);

    expect(seen.length).toBeGreaterThan(0);
    for (const position of seen) expect(got.map(told)).toContain(position);
    expect(new Set(got.map(told)).size).toBe(5);
  });

  it("ends a consumer whose connection was lost, and serves it again once the server is back", async () => {
    const server = await started();
    const bus = await opened({ url: server.url });
    const idle = bus.consume(async () => [], {
      consumer: "collector",
      batchMessages: 1,
      signal: new AbortController().signal,
    });
    const ended = expect(idle).rejects.toThrow(BusUnavailable);

    await server.kill();
    await ended;
    await server.restart();
    await publishedAtLast(bus, message(1));

    expect(await taken(bus, 1)).toHaveLength(1);
  });

  it("takes a slow handler for a living one: a message is not handed over again while its fate is being decided", async () => {
    const server = await started();
    const bus = await opened({ url: server.url, ackWaitMs: 300 });
    await bus.publish(message(1));
    await bus.publish(message(2));
    const attempts: number[] = [];
    const stop = new AbortController();

    await bus.consume(
      async (deliveries) => {
        attempts.push(...deliveries.map(({ attempt }) => attempt));
        await pause(1_000);
        if (attempts.length >= 2) stop.abort();
        return deliveries.map(() => "done");
      },
      { consumer: "collector", batchMessages: 1, signal: stop.signal },
    );

    expect(attempts).toEqual([1, 1]);
  });

  it("names a stream that was made anew differently, though it counts from 1 again", async () => {
    const [first, second] = [await started(), await started()];
    const lives = [];

    for (const { url } of [first, second]) {
      const bus = await opened({ url });
      await bus.publish(message(1));
      lives.push(...(await taken(bus, 1)));
    }

    const [before, after] = lives;
    expect(before?.position.sequence).toBe(after?.position.sequence);
    expect(before?.position.stream).not.toBe(after?.position.stream);
  });

  it("keeps a stream's name when its server comes back with what it had stored", async () => {
    const server = await started();
    const bus = await opened({ url: server.url, ackWaitMs: 1_000 });
    await bus.publish(message(1));
    const retried = await taken(bus, 1, "retry");
    await server.restart();

    const again = await takenAtLast(bus, 1);

    expect(again.map(told)).toEqual(retried.map(told));
  });

  it("says that the bus is unavailable while no server answers, and works as soon as one does", async () => {
    const server = await started();
    await server.kill();
    const bus = await opened({ url: server.url });

    await expect(bus.publish(message(1))).rejects.toThrow(BusUnavailable);
    await expect(bus.replay(1n)).rejects.toThrow(BusUnavailable);
    await server.restart();

    expect(await publishedAtLast(bus, message(1))).toBe("stored");
  });

  it("never names a password", async () => {
    const url = `nats://agent:hunter2@127.0.0.1:${await privatePort()}`;
    const bus = await opened({ url });

    const failure = await bus.publish(message(1)).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(BusUnavailable);
    expect(causes(failure)).toContain("127.0.0.1");
    expect(causes(failure)).not.toContain("hunter2");
  });

  it("keeps what it holds, and its consumer, when it is opened with other settings", async () => {
    const server = await started();
    const before = await opened({ url: server.url, limitBytes: 1_000_000 });
    await before.publish(message(1));
    await before.publish(message(2));
    await taken(before, 1, "done", 1);

    const after = await opened({ url: server.url, limitBytes: 2_000_000, ackWaitMs: 1_000, partitions: 16 });

    expect(await taken(after, 1)).toHaveLength(1);
  });
});

async function started(): Promise<Server> {
  const server = await natsServer();
  onTestFinished(() => server.stop());
  return server;
}

async function opened(options: JetStreamOptions): Promise<Bus> {
  const bus = await jetStreamBus({
    limitBytes: 50_000_000,
    rejectedLimitBytes: 10_000_000,
    timeoutMs: 2_000,
    ...options,
  });
  onTestFinished(() => bus[Symbol.asyncDispose]());
  return bus;
}

const message = (number: number): Message => ({
  id: `message-${number}`,
  kind: "samples",
  region: "RegionOne",
  service: "nova",
  project: `project-${number % 7}`,
  body: new TextEncoder().encode(`body ${number}`),
});

const told = ({ position: { stream, sequence } }: Delivery): string => `${stream} ${sequence}`;

/** As an agent does: the same message again until it is taken. */
async function publishedAtLast(bus: Bus, each: Message): Promise<"stored" | "duplicate"> {
  for (;;) {
    try {
      return await bus.publish(each);
    } catch (error) {
      if (!(error instanceof BusUnavailable)) throw error;
      await pause(20);
    }
  }
}

async function taken(
  bus: Bus,
  count: number,
  fate: "done" | "retry" = "done",
  batchMessages = 100,
): Promise<Delivery[]> {
  const got: Delivery[] = [];
  const stop = new AbortController();
  await bus.consume(
    async (deliveries) => {
      got.push(...deliveries);
      if (got.length >= count) stop.abort();
      return deliveries.map(() => fate);
    },
    { consumer: "collector", batchMessages, signal: stop.signal },
  );
  return got;
}

/** As the collector does: it consumes again when the connection was lost. */
async function consumedAtLast(bus: Bus, signal: AbortSignal): Promise<Delivery[]> {
  const got: Delivery[] = [];
  while (!signal.aborted) {
    try {
      await bus.consume(
        async (deliveries) => {
          got.push(...deliveries);
          return deliveries.map(() => "done");
        },
        { consumer: "collector", batchMessages: 100, signal },
      );
    } catch (error) {
      if (!(error instanceof BusUnavailable)) throw error;
      await pause(20);
    }
  }
  return got;
}

async function takenAtLast(bus: Bus, count: number): Promise<Delivery[]> {
  for (;;) {
    try {
      return await taken(bus, count);
    } catch (error) {
      if (!(error instanceof BusUnavailable)) throw error;
      await pause(20);
    }
  }
}

/** Gives the first messages their fates, one by one, and leaves the others. */
async function settledAtLast(bus: Bus, fates: readonly Fate[]): Promise<void> {
  const left = [...fates];
  while (left.length > 0) {
    const stop = new AbortController();
    try {
      await bus.consume(
        async () => {
          const fate = left.shift() ?? "retry";
          if (left.length === 0) stop.abort();
          return [fate];
        },
        { consumer: "collector", batchMessages: 1, signal: stop.signal },
      );
    } catch (error) {
      if (!(error instanceof BusUnavailable)) throw error;
      await pause(20);
    }
  }
}

async function backlogAtLast(bus: Bus): Promise<number> {
  for (;;) {
    try {
      return await bus.backlog();
    } catch (error) {
      if (!(error instanceof BusUnavailable)) throw error;
      await pause(20);
    }
  }
}

/** Positions that a consumer of its own process had in hand when it was killed. */
async function killedInTheMiddle(url: string): Promise<string[]> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.resolve("./fixtures/idle-consumer.ts")), url], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [first] = await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "exit");
  return String(first).trim().split("\n");
}

const causes = (error: unknown): string =>
  error instanceof Error ? `${error.stack} ${causes(error.cause)}` : String(error);
