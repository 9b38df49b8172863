import { expect, it } from "vitest";
import { message, type Open, taken } from "./terms.ts";

/** A consumer ends when it is told to, and leaves nothing half done. */
export function stopping(opened: Open): void {
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
}
