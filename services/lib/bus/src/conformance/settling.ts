import { expect, it } from "vitest";
import type { Delivery, Fate } from "../bus.ts";
import { byText, ids, message, type Open, rejects, taken } from "./terms.ts";

/** A message is done, or handed over again at its place. */
export function settling(opened: Open): void {
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
}
