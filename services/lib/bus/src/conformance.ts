import { describe, expect, it, onTestFinished } from "vitest";
import { type Bus, BusFull, type Delivery, type Fate, type Message, type Rejected } from "./bus.ts";

export interface Limits {
  readonly limitBytes?: number;
  readonly rejectedLimitBytes?: number;
}

/** Every bus keeps the numbered promises of the port. `open` gives an empty bus. */
export function describeBus(name: string, open: (limits?: Limits) => Promise<Bus>): void {
  const opened = async (limits?: Limits): Promise<Bus> => {
    const bus = await open(limits);
    onTestFinished(() => bus[Symbol.asyncDispose]());
    return bus;
  };

  describe(`the promises of a bus: ${name}`, () => {
    it("hands over what was published, as it was published", async () => {
      const bus = await opened();
      const sent = [
        message(1, { kind: "events", project: "", region: "Région 1.>" }),
        message(2, { service: "nova *" }),
      ];

      for (const each of sent) expect(await bus.publish(each)).toBe("stored");

      const got = await taken(bus, 2);
      expect(byId(got.map((delivery) => delivery.message))).toEqual(byId(sent));
      expect(got.map(({ attempt }) => attempt)).toEqual([1, 1]);
    });

    it("keeps an id once, and says so", async () => {
      const bus = await opened();
      await bus.publish(message(1));

      expect(await bus.publish(message(1))).toBe("duplicate");
      await bus.publish(message(2));

      expect((await taken(bus, 2)).map((delivery) => delivery.message.id)).toEqual(["message-1", "message-2"]);
    });

    it("says when a message was sent and when it was stored, and repeats it", async () => {
      const bus = await opened();
      const from = Date.now();
      await bus.publish(message(1, { trace: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" }));

      const [first, second] = await taken(bus, 2, {
        fate: (hand) => hand.map(({ attempt }) => (attempt === 1 ? "retry" : "done")),
      });

      // A spool takes it before the bus does: it is stored by the time that it is handed over, and no later.
      const until = Date.now();
      expect(first?.sentAt).toBeGreaterThanOrEqual(from);
      expect(first?.storedAt).toBeGreaterThanOrEqual(from);
      expect(first?.storedAt).toBeLessThanOrEqual(until);
      expect([second?.sentAt, second?.storedAt]).toEqual([first?.sentAt, first?.storedAt]);
      expect(second?.message.trace).toBe("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    });

    it("keeps what nobody has consumed yet, and hands nothing over again that is done", async () => {
      const bus = await opened();
      for (let number = 1; number <= 5; number += 1) await bus.publish(message(number));

      const first = await taken(bus, 2, { batchMessages: 2 });
      const rest = await taken(bus, 3);

      expect([...first, ...rest].map((delivery) => delivery.message.id)).toEqual(ids(1, 5));
    });

    it("knows how many messages have met no fate yet", async () => {
      const bus = await opened();
      for (let number = 1; number <= 4; number += 1) await bus.publish(message(number));
      expect(await bus.backlog()).toBe(4);

      await taken(bus, 1, { batchMessages: 1 });
      expect(await bus.backlog()).toBe(3);
      await taken(bus, 3, { fate: (deliveries) => deliveries.map(() => ({ reject: "no" })) });

      expect(await bus.backlog()).toBe(0);
    });

    it("hands over a partition in the order of publication, however many are handed over at once", async () => {
      const bus = await opened();
      for (let number = 1; number <= 50; number += 1) await bus.publish(message(number));

      const got = await taken(bus, 50, { batchMessages: 7 });

      expect(got.map((delivery) => delivery.message.id)).toEqual(ids(1, 50));
      expect(got.map(({ position }) => position.sequence)).toEqual(
        got.map(({ position }) => position.sequence).toSorted((a, b) => Number(a - b)),
      );
    });

    it("never hands over more at once than was asked for", async () => {
      const bus = await opened();
      for (let number = 1; number <= 20; number += 1) await bus.publish(message(number));
      const tooMany: number[] = [];
      const fate = (deliveries: readonly Delivery[]): Fate[] => {
        if (deliveries.length > 3) tooMany.push(deliveries.length);
        return deliveries.map(() => "done");
      };

      await taken(bus, 20, { batchMessages: 3, fate });

      expect(tooMany).toEqual([]);
    });

    it("hands over the next batches while the first is in hand, as many as were asked for and in order", async () => {
      const bus = await opened();
      for (let number = 1; number <= 6; number += 1) await bus.publish(message(number));
      const stop = new AbortController();
      const { promise: working, resolve: finish } = Promise.withResolvers<void>();
      const { promise: both, resolve: bothInHand } = Promise.withResolvers<void>();
      const begun: string[] = [];
      const inHand = new Set<readonly Delivery[]>();
      let most = 0;
      const consuming = bus.consume(
        async (deliveries) => {
          begun.push(...deliveries.map(({ message: { id } }) => id));
          inHand.add(deliveries);
          most = Math.max(most, inHand.size);
          if (inHand.size === 2) bothInHand();
          await working;
          inHand.delete(deliveries);
          if (begun.length === 6) stop.abort();
          return deliveries.map(() => "done");
        },
        { consumer: "collector", batchMessages: 1, handsAtOnce: 2, signal: stop.signal },
      );

      await both;
      expect(await bus.backlog()).toBe(6);
      finish();
      await consuming;

      expect(most).toBe(2);
      expect(begun).toEqual(ids(1, 6));
      expect(await bus.backlog()).toBe(0);
    });

    it("settles what else is in hand where one of several batches fails, and hands over again only that one", async () => {
      const bus = await opened();
      for (let number = 1; number <= 2; number += 1) await bus.publish(message(number));
      const { promise: both, resolve: bothInHand } = Promise.withResolvers<void>();
      const { promise: failed, resolve: fail } = Promise.withResolvers<void>();
      let inHand = 0;
      const consuming = bus.consume(
        async (deliveries) => {
          inHand += 1;
          if (inHand === 2) bothInHand();
          await both;
          if (deliveries.some(({ message: { id } }) => id === "message-1")) {
            fail();
            throw new Error("a bug");
          }
          await failed;
          return deliveries.map(() => "done");
        },
        { consumer: "collector", batchMessages: 1, handsAtOnce: 2, signal: new AbortController().signal },
      );

      await expect(consuming).rejects.toThrow("a bug");

      expect(await bus.backlog()).toBe(1);
      expect((await taken(bus, 1)).map((delivery) => delivery.message.id)).toEqual(["message-1"]);
    });

    it("hands a message over again at the same position until it is done", async () => {
      const bus = await opened();
      await bus.publish(message(1));

      const got = await taken(bus, 3, {
        fate: (deliveries) => deliveries.map(({ attempt }) => (attempt < 3 ? "retry" : "done")),
      });

      expect(got.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
      expect(new Set(got.map(({ position }) => `${position.stream} ${position.sequence}`)).size).toBe(1);
    });

    it("settles the messages of one batch one by one", async () => {
      const bus = await opened();
      for (let number = 1; number <= 4; number += 1) await bus.publish(message(number));
      const fate = (deliveries: readonly Delivery[]): Fate[] =>
        deliveries.map(({ message: { id }, attempt }) =>
          id === "message-2" ? { reject: "no" } : id === "message-3" && attempt === 1 ? "retry" : "done",
        );

      const got = await taken(bus, 5, { fate });

      expect(byText(got.map((delivery) => delivery.message.id))).toEqual([
        "message-1",
        "message-2",
        "message-3",
        "message-3",
        "message-4",
      ]);
      expect((await rejects(bus)).map((reject) => reject.message.id)).toEqual(["message-2"]);
    });

    it("ends a consumer whose handler throws, and hands its messages over again at the same positions", async () => {
      const bus = await opened();
      for (let number = 1; number <= 3; number += 1) await bus.publish(message(number));
      const seen: Delivery[] = [];
      const failing = bus.consume(
        async (deliveries) => {
          seen.push(...deliveries);
          throw new Error("a bug");
        },
        { consumer: "collector", batchMessages: 10, signal: new AbortController().signal },
      );

      await expect(failing).rejects.toThrow("a bug");
      const got = await taken(bus, 3);

      expect(byText(got.map((delivery) => delivery.message.id))).toEqual(ids(1, 3));
      for (const {
        position,
        message: { id },
      } of seen)
        expect(got.find((delivery) => delivery.message.id === id)?.position).toEqual(position);
    });

    it("shares the messages among consumers of one name, each message to one of them", async () => {
      const bus = await opened();
      for (let number = 1; number <= 40; number += 1)
        await bus.publish(message(number, { project: `project ${number}` }));
      const stop = new AbortController();
      const seen: string[] = [];
      const handle = async (deliveries: readonly Delivery[]): Promise<Fate[]> => {
        seen.push(...deliveries.map((delivery) => delivery.message.id));
        if (seen.length === 40) stop.abort();
        return deliveries.map(() => "done");
      };

      await Promise.all(
        [1, 2, 3].map(() => bus.consume(handle, { consumer: "collector", batchMessages: 2, signal: stop.signal })),
      );

      expect(byText(seen)).toEqual(byText(ids(1, 40)));
    });

    it("sets a rejected message aside with its reason and its bytes", async () => {
      const bus = await opened();
      await bus.publish(message(1));
      const reason = "it says nothing — at samples.3\nnothing at all";

      await taken(bus, 1, { fate: (deliveries) => deliveries.map(() => ({ reject: reason })) });

      const [reject] = await rejects(bus);
      expect(reject).toMatchObject({ reason, message: message(1) });
      expect(reject?.rejectedAt).toBeGreaterThan(0);
    });

    it("never keeps a secret among the rejects", async () => {
      const bus = await opened();
      const body = new TextEncoder().encode(JSON.stringify({ name: "vm-1", adminPass: "hunter2" }));
      await bus.publish({ ...message(1), body });

      await taken(bus, 1, { fate: (deliveries) => deliveries.map(() => ({ reject: "no" })) });

      const text = new TextDecoder().decode((await rejects(bus))[0]?.message.body);
      expect(text).toContain("vm-1");
      expect(text).not.toContain("hunter2");
    });

    it("lists what was rejected after another, and nothing before it", async () => {
      const bus = await opened();
      for (const number of [1, 2, 3]) await bus.publish(message(number));
      await taken(bus, 3, { fate: (deliveries) => deliveries.map(() => ({ reject: "broken" })) });
      const [first, ...others] = await rejects(bus);

      const behind = await Array.fromAsync(bus.rejected(first?.sequence ?? 0n));

      expect(others).toHaveLength(2);
      expect(behind).toEqual(others);
    });

    it("puts a rejected message back once, as a new message, and only while it is there", async () => {
      const bus = await opened();
      await bus.publish(message(1));
      const [before] = await taken(bus, 1, { fate: (deliveries) => deliveries.map(() => ({ reject: "not yet" })) });
      const [reject] = await rejects(bus);

      expect(await bus.replay(reject?.sequence ?? 0n)).toBe(true);
      expect(await bus.replay(reject?.sequence ?? 0n)).toBe(false);

      const [after] = await taken(bus, 1);
      expect(after?.message.body).toEqual(message(1).body);
      expect(after?.position).not.toEqual(before?.position);
      expect(await rejects(bus)).toEqual([]);
    });

    it("can reject and replay one message again and again", async () => {
      const bus = await opened();
      await bus.publish(message(1));

      for (let round = 1; round <= 3; round += 1) {
        await taken(bus, 1, { fate: (deliveries) => deliveries.map(() => ({ reject: `round ${round}` })) });
        const [reject] = await rejects(bus);
        expect(reject?.reason).toBe(`round ${round}`);
        await bus.replay(reject?.sequence ?? 0n);
      }

      expect(await taken(bus, 1)).toHaveLength(1);
    });

    it("retries what it cannot reject because the rejects are full", async () => {
      const bus = await opened({ rejectedLimitBytes: 20_000 });
      for (let number = 1; number <= 3; number += 1)
        await bus.publish(message(number, { body: new Uint8Array(9_000).fill(number) }));
      const all = (fate: Fate) => (deliveries: readonly Delivery[]) => deliveries.map(() => fate);

      const got = await taken(bus, 4, { fate: all({ reject: "no" }) });
      const kept = (await rejects(bus)).map((reject) => reject.message.id);
      const rest = await taken(bus, 3 - kept.length);

      expect(got.filter(({ attempt }) => attempt > 1)).not.toEqual([]);
      expect(kept.length).toBeLessThan(3);
      expect(byText([...kept, ...rest.map((delivery) => delivery.message.id)])).toEqual(ids(1, 3));
    });

    it("refuses when it is full, keeps what it holds, and takes more once there is room", async () => {
      const bus = await opened({ limitBytes: 100_000 });
      const large = (number: number): Message => message(number, { body: new Uint8Array(9_000).fill(number) });
      let stored = 0;
      const fill = async (): Promise<void> => {
        for (;;) {
          await bus.publish(large(stored + 1));
          stored += 1;
        }
      };

      await expect(fill()).rejects.toThrow(BusFull);
      const refused = stored + 1;
      const held = await taken(bus, stored);

      expect(held.map((delivery) => delivery.message.id)).toEqual(ids(1, stored));
      expect(await bus.publish(large(refused))).toBe("stored");
      expect((await taken(bus, 1))[0]?.message.id).toBe(`message-${refused}`);
    });

    it("ends a consumer with nothing to do as soon as it is told to", async () => {
      const bus = await opened();
      const stop = new AbortController();

      const consuming = bus.consume(async () => [], { consumer: "collector", batchMessages: 1, signal: stop.signal });
      stop.abort();

      await consuming;
    });

    it("settles what is in hand before a consumer that is told to stop has stopped", async () => {
      const bus = await opened();
      await bus.publish(message(1));
      const stop = new AbortController();
      const { promise: working, resolve: finish } = Promise.withResolvers<void>();
      const { promise: handed, resolve: hand } = Promise.withResolvers<void>();
      const order: string[] = [];
      const consuming = bus
        .consume(
          async (deliveries) => {
            hand();
            await working;
            order.push("settled");
            return deliveries.map(() => "done");
          },
          { consumer: "collector", batchMessages: 1, signal: stop.signal },
        )
        .then(() => order.push("stopped"));

      await handed;
      stop.abort();
      await bus.publish(message(2));
      finish();
      await consuming;

      expect(order).toEqual(["settled", "stopped"]);
      expect((await taken(bus, 1)).map((delivery) => delivery.message.id)).toEqual(["message-2"]);
    });
  });
}

/** Different project, same partition or not: one project's messages stay in order. */
const message = (number: number, over: Partial<Message> = {}): Message => ({
  id: `message-${number}`,
  kind: "samples",
  region: "RegionOne",
  service: "nova",
  project: "acme",
  body: new TextEncoder().encode(`body ${number}`),
  ...over,
});

const ids = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `message-${from + index}`);

const byText = (texts: readonly string[]): string[] => texts.toSorted();

const byId = (messages: readonly Message[]): Message[] => messages.toSorted((a, b) => (a.id < b.id ? -1 : 1));

const rejects = (bus: Bus): Promise<Rejected[]> => Array.fromAsync(bus.rejected());

interface Taking {
  readonly batchMessages?: number;
  readonly fate?: (deliveries: readonly Delivery[]) => readonly Fate[];
}

/** Consumes until `count` deliveries have been settled. */
async function taken(bus: Bus, count: number, { batchMessages = 10, fate }: Taking = {}): Promise<Delivery[]> {
  const got: Delivery[] = [];
  const stop = new AbortController();
  if (count === 0) return got;
  await bus.consume(
    async (deliveries) => {
      got.push(...deliveries);
      if (got.length >= count) stop.abort();
      return fate?.(deliveries) ?? deliveries.map(() => "done");
    },
    { consumer: "collector", batchMessages, signal: stop.signal },
  );
  return got;
}
