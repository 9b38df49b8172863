import type { paths } from "@raingauge/client";
import type { Command } from "commander";
import { answered, type Service, service } from "../client.ts";
import { type DoorOptions, doorOf, type Surroundings, withDoor } from "./door.ts";

/** How a tool is added to the program, and how it finds the service. */
export interface Asking {
  tool(name: string, description: string): Command;
  /** The running service, as whoever typed the command. */
  api(options: DoorOptions): Service;
}

export const asking = (program: Command, surroundings: Surroundings): Asking => ({
  tool: (name, description) => withDoor(program.command(name).description(description)),
  api: (options) => service(doorOf(options, surroundings)),
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
  readonly account?: string;
  readonly meter?: string;
  readonly group?: string;
}

/** The filters that were given, as a query. */
export const pick = <Name extends keyof Filters>(
  options: Filters,
  names: readonly Name[],
): { readonly [Each in Name]?: string } =>
  Object.fromEntries(names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]]))) as {
    readonly [Each in Name]?: string;
  };

type Answer<Path extends keyof paths> = paths[Path] extends {
  readonly get: {
    readonly responses: { readonly 200: { readonly content: { readonly "application/json": infer Body } } };
  };
}
  ? Body
  : never;
type Parameters<Path extends keyof paths> = paths[Path] extends { readonly get: { readonly parameters: infer All } }
  ? All
  : never;
type Query<Path extends keyof paths> =
  Parameters<Path> extends { readonly query?: infer Told } ? NonNullable<Told> : never;
type InPath<Path extends keyof paths> =
  Parameters<Path> extends { readonly path: infer Told } ? { readonly path: Told } : object;

/** Paths that answer with a page of items and a cursor to the next. */
type List = {
  [Path in keyof paths]: Answer<Path> extends { readonly items: readonly unknown[] } ? Path : never;
}[keyof paths];
type Item<Path extends List> = Answer<Path> extends { readonly items: readonly (infer Each)[] } ? Each : never;

/** All pages of a list. */
export async function everyItem<Path extends List>(
  api: Service,
  path: Path,
  params: InPath<Path> & { readonly query?: Omit<Query<Path>, "limit" | "cursor"> },
): Promise<Item<Path>[]> {
  // Of a path that is not known by name the compiler cannot tell what it wants; whoever calls this was asked for it.
  const get = api.GET as unknown as (path: Path, init: object) => Promise<{ readonly data?: Page<Item<Path>> }>;
  const items: Item<Path>[] = [];
  let cursor: string | undefined;
  do {
    const query = { ...params.query, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const page = await answered(get(path, { params: { ...params, query } }));
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  return items;
}

const PAGE = 1_000;

interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}
