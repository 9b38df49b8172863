import type { Command } from "commander";
import { asked, type Door } from "../client.ts";
import { type DoorOptions, doorOf, type Surroundings, withDoor } from "./door.ts";

/** How a tool is added to the program, and how it finds the service. */
export interface Asking {
  tool(name: string, description: string): Command;
  door(options: DoorOptions): Door;
}

export const asking = (program: Command, surroundings: Surroundings): Asking => ({
  tool: (name, description) => withDoor(program.command(name).description(description)),
  door: (options) => doorOf(options, surroundings),
});

/** The answer itself, with --json as the API gave it. */
export const print = (options: DoorOptions, answer: unknown, words: () => string): void => {
  process.stdout.write(`${options.json === true ? JSON.stringify(answer, undefined, 2) : words()}\n`);
};

/** One line that replaces itself, where somebody is watching. */
export const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
};

export interface Filters {
  readonly period?: string;
  readonly project?: string;
  readonly meter?: string;
  readonly group?: string;
}

/** The filters that were given, as a query. */
export const pick = (options: Filters, names: readonly (keyof Filters)[]): string =>
  names
    .map((name) => (options[name] === undefined ? "" : `${name}=${encodeURIComponent(options[name])}`))
    .filter((term) => term !== "")
    .join("&");

/** All pages of a list. */
export async function everyItem<T>(door: Door, path: string, query: string): Promise<T[]> {
  const items: T[] = [];
  let next: string | undefined;
  do {
    const cursor = next === undefined ? "" : `&cursor=${encodeURIComponent(next)}`;
    const page = await asked<{ items: T[]; next?: string }>(door, `${path}?limit=1000&${query}${cursor}`);
    items.push(...page.items);
    next = page.next;
  } while (next !== undefined);
  return items;
}
