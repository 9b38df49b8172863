import { expect, it } from "vitest";
import type { Delivery, Fate } from "../bus.ts";
import { byText, ids, message, type Open, taken } from "./terms.ts";

/** In which order, how many at once and to whom messages are handed over. */
export function handing(opened: Open): void {
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
}
