import { randomInt } from "node:crypto";

/** A landing is judged by its change and not by the day's luck: all that is drawn at random is drawn from this, until we hunt. */
const SEED_OF_EVERY_DAY = 20_261_128;

/** What chance begins with, in every process of a run. `SEED=…` plays an earlier run again. */
export const seedOfRun = (): number => wholeNumber("SEED", SEED_OF_EVERY_DAY);

/** `HUNT=20` tries every property so many times as often, with what no run has drawn before. */
const hunt = (): number => wholeNumber("HUNT", 1);

/** How often a property is tried: `usual` times, and more in a hunt. */
export const runs = (usual: number): number => usual * hunt();

/** Of two sizes the one for a hunt, or for every day. */
export const inAHunt = (then: number, everyDay: number): number => (hunt() > 1 ? then : everyDay);

/** A limit that only ends what hangs, where a hunt has more to do before it. */
export const patience = (milliseconds: number): number => milliseconds * hunt();

/** For whoever starts the processes of a run, once for all of them. */
export const newSeed = (): number => (hunt() > 1 && !process.env["SEED"] ? randomInt(1, 2 ** 31) : seedOfRun());

function wholeNumber(name: string, fallback: number): number {
  const text = process.env[name] || String(fallback);
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new Error(`${name} is a whole number above 0, and not "${text}"`);
  return Number(text);
}
