import { expect, it } from "vitest";
import { byId, ids, message, type Open, taken } from "./terms.ts";

/** What is published is kept once, as it was told, until it has met its fate. */
export function keeping(opened: Open): void {
  it("hands over what was published, as it was published", async () => {
    const bus = await opened();
    const sent = [message(1, { kind: "events", project: "", region: "Région 1.>" }), message(2, { service: "nova *" })];

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
}
