import { setTimeout as pause } from "node:timers/promises";
import type { Bus } from "@raingauge/bus";
import type { Exposition } from "@raingauge/runtime";
import type { SampleStore } from "@raingauge/store";

/** What has gone into a bus and what of it has come to rest in a store. */
export interface Tally {
  readonly bus: Bus;
  readonly store: SampleStore;
  /** Messages that the bus took as new. */
  published(): number;
  /** Messages that the store took, each counted once. */
  rested(): number;
}

/** The same bus and the same store, counted. */
export function tallied(bus: Bus, store: SampleStore): Tally {
  let published = 0;
  const rested = new Set<string>();
  return {
    published: () => published,
    rested: () => rested.size,
    bus: {
      ...bus,
      publish: async (message) => {
        const outcome = await bus.publish(message);
        if (outcome === "stored") published += 1;
        return outcome;
      },
    },
    store: {
      ...store,
      append: async (arrivals) => {
        const result = await store.append(arrivals);
        for (const { position } of arrivals) rested.add(`${position.stream} ${position.sequence}`);
        return result;
      },
    },
  };
}

const LOOK_MS = 20;

/** Resolves when the condition holds. Whoever waits also says what it is that they wait for. */
export async function until(holds: () => boolean | Promise<boolean>, tell: () => void): Promise<void> {
  while (!(await holds())) {
    tell();
    await pause(LOOK_MS);
  }
}

/** The sum over all labels of one counter. */
export async function counted(exposition: Exposition, name: string): Promise<number> {
  const lines = (await exposition.text())
    .split("\n")
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  return lines.reduce((total, line) => total + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}
