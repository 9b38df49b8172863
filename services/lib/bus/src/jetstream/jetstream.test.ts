import { describeWith, natsServer } from "@raingauge/harness";
import { expect, it } from "vitest";
import { describeBus } from "../conformance.ts";
import { jetStreamBus } from "./jetstream.ts";

await describeWith("nats-server", "JetStream on a real server", () => {
  describeBus("jetstream", async (limits) => {
    const server = await natsServer();
    const bus = await jetStreamBus({
      url: server.url,
      limitBytes: 10_000_000,
      rejectedLimitBytes: 10_000_000,
      ...limits,
    });
    return {
      ...bus,
      [Symbol.asyncDispose]: async () => {
        await bus[Symbol.asyncDispose]();
        await server.stop();
      },
    };
  });

  it("hands over all of what is more than one request may bring", async () => {
    await using server = await natsServer();
    await using bus = await jetStreamBus({ url: server.url, limitBytes: 64_000_000 });
    const message = { kind: "samples", region: "RegionOne", service: "nova", project: "acme" } as const;
    const body = new Uint8Array(900_000);
    for (let number = 0; number < 30; number += 1) await bus.publish({ ...message, id: `large ${number}`, body });
    const stop = new AbortController();
    const got: string[] = [];

    await bus.consume(
      async (deliveries) => {
        got.push(...deliveries.map(({ message: { id } }) => id));
        if (got.length === 30) stop.abort();
        return deliveries.map(() => "done");
      },
      { consumer: "collector", batchMessages: 1_000, signal: stop.signal },
    );

    expect(got).toEqual(Array.from({ length: 30 }, (_, number) => `large ${number}`));
  });
});
