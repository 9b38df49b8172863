import { describe, onTestFinished } from "vitest";
import type { Bus } from "./bus.ts";
import { filling } from "./conformance/filling.ts";
import { handing } from "./conformance/handing.ts";
import { keeping } from "./conformance/keeping.ts";
import { rejecting } from "./conformance/rejecting.ts";
import { settling } from "./conformance/settling.ts";
import { stopping } from "./conformance/stopping.ts";
import type { Limits } from "./conformance/terms.ts";

/** Every bus keeps the numbered promises of the port. `open` gives an empty bus. */
export function describeBus(name: string, open: (limits?: Limits) => Promise<Bus>): void {
  const opened = async (limits?: Limits): Promise<Bus> => {
    const bus = await open(limits);
    onTestFinished(() => bus[Symbol.asyncDispose]());
    return bus;
  };

  describe(`the promises of a bus: ${name}`, () => {
    describe("what is kept", () => keeping(opened));
    describe("what is handed over", () => handing(opened));
    describe("what becomes of it", () => settling(opened));
    describe("what is set aside", () => rejecting(opened));
    describe("what there is no room for", () => filling(opened));
    describe("who stops", () => stopping(opened));
  });
}
