import { describeWith, natsServer } from "@raingauge/harness";
import { describe, expect, it } from "vitest";
import { jetStreamLeases } from "./jetstream/leases.ts";
import type { Leases } from "./leases.ts";
import { memoryLeases } from "./memory/leases.ts";

const TERM_MS = 1_000;
/** Only ends what hangs. */
const PATIENCE = { timeout: 20_000, interval: 50 };

interface Pair extends AsyncDisposable {
  readonly one: Leases;
  readonly other: Leases;
}

function describeLeases(name: string, open: () => Promise<Pair>): void {
  describe(`${name} leases`, () => {
    it("are held by one at a time, for as long as it renews them", async () => {
      await using opened = await open();
      const { one, other } = opened;

      expect(await one.take("nova", "a")).toBe(true);
      expect(await other.take("nova", "b")).toBe(false);
      expect(await one.take("nova", "a")).toBe(true);
      expect(await other.take("glance", "b")).toBe(true);
      expect(await one.held()).toEqual(
        new Map([
          ["nova", "a"],
          ["glance", "b"],
        ]),
      );
    });

    it("are another's when they were released, and only by who held them", async () => {
      await using opened = await open();
      const { one, other } = opened;
      await one.take("nova", "a");

      await other.release("nova", "b");
      expect(await other.take("nova", "b")).toBe(false);
      await one.release("nova", "a");

      expect(await other.take("nova", "b")).toBe(true);
      expect(await one.take("nova", "a")).toBe(false);
    });

    it("are another's when they were not renewed, and then no more their first holder's", async () => {
      await using opened = await open();
      const { one, other } = opened;
      await one.take("nova", "a");

      await expect.poll(() => other.take("nova", "b"), PATIENCE).toBe(true);

      expect(await one.take("nova", "a")).toBe(false);
    });

    it("that ran out may be taken again by who held them, where nobody else has", async () => {
      await using opened = await open();
      const { one } = opened;
      await one.take("nova", "a");
      await expect.poll(async () => (await one.held()).size, PATIENCE).toBe(0);

      expect(await one.take("nova", "a")).toBe(true);
    });
  });
}

describeLeases("memory", async () => {
  const leases = memoryLeases({ termMs: 200, now: () => performance.now() });
  return { one: leases, other: leases, [Symbol.asyncDispose]: async () => undefined };
});

await describeWith("nats-server", "JetStream on a real server", () => {
  describeLeases("JetStream", async () => {
    const server = await natsServer();
    const options = { url: server.url, name: "test", termMs: TERM_MS };
    const [one, other] = [jetStreamLeases(options), jetStreamLeases(options)];
    return {
      one,
      other,
      [Symbol.asyncDispose]: async () => {
        await one[Symbol.asyncDispose]();
        await other[Symbol.asyncDispose]();
        await server.stop();
      },
    };
  });
});
