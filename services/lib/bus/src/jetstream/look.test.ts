import { describeWith, natsServer } from "@raingauge/harness";
import { expect, it } from "vitest";
import { BusUnavailable } from "../bus.ts";
import { jetStreamBus } from "./jetstream.ts";
import { lookAtBus } from "./look.ts";

await describeWith("nats-server", "a look at the bus", () => {
  it("makes no stream, and says how full they are once they are there", async () => {
    await using server = await natsServer();
    expect(await lookAtBus({ url: server.url })).toMatchObject({ messages: undefined, rejects: undefined });
    expect((await lookAtBus({ url: server.url })).messages).toBeUndefined();

    await using bus = await jetStreamBus({ url: server.url, limitBytes: 1_000_000 });
    await bus.publish({
      ...{ id: "one", kind: "samples", region: "one", service: "nova", project: "acme" },
      body: new Uint8Array(100),
    });
    const { messages, rejects } = await lookAtBus({ url: server.url });

    expect(messages).toMatchObject({ messages: 1, limitBytes: 1_000_000, replicas: 1, replicasLagging: 0 });
    expect(messages?.bytes).toBeGreaterThanOrEqual(100);
    expect(rejects).toMatchObject({ messages: 0 });
  });

  it("says that nobody answers, without a password", async () => {
    const looked = lookAtBus({ url: "nats://user:hush@127.0.0.1:1" });

    await expect(looked).rejects.toThrow(BusUnavailable);
    await expect(looked).rejects.not.toThrow("hush");
  });
});
