import { describeWith, natsServer } from "@raingauge/harness";
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
});
