import { expect, it } from "vitest";
import { BusFull, type Delivery, type Fate, type Message } from "../bus.ts";
import { byText, ids, message, type Open, rejects, taken } from "./terms.ts";

/** What becomes of messages where there is no room for them. */
export function filling(opened: Open): void {
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
}
