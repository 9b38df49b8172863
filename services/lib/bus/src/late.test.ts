import { describe, expect, it } from "vitest";
import { type Bus, BusUnavailable, type Message } from "./bus.ts";
import { describeBus } from "./conformance.ts";
import { late } from "./late.ts";
import { memoryBus } from "./memory/memory.ts";

describeBus("memory, opened late", async (limits) => late(async () => memoryBus(limits)));

const message: Message = {
  id: "message-1",
  kind: "samples",
  region: "north",
  service: "nova",
  project: "acme",
  body: new Uint8Array(3),
};

describe("a bus that is opened late", () => {
  it("is away until it can be opened, and there from then on, opened once", async () => {
    let attempts = 0;
    const open = async (): Promise<Bus> => {
      attempts += 1;
      if (attempts < 3) throw new BusUnavailable("no server yet");
      return memoryBus();
    };
    const bus = late(open);

    await expect(bus.publish(message)).rejects.toThrow(BusUnavailable);
    await expect(bus.publish(message)).rejects.toThrow(BusUnavailable);
    await Promise.all([bus.publish(message), bus.publish({ ...message, id: "message-2" })]);

    expect(attempts).toBe(3);
  });

  it("ends without having been opened", async () => {
    await late(() => Promise.reject(new BusUnavailable("never")))[Symbol.asyncDispose]();
  });
});
