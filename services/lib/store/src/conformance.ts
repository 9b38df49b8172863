import { describe } from "vitest";
import { arriving } from "./conformance/arriving.ts";
import { confining } from "./conformance/confining.ts";
import { describing } from "./conformance/describing.ts";
import { freezing } from "./conformance/freezing.ts";
import { looking } from "./conformance/looking.ts";
import { measuring } from "./conformance/measuring.ts";
import { paging } from "./conformance/paging.ts";
import type { Exemptions, Opened, Place } from "./conformance/place.ts";
import { rolling } from "./conformance/rolling.ts";
import { stopping } from "./conformance/stopping.ts";
import { surviving } from "./conformance/surviving.ts";
import { clock } from "./conformance/terms.ts";

export type { Place } from "./conformance/place.ts";

/** Run by every adapter. A store that passes may be used anywhere a `SampleStore` is asked for. */
export function describeSampleStore(name: string, place: () => Promise<Place>, exempt: Exemptions = {}): void {
  const opened = async (): Promise<Opened> => {
    const here = await place();
    const store = await here.open(clock);
    return {
      store,
      here,
      [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]().then(() => here[Symbol.asyncDispose]()),
    };
  };

  describe(`SampleStore: ${name}`, () => {
    describe("what arrives", () => arriving(opened, exempt));
    describe("what survives", () => surviving(place, exempt));
    describe("what is measured", () => measuring(opened, exempt));
    describe("what is added up, and cut into pages", () => paging(opened, exempt));
    describe("what is looked at", () => looking(opened, exempt));
    describe("what is rolled up", () => rolling(opened, exempt));
    describe("what is frozen", () => freezing(place, exempt));
    describe("who sees what", () => confining(opened));
    describe("who stops waiting", () => stopping(opened));
    describe("what is told of resources", () => describing(opened));
  });
}
