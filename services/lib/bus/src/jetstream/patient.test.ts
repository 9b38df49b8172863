import { describe, expect, it } from "vitest";
import { BusUnavailable } from "../bus.ts";
import { memoryBus } from "../memory/memory.ts";
import { type Opened, patient } from "./patient.ts";

const open = (closed: Promise<unknown> = new Promise(() => undefined)): Opened => ({ ...memoryBus(), closed });

const PATIENCE = { timeout: 20_000 };

describe("a bus that need not be there yet", () => {
  it("is there at once where it can be opened at once", async () => {
    await using bus = await patient(async () => open());

    expect(await bus.backlog()).toBe(0);
  });

  it("says why it is not there, and is there once it can be opened", async () => {
    let refusals = 1;
    await using bus = await patient(async () => {
      refusals -= 1;
      if (refusals >= 0) throw new BusUnavailable("nobody answers");
      return open();
    });

    await expect(bus.backlog()).rejects.toThrow("nobody answers");

    await expect.poll(() => bus.backlog().catch(() => undefined), PATIENCE).toBe(0);
  });

  it("is opened again when it was closed", async () => {
    const { promise: closed, resolve: close } = Promise.withResolvers<void>();
    let openings = 0;
    await using bus = await patient(async () => {
      openings += 1;
      return open(openings === 1 ? closed : undefined);
    });

    close();

    await expect.poll(() => openings, PATIENCE).toBe(2);
    await expect.poll(() => bus.backlog().catch(() => undefined), PATIENCE).toBe(0);
  });

  it("ends though it is being opened just then", async () => {
    const { promise: opening, resolve: finish } = Promise.withResolvers<Opened>();
    let openings = 0;
    const { promise: second, resolve: announce } = Promise.withResolvers<void>();
    const bus = await patient(() => {
      openings += 1;
      if (openings === 1) return Promise.reject(new BusUnavailable("nobody answers"));
      announce();
      return opening;
    });
    await second;

    const ended = bus[Symbol.asyncDispose]();
    finish(open());

    await ended;
  });

  it("does not go on trying after a bug", async () => {
    await expect(patient(() => Promise.reject(new TypeError("a bug")))).rejects.toThrow("a bug");
  });
});
