import { EVERYTHING } from "@raingauge/domain";
import { reading } from "@raingauge/test/generators/reading.ts";
import { expect, it } from "vitest";
import type { SampleStore } from "../store.ts";
import type { Open } from "./place.ts";
import { arrival, DAY, hour } from "./terms.ts";

type Asking = (store: SampleStore, signal: AbortSignal) => Promise<unknown>;

const QUESTIONS: readonly { readonly name: string; readonly ask: Asking }[] = [
  { name: "points", ask: (store, signal) => store.points({ meter: "instance", period: DAY }, EVERYTHING, signal) },
  { name: "subjects", ask: (store, signal) => store.subjects({ period: DAY }, EVERYTHING, signal) },
  { name: "measure", ask: (store, signal) => store.measure({ period: DAY }, EVERYTHING, signal) },
  { name: "totals", ask: (store, signal) => store.totals({ period: DAY, by: ["project"] }, EVERYTHING, signal) },
  { name: "projects", ask: (store, signal) => store.projects(DAY, EVERYTHING, signal) },
];

/** Promise 13: whoever stops waiting is told so, and nobody else notices. */
export function stopping(open: Open): void {
  it.each(QUESTIONS)("$name rejects with the signal's reason, and the next question is answered", async ({ ask }) => {
    await using opened = await open();
    const { store } = opened;
    await store.append([arrival(1, reading({ at: hour(1) }), reading({ at: hour(2) }))]);
    const never = new AbortController().signal;
    const answer = await ask(store, never);
    const [before, meanwhile] = [new AbortController(), new AbortController()];
    before.abort(new Error("nobody waits"));

    await expect(ask(store, before.signal)).rejects.toThrow("nobody waits");
    const [stopped, other] = [ask(store, meanwhile.signal), ask(store, never)];
    meanwhile.abort(new Error("nobody waits any more"));

    // What had its answer already when the signal came may give it.
    expect(await stopped.catch(({ message }: Error) => message)).toSatisfy(
      (told) => told === "nobody waits any more" || JSON.stringify(told, bigints) === JSON.stringify(answer, bigints),
    );
    expect(await other).toEqual(answer);
    expect(await ask(store, never)).toEqual(answer);
  });
}

const bigints = (_: string, value: unknown): unknown => (typeof value === "bigint" ? String(value) : value);
